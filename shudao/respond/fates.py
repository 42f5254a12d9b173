"""去向 (fate): what responding tells our own people who reported something: that an incident was opened on it, no more."""

from collections.abc import Iterable

from shudao.engine.words import Words
from shudao.listen.queries.reports import fates
from shudao.respond.models import Attachment

CLOSED = Words("已开启事件并办结，谢谢", "an incident was opened on it and is closed; thank you")
OPEN = Words("已开启事件，正在处置", "an incident was opened on it and is being handled")


def of_items(items: Iterable[int]) -> dict[int, Words]:
    """Item key -> whether the incident it belongs to is still open."""
    rows = Attachment.objects.filter(item__in=list(items), incident__scene="live").order_by("pk")
    return {item: CLOSED if closed else OPEN for item, closed in rows.values_list("item_id", "incident__closed_at")}


fates.append(of_items)
