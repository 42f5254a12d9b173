"""时限对照 (limits): each milestone beside its limit and its actual time, with the source of the limit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Literal

import msgspec

from shudao.engine.papers.model import Block, Heading, Lang, Note, Para, Table
from shudao.engine.papers.phrases import say_milestone, say_minutes, say_moment
from shudao.engine.plan.model import Limit, Plan


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """时限指标 (target): milestone `milestone` within so many minutes of `of`, when that was, and when it was reached.

    `name` and `of_name` are what the plan calls the two; without them the common names are printed.

    `due_at` is given by whoever counted it (a duty clock skips off-duty hours); without it the wall clock is taken.
    """

    milestone: str
    within: int
    of: str
    name: str = ""
    of_name: str = ""
    clock: Literal["wall", "duty"] = "wall"
    must: bool = True
    source: str = ""
    started_at: datetime | None = None
    reached_at: datetime | None = None
    due_at: datetime | None = None


Verdict = Literal["in_time", "late", "missed", "running", "not_started", "unknown"]

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "in_time": ("按时", "in time"),
    "late": ("超时", "late"),
    "missed": ("超时未完成", "overdue, not done"),
    "running": ("未到时限", "not due yet"),
    "not_started": ("未起算", "not started"),
    "unknown": ("工作时钟，未核算", "duty clock, not counted"),
}


def targets_of(
    plan: Plan, level: str, milestones: Mapping[str, datetime], due: Mapping[str, datetime] | None = None
) -> tuple[Target, ...]:
    """Every limit that the plan sets for a milestone at `level` ("" = every level), with the times reached.

    A milestone with several limits keeps each. `due` gives known due times by step id (they win over arithmetic).
    """
    found: dict[tuple[str, int, str, str], Target] = {}
    own = {row.id for row in plan.milestones}

    def take(milestone: str, limit: Limit, due_at: datetime | None = None) -> None:
        key = (milestone, limit.within, limit.of, limit.clock)
        found.setdefault(
            key,
            Target(
                milestone=milestone,
                within=limit.within,
                of=limit.of,
                name=say_milestone(milestone, plan.language, plan) if milestone in own else "",
                of_name=say_milestone(limit.of, plan.language, plan) if limit.of in own else "",
                clock=limit.clock,
                must=limit.must,
                source=limit.source,
                started_at=milestones.get(limit.of),
                reached_at=milestones.get(milestone),
                due_at=due_at,
            ),
        )

    for step in plan.steps:
        if step.sets and step.due and (not level or not step.levels or level in step.levels):
            take(step.sets, step.due, (due or {}).get(step.id))
    for superior in plan.superiors:
        for milestone, limit in (("superior_told", superior.first_oral), ("superior_written", superior.first_written)):
            if limit:
                take(milestone, limit)
    return tuple(found.values())


def due_of(target: Target) -> datetime | None:
    """When the target falls due; None while its start is unknown or the duty clock was not counted."""
    if target.due_at:
        return target.due_at
    if target.started_at is None or target.clock == "duty":
        return None
    return target.started_at + timedelta(minutes=target.within)


def judge(target: Target, now: datetime) -> Verdict:
    """Where the target stands at `now`."""
    due = due_of(target)
    if due is None:
        if target.started_at is None:
            return "not_started"
        return "unknown"
    if target.reached_at is None:
        return "missed" if now > due else "running"
    return "in_time" if target.reached_at <= due else "late"


def targets_table(
    targets: Sequence[Target], lang: Lang, zone: timezone, now: datetime, *, caption: str
) -> Iterator[Block]:
    """The table under its own heading, and a note on where the limits come from."""
    chinese = lang == "zh"
    yield Heading(text=caption)
    if not targets:
        yield Para(text="本级别的预案没有规定时限。" if chinese else "The plan sets no limit at this level.")
        return
    head = ("里程碑", "时限", "起算", "实际", "用时", "判断")
    if not chinese:
        head = ("Milestone", "Limit", "Counted from", "Actual", "Taken", "Verdict")
    rows = tuple(_row(target, lang, zone, now) for target in targets)
    yield Table(head=head, rows=rows, widths=(1.7, 1.35, 1.2, 1.75, 1.35, 1.3))
    sources = tuple(dict.fromkeys(target.source for target in targets if target.source))
    if sources:
        joined = "；".join(sources) if chinese else "; ".join(sources)
        yield Note(text=f"时限依据：{joined}。" if chinese else f"Limits come from: {joined}.")


def _row(target: Target, lang: Lang, zone: timezone, now: datetime) -> tuple[str, ...]:
    chinese = lang == "zh"
    limit = say_minutes(target.within, lang)
    if target.clock == "duty":
        limit += "（工作时间）" if chinese else " (duty hours)"
    taken = "—"
    if target.started_at and target.reached_at:
        taken = say_minutes((target.reached_at - target.started_at).total_seconds() / 60, lang)
    zh, en = VERDICTS[judge(target, now)]
    return (
        target.name or say_milestone(target.milestone, lang),
        limit,
        target.of_name or say_milestone(target.of, lang),
        say_moment(target.reached_at, lang, zone),
        taken,
        zh if chinese else en,
    )
