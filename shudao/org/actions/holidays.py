"""The table of holidays and make-up workdays."""

from collections.abc import Sequence
from datetime import date

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb
from shudao.org.actions.shifts import roll
from shudao.org.models import Holiday, ShiftRule


@verb(zh="更新节假日表", en="put holidays")
def put_holidays(act: Act, rows: Sequence[tuple[date, str, str]]) -> dict[int, int]:
    """(day, kind, name) of one or more years; each year given replaces what stood for it. Shifts that go by workdays are
    laid anew. Refused when empty, for a day written twice."""
    if not rows:
        raise refuse("表里没有一天", "the table holds no day", code="empty")
    days = [on for on, _kind, _name in rows]
    if twice := next((on for on in days if days.count(on) > 1), None):
        raise refuse(f"{twice} 写了两次", f"{twice} stands twice", code="twice")
    years = {year: sum(on.year == year for on in days) for year in sorted({on.year for on in days})}
    for year in years:
        Holiday.objects.filter(on__year=year).delete()
    Holiday.objects.bulk_create(Holiday(on=on, kind=kind, name=name[:60]) for on, kind, name in rows)
    made = roll(ShiftRule.objects.exclude(days=ShiftRule.Days.WEEKDAYS), act.now)
    act.note(years={str(year): count for year, count in years.items()}, shifts=made)
    return years
