"""读数 (reading): what a written plan says, part by part, each with its paragraph (INTERFACES, `plan read`)."""

from typing import Any

import msgspec

from shudao.engine.words import Words


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base: a row cut from paragraph `src`."""


class UnitRead(_Row, frozen=True, kw_only=True):
    """单位 (unit) named in the text."""

    name: str
    src: int


class PostRead(_Row, frozen=True, kw_only=True):
    """岗位 (post) named in the text and the unit the text gives it."""

    name: str
    unit: str | None
    src: int


class DutyRead(_Row, frozen=True, kw_only=True):
    """职责 (duty) of a unit or post."""

    owner: str
    text: str
    src: int


class LimitRead(_Row, frozen=True, kw_only=True):
    """时限 (limit): `of` the words of its start, `milestone` what they mean if plain, `clock` duty for workdays."""

    minutes: int
    text: str
    src: int
    of: str | None = None
    milestone: str | None = None
    clock: str = "wall"


class CriterionRead(_Row, frozen=True, kw_only=True):
    """启动条件 (criterion) of a level, in the text's words."""

    text: str
    src: int


class LevelRead(_Row, frozen=True, kw_only=True):
    """级别 (level): its name, its place in the plan's scale (1 = most severe), the words of its criteria.

    `text` is the first criterion, empty when the text only names the level.
    """

    name: str
    rank: int
    text: str
    src: int
    criteria: tuple[CriterionRead, ...] = ()


class ReportRead(_Row, frozen=True, kw_only=True):
    """报告 (report): to whom, in what form."""

    to: str
    form: str | None
    src: int


class StepRead(_Row, frozen=True, kw_only=True):
    """规定动作 (step): who, upon what, does what. No owner in the text = None."""

    owner: str | None
    trigger: str | None
    text: str
    src: int


class SignOffRead(_Row, frozen=True, kw_only=True):
    """审签 (sign-off): who, over what."""

    by: str
    what: str | None
    src: int


class ChannelRead(_Row, frozen=True, kw_only=True):
    """渠道 (channel) of calls or public words."""

    name: str
    src: int


class VagueRead(_Row, frozen=True, kw_only=True):
    """空洞 (hole): a part that wishes for speed and sets no limit."""

    text: str
    src: int
    word: str


class OutsideRead(_Row, frozen=True, kw_only=True):
    """界外 (outside the boundary): the smallest part that asks for it, and why it is not executable here."""

    text: str
    src: int
    why: Words


class Paragraph(_Row, frozen=True, kw_only=True):
    """段落 (paragraph) of the written plan: number, text, place in the outline."""

    src: int
    number: str
    text: str
    is_heading: bool
    depth: int


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """读数 (reading) of one written plan. `unread`: paragraphs with words from which nothing was taken."""

    units: tuple[UnitRead, ...] = ()
    posts: tuple[PostRead, ...] = ()
    duties: tuple[DutyRead, ...] = ()
    limits: tuple[LimitRead, ...] = ()
    levels: tuple[LevelRead, ...] = ()
    reports: tuple[ReportRead, ...] = ()
    steps: tuple[StepRead, ...] = ()
    sign_offs: tuple[SignOffRead, ...] = ()
    channels: tuple[ChannelRead, ...] = ()
    vague: tuple[VagueRead, ...] = ()
    not_executable: tuple[OutsideRead, ...] = ()
    unread: int = 0
    paragraphs: tuple[Paragraph, ...] = ()
    title: str = ""

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The JSON of INTERFACES; the reasons of `not_executable` in `lang`."""
        value: dict[str, Any] = msgspec.to_builtins(self)
        for row in value["not_executable"]:
            row["why"] = row["why"]["zh" if lang.startswith("zh") else "en"]
        value["limits"] = [{k: v for k, v in row.items() if v is not None} for row in value["limits"]]
        return value
