"""时限图 (clocks chart) of an incident: each limit as a bar from where it starts, with the moment it was reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import get_language, gettext

from shudao.base.templatetags.words import lasting
from shudao.engine.charts.model import ClockRow, ClocksChart, clocks_chart
from shudao.respond.queries import Limit


def clocks_of(limits: Sequence[Limit], opened_at: datetime, now: datetime) -> ClocksChart | None:
    """The chart, or None where the plan sets no limit."""
    rows = [_row(limit, opened_at, now) for limit in sorted(limits, key=lambda row: row.due_at or row.done_at or now)]
    if not rows:
        return None
    late = sum(row.state in ("late", "missed") for row in rows)
    kept = sum(row.state == "met" for row in rows)
    title = gettext("%(all)d 个时限：%(kept)d 个按时，%(late)d 个超时") % {"all": len(rows), "kept": kept, "late": late}
    lang: Literal["zh", "en"] = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return clocks_chart(title, rows, now, lang=lang, measured=gettext("依据本事件的里程碑和预案的时限。"))


def _row(limit: Limit, opened_at: datetime, now: datetime) -> ClockRow:
    lang = "zh" if (get_language() or "zh").startswith("zh") else "en"
    start = limit.start_at or opened_at
    over = (limit.done_at or now) - limit.due_at if limit.due_at else None
    late = over is not None and over.total_seconds() > 0
    if limit.done_at:
        says = gettext("迟了 %(length)s") % {"length": lasting(over)} if late else gettext("按时")
        state = "missed" if late else "met"
    else:
        says = (
            gettext("已超时 %(length)s") % {"length": lasting(over)}
            if late
            else gettext("还剩 %(length)s") % {"length": lasting(over)}
        )
        state = "late" if late else "left"
    return ClockRow(
        name=limit.name.say(lang), start=min(start, limit.done_at or start), due=limit.due_at, done=limit.done_at,
        state=state, says=says,  # type: ignore[arg-type]
    )  # fmt: skip
