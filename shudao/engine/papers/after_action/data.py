"""复盘数据 (after-action data): what an after-action report may say, as plain frozen values."""

from datetime import datetime
from typing import Literal

import msgspec

from shudao.engine.papers.limits import Target
from shudao.engine.papers.model import Lang, Layout, Stamp
from shudao.engine.papers.spans import Span
from shudao.engine.review.rating import Letter, Rated


class _Data(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the data of an after-action report."""


class Taker(_Data, frozen=True, kw_only=True):
    """参演岗位 (taker): a post that acted, how often, and when first. Posts and units only, never persons."""

    post: str
    unit: str = ""
    acts: int = 0
    first_at: datetime | None = None


class Moment(_Data, frozen=True, kw_only=True):
    """时间线一行 (moment): planned and actual time of one doing, and the entries that say so ("7" or "7-9")."""

    text: str
    planned_at: datetime | None = None
    actual_at: datetime | None = None
    post: str = ""
    entries: str = ""


class Aim(_Data, frozen=True, kw_only=True):
    """目标评级 (aim): an objective with its letter, value (0 to 1, None = nothing due) and entries."""

    id: str
    title: str
    rating: Letter | None
    value: float | None
    evidence: tuple[int, ...] = ()


class Problem(_Data, frozen=True, kw_only=True):
    """问题 (problem) with its cause and the advice, each from a record; `cause` empty = still to be found."""

    problem: str
    cause: str = ""
    advice: str = ""
    evidence: tuple[int, ...] = ()


class Correction(_Data, frozen=True, kw_only=True):
    """整改项 (correction): what, whose, until when, and what will prove it."""

    what: str
    post: str
    due_at: datetime | None = None
    proof: str = ""


class AfterAction(_Data, frozen=True, kw_only=True):
    """复盘数据 (after-action data). `total` is None when nothing was due; `coverage` = due / all expectations (0 to 1).

    `worst` names the weakest expectations of `rated`, weakest first.

    `forecast` and `field` are finished lines that say what they are measured from; they never enter the score.
    """

    kind: Literal["drill", "incident"]
    matter: str
    code: str
    organisation: str
    plan: str
    edition: str
    lang: Lang = "zh"
    layout: Layout = "gbt9704"
    utc_offset: str = "+08:00"
    began_at: datetime | None = None
    ended_at: datetime | None = None
    level: str = ""
    team: str = ""
    speed: str = "1"
    summary: str = ""
    aims_set: tuple[str, ...] = ()
    takers: tuple[Taker, ...] = ()
    evaluators: tuple[str, ...] = ()
    timeline: tuple[Moment, ...] = ()
    targets: tuple[Target, ...] = ()
    spans: tuple[Span, ...] = ()
    aims: tuple[Aim, ...] = ()
    rated: tuple[Rated, ...] = ()
    worst: tuple[str, ...] = ()
    total: float | None = None
    grade: str = ""
    coverage: float | None = None
    hard_fails: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    corrections: tuple[Correction, ...] = ()
    forecast: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    stamp: Stamp | None = None
    drill: str = ""
