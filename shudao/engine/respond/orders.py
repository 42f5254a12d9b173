"""指令 (orders): what a world must do after an event. Data only; each is harmless when carried out twice."""

from datetime import datetime
from typing import Literal

import msgspec

from shudao.engine.respond.state import Status
from shudao.engine.words import Words

AlarmReason = Literal["vacant", "unanswered", "ladder_exhausted", "overdue", "level_assumed", "loop", "too_few"]

ALARM_WORDS: dict[str, Words] = {
    "vacant": Words("岗位无人", "nobody holds the post"),
    "unanswered": Words("规定时间内无人应答", "nobody answered in time"),
    "ladder_exhausted": Words("呼叫梯次已到头, 仍无人应答", "the ladder has ended and nobody answered"),
    "overdue": Words("已超时限", "the limit has passed"),
    "level_assumed": Words("无人确认级别, 暂按默认级别办理", "nobody confirmed the level; the default holds"),
    "too_few": Words("在岗的人数达不到规定的应答数", "fewer hold the posts than must answer"),
    "loop": Words("预案的自动步骤成环, 已停下", "automatic steps of the plan form a loop; stopped"),
}


class Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="order"):
    """Base of all orders."""


class OpenTask(Order, frozen=True, kw_only=True, tag=True):
    """Open the task of a step's round, or open it again after what it waits upon came back."""

    step: str
    round: int
    post: str
    must: bool
    due_at: datetime | None = None
    assumed: bool = False


class AmendTask(Order, frozen=True, kw_only=True, tag=True):
    """A new edition says an open task in other words, gives it to another post or weighs it otherwise."""

    step: str
    round: int
    post: str
    must: bool
    due_at: datetime | None = None
    assumed: bool = False


class CountAnswer(Order, frozen=True, kw_only=True, tag=True):
    """A called post has answered without taking the step: more answers are wanted, or its owner has answered before."""

    step: str
    round: int
    post: str


class MarkTask(Order, frozen=True, kw_only=True, tag=True):
    """The task has a new status. `at` is when that happened."""

    step: str
    round: int
    status: Status
    post: str
    at: datetime
    reason: str = ""


class CallPost(Order, frozen=True, kw_only=True, tag=True):
    """Call a post. `rung` counts from 0; the ladder's final post has the rung after the last."""

    step: str
    round: int
    rung: int
    cycle: int
    post: str
    channels: tuple[str, ...] = ()


class StopCalls(Order, frozen=True, kw_only=True, tag=True):
    """Somebody has it, or nobody is needed any more: withdraw the calls still open."""

    step: str
    round: int


class SetDeadline(Order, frozen=True, kw_only=True, tag=True):
    """Send `DuePassed(key)` at that time; replaces an earlier time of the same key.

    `assumed`: the duty clock had to guess holidays of a year that its table does not know.
    """

    key: str
    at: datetime
    assumed: bool = False


class CancelDeadline(Order, frozen=True, kw_only=True, tag=True):
    """That deadline needs no watch any more."""

    key: str


class ReachMilestone(Order, frozen=True, kw_only=True, tag=True):
    """A milestone is reached for the first time, at that moment."""

    milestone: str
    at: datetime


class RaiseAlarm(Order, frozen=True, kw_only=True, tag=True):
    """Something a person must see at once; never a silent default."""

    reason: AlarmReason
    step: str
    post: str = ""


class AssumeLevel(Order, frozen=True, kw_only=True, tag=True):
    """Nobody confirmed a level in time: the plan's default holds until somebody does."""

    level: str


AnyOrder = (
    OpenTask | AmendTask | MarkTask | CountAnswer | CallPost | StopCalls | SetDeadline | CancelDeadline
    | ReachMilestone | RaiseAlarm | AssumeLevel
)  # fmt: skip
