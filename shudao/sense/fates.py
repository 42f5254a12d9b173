"""去向 (fate): what sensing tells our own people who reported something: which alert their report stands behind."""

from collections.abc import Iterable

from shudao.engine.words import Words
from shudao.listen.queries.reports import fates
from shudao.sense.models import AlertItem


def of_items(items: Iterable[int]) -> dict[int, Words]:
    """Item key -> the latest alert it stands behind."""
    rows = (
        AlertItem.objects.filter(item__in=list(items)).order_by("alert__number").values_list("item_id", "alert__number")
    )
    return {item: Words(f"已并入预警 {number}", f"joined to alert {number}") for item, number in rows}


fates.append(of_items)
