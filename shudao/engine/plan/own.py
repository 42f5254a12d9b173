"""一家单位自己的预案 (an office's own plan): a shipped plan put into the office's name, and a written plan put into the
frame of a shipped one. Both give drafts; nothing is in force before it is signed.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from shudao.engine.plan.model import NotExecutable, Plan, Section
from shudao.engine.plan.read.draft import draft_folder
from shudao.engine.plan.read.reading import Reading
from shudao.engine.plan.yaml_text import read_yaml

T = TypeVar("T")
REFERENCES = frozenset({
    "id", "key", "code", "kind", "unit", "owner", "levels", "level", "expr", "when", "act", "to", "posts", "post",
    "deputies", "not_same_as", "after", "after_any", "ladder", "sets", "of", "outputs", "route", "by", "confirm_by",
    "status", "version", "approved_by", "until", "if_", "approve", "archive", "channels", "fallback", "final",
})  # fmt: skip
"""Fields that point or compute; a name put for another never changes them."""


def for_organisation(plan: Plan, name: str, version: str) -> Plan:
    """The plan as a draft edition of another organisation: its name wherever the plan's own stood, unsigned."""
    renamed = rename_text(plan, plan.organisation, name) if plan.organisation and name else plan
    return msgspec.structs.replace(
        renamed,
        status="draft",
        version=version,
        organisation=name or plan.organisation,
        doc_no="",
        effective_from="",
        not_executable=_unsigned(renamed.not_executable),
    )


def framed(frame: Plan, reading: Reading, name: str, version: str) -> Plan:
    """A draft with the steps, limits, posts and ladders of `frame` and the text of a written plan.

    The frame's paragraph numbers point into its own text, so they go; lines outside the boundary come from what was
    read, and nobody has taken note of them yet.
    """
    own = for_organisation(frame, name, version)
    sections, outside = _text_of(reading)
    bare: Plan = _without_places(own)
    return msgspec.structs.replace(
        bare,
        title=reading.title or own.title,
        sections=sections,
        not_executable=outside,
        basis=(),
        changelog=(),
        parent=None,
    )


def rename_text(value: T, before: str, after: str) -> T:
    """The value with one name put for another in every text it holds."""
    return _walk(value, lambda text: text.replace(before, after))  # type: ignore[no-any-return]


def rename_part(plan: Plan, part: str, key: str, name: str) -> Plan:
    """The plan with another name for one of its units or posts, and for nothing else."""
    rows = tuple(msgspec.structs.replace(row, name=name) if row.id == key else row for row in getattr(plan, part))
    return msgspec.structs.replace(plan, **{part: rows})


def next_version(day: str, taken: Iterable[str]) -> str:
    """A version named after a day; with a number when that day has one already."""
    held = set(taken)
    number = 1
    while (found := day if number == 1 else f"{day}-{number}") in held:
        number += 1
    return found


def _unsigned(rows: tuple[NotExecutable, ...]) -> tuple[NotExecutable, ...]:
    return tuple(msgspec.structs.replace(row, acknowledged_by="") for row in rows)


def _text_of(reading: Reading) -> tuple[tuple[Section, ...], tuple[NotExecutable, ...]]:
    """Sections and lines outside the boundary, as the draft folder of a reading holds them."""
    files = draft_folder(reading, "plan")
    head = read_yaml(files["plan.yaml"], "plan.yaml")
    text = read_yaml(files["sections.yaml"], "sections.yaml")
    sections = msgspec.convert((text or {}).get("sections", []), tuple[Section, ...])
    return sections, msgspec.convert(head.get("not_executable", []), tuple[NotExecutable, ...])


def _walk(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, msgspec.Struct):
        wordy = [name for name in value.__struct_fields__ if name not in REFERENCES]
        held = {name: _walk(getattr(value, name), change) for name in wordy}
        return msgspec.structs.replace(value, **held)
    if isinstance(value, tuple):
        return tuple(_walk(row, change) for row in value)
    return value


def _without_places(value: Any) -> Any:
    """The value with every `src` emptied."""
    if isinstance(value, msgspec.Struct):
        fields = value.__struct_fields__
        held = {name: None if name == "src" else _without_places(getattr(value, name)) for name in fields}
        return msgspec.structs.replace(value, **held)
    if isinstance(value, tuple):
        return tuple(_without_places(row) for row in value)
    return value
