"""所见 (view): what players of a run can see at a moment. A team decides from this alone; data only."""

from datetime import datetime
from typing import Literal

import msgspec


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is seen."""


class SeenAlert(Seen, frozen=True, kw_only=True):
    """预警 (alert): when it was raised and, if so, acknowledged; whether its items lie with the incident."""

    id: str
    at: datetime
    acknowledged_at: datetime | None = None
    attached: bool = False


class SeenInject(Seen, frozen=True, kw_only=True):
    """来件 (incoming): an inject that reached the players at `at`."""

    id: str
    at: datetime


class SeenTask(Seen, frozen=True, kw_only=True):
    """任务 (task) that is open: its step, the post that should do it, since when, and who took it."""

    id: str
    step: str
    post: str
    since: datetime
    acknowledged_at: datetime | None = None


class SeenDemand(Seen, frozen=True, kw_only=True):
    """诉求 (demand) on the incident: `known_as` is the scenario's id for it, "" for any other."""

    id: str
    known_as: str
    owner: str
    since: datetime
    closed: bool = False


class SeenStatement(Seen, frozen=True, kw_only=True):
    """声明 (statement): where it stands, which post's yes it waits for, since when."""

    id: str
    kind: str
    state: Literal["waiting", "approved", "returned", "published"]
    waits_for: str = ""
    stage: int = 0
    since: datetime


class SeenIncident(Seen, frozen=True, kw_only=True):
    """事件 (incident) as the room shows it. `facts`: the scenario's ids of facts already on the sheet."""

    id: str
    since: datetime
    level: str = ""
    closed: bool = False
    tasks: tuple[SeenTask, ...] = ()
    facts: tuple[str, ...] = ()
    demands: tuple[SeenDemand, ...] = ()
    statements: tuple[SeenStatement, ...] = ()


class View(Seen, frozen=True, kw_only=True):
    """所见 (view) of the whole run at `now`; `start` is minute 0."""

    start: datetime
    now: datetime
    alerts: tuple[SeenAlert, ...] = ()
    injects: tuple[SeenInject, ...] = ()
    incident: SeenIncident | None = None


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """一着 (move): a public verb that a post will do at a time, upon what, with which plain values."""

    at: datetime
    verb: str
    post: str
    on: str = ""
    step: str = ""
    data: dict[str, object] = {}
