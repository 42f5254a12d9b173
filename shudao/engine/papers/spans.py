"""历时表 (spans): how long it took from one milestone to another, beside the plan's limit; what is missing is named."""

from collections.abc import Iterator, Sequence

import msgspec

from shudao.engine.papers.model import Block, Lang, Para, Table
from shudao.engine.papers.phrases import picker, say_milestone, say_minutes
from shudao.engine.plan.model import Plan
from shudao.engine.review.lengths import Length, name_of


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """历时 (span): from what to what, in words, minutes and limit; `missing` are the milestones without a time."""

    name: str
    minutes: float | None = None
    limit: int | None = None
    is_late: bool = False
    missing: tuple[str, ...] = ()


def spans_of(lengths: Sequence[Length], plan: Plan, lang: Lang) -> tuple[Span, ...]:
    """The measures in words."""
    own = {row.id: row.name for row in plan.milestones}
    return tuple(
        Span(
            name=name_of(row, plan).say(lang), minutes=row.minutes, limit=row.limit, is_late=row.is_late,
            missing=tuple(own.get(name) or say_milestone(name, lang) for name in row.missing),
        )
        for row in lengths
    )  # fmt: skip


def spans_table(spans: Sequence[Span], lang: Lang) -> Iterator[Block]:
    """What was measured, and one line for the milestones that were not reached."""
    pick = picker(lang)
    measured = [row for row in spans if row.minutes is not None]
    if measured:
        head = (pick("从…到…", "From … to …"), pick("历时", "Took"), pick("预案时限", "The plan's limit"))
        yield Table(head=head, rows=tuple(_row(row, lang) for row in measured), widths=(3, 1.4, 1.6))
    lacking = tuple(dict.fromkeys(name for row in spans for name in row.missing))
    if lacking:
        names = pick("、", ", ").join(lacking)
        yield Para(text=pick(f"没有达到、因而量不出历时的里程碑：{names}。", f"Not reached, so not measured: {names}."))


def _row(row: Span, lang: Lang) -> tuple[str, ...]:
    late = picker(lang)("（超时）", " (late)") if row.is_late else ""
    return (
        row.name, say_minutes(row.minutes or 0, lang) + late, "—" if row.limit is None else say_minutes(row.limit, lang)
    )  # fmt: skip
