"""依据 (evidence) of a proposed level: every criterion with the values it was asked of and where each value comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shudao.engine.plan.model import Plan
from shudao.engine.words import Words
from shudao.respond.models import Fact, Incident, LevelProposal
from shudao.respond.screens import words as said

POSTS = "posts"
"""A value counted from the attached posts."""

RAISES = Words("出现下列情况的，提高一级", "what raises the level by one")
"""What stands for a condition of `upgrade_if`, which has no words of its own."""


@dataclass(frozen=True)
class ValueRow:
    """值 (value) of a measure: where it comes from in words, the place on the page that shows it, who stated it when."""

    name: Words
    value: Words | str
    basis: Words | str = ""
    place: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class CriterionRow:
    """条款 (criterion): the level it stands for, its clause and words, whether it holds (None: cannot be told)."""

    level: str
    clause: str
    text: Words | str
    holds: bool | None
    values: tuple[ValueRow, ...]


def criterion_rows(
    incident: Incident, plan: Plan, proposal: LevelProposal, names: Mapping[str, str]
) -> list[CriterionRow]:
    """All criteria of a proposal, the most severe first."""
    levels = {row.code: row.name for row in plan.levels}
    sources = proposal.sources
    keys = [row["of"].partition(":")[2] for row in sources.values() if row.get("of", "").startswith("fact:")]
    facts = {str(row.pk): row for row in Fact.objects.filter(incident=incident, pk__in=keys)} if keys else {}
    return [
        CriterionRow(
            level=levels.get(row["level"], row["level"]), clause=row["clause"], text=RAISES if row["kind"] == "upgrade" else row["text"], holds=row["holds"],
            values=tuple(_value(name, value, sources.get(name), facts, names) for name, value in row["values"].items()),
        )
        for row in proposal.evidence
    ]  # fmt: skip


def _value(
    name: str, value: Any, source: Mapping[str, str] | None, facts: Mapping[str, Fact], names: Mapping[str, str]
) -> ValueRow:
    label, told = said.MEASURES.get(name, Words(name, name)), _say(value)
    if value is None or not source:
        return ValueRow(label, told)
    kind, _, key = source.get("of", "").partition(":")
    by, at = names.get(source["by"], source["by"]), datetime.fromisoformat(source["at"])
    fact = facts.get(key) if kind == "fact" else None
    if fact:
        return ValueRow(label, told, fact.text, f"#fact-{fact.pk}", by, at)
    if kind == POSTS:
        return ValueRow(label, told, Words("数自关联信息", "counted from the attached posts"), "#posts", by, at)
    return ValueRow(label, told, "", "", by, at)


def _say(value: Any) -> Words | str:
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    return Words("不详", "not known") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
