"""事情 (events): what can happen to a run of a plan. Data only; every world makes the same ones.

`at` is when the run learns of it, never before the event before; `happened_at` is when it took place, where a person
reports later. `id` tells two otherwise equal events of one instant apart; give it wherever a clock may stand still.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from shudao.engine.plan.expr import Value


class Happening(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", omit_defaults=True):
    """Base of all events."""

    at: datetime
    id: str = ""


class Opened(Happening, frozen=True, kw_only=True, tag=True):
    """The incident is opened. `staffed`: posts that somebody holds now; a post not named is vacant."""

    staffed: tuple[str, ...]
    milestones: Mapping[str, datetime] = {}
    facts: Mapping[str, Value] = {}


class Staffed(Happening, frozen=True, kw_only=True, tag=True):
    """Who holds a post has changed: post -> whether somebody holds it now."""

    posts: Mapping[str, bool]


class FactsKnown(Happening, frozen=True, kw_only=True, tag=True):
    """Facts that expressions ask for have a new value."""

    values: Mapping[str, Value]


class LevelConfirmed(Happening, frozen=True, kw_only=True, tag=True):
    """An authorised post confirms or changes the level; also completes the step whose act is `confirm_level`."""

    level: str
    post: str
    happened_at: datetime | None = None


class MilestoneReached(Happening, frozen=True, kw_only=True, tag=True):
    """A milestone is reached by something the plan has no step for. The first time counts."""

    milestone: str
    happened_at: datetime | None = None


class Acknowledged(Happening, frozen=True, kw_only=True, tag=True):
    """A called post answers: it has the step."""

    step: str
    post: str


class NextCalled(Happening, frozen=True, kw_only=True, tag=True):
    """Somebody does not wait for the ladder: the next rung of a step is called now."""

    step: str


class Started(Happening, frozen=True, kw_only=True, tag=True):
    """A post begins the work."""

    step: str
    post: str


class Submitted(Happening, frozen=True, kw_only=True, tag=True):
    """The work is handed in and waits for somebody's yes."""

    step: str
    post: str


class Returned(Happening, frozen=True, kw_only=True, tag=True):
    """Handed-in or finished work comes back with a reason; open steps that wait upon it wait again."""

    step: str
    post: str
    reason: str = ""


class Finished(Happening, frozen=True, kw_only=True, tag=True):
    """The step is done."""

    step: str
    post: str
    happened_at: datetime | None = None


class Skipped(Happening, frozen=True, kw_only=True, tag=True):
    """The step is left out, by a post, for a reason."""

    step: str
    post: str
    reason: str


class Acted(Happening, frozen=True, kw_only=True, tag=True):
    """A verb that may complete a step was done, e.g. `tell_superior` or `send_briefing:first`."""

    act: str
    post: str
    step: str | None = None
    happened_at: datetime | None = None


class DuePassed(Happening, frozen=True, kw_only=True, tag=True):
    """A deadline that an order set has come. Harmless when early, late, or said twice."""

    key: str


class PlanChanged(Happening, frozen=True, kw_only=True, tag=True):
    """Another edition of the plan holds from now on; `advance` is given that one. See `replan.Shift` for the rest."""

    post: str
    staffed: tuple[str, ...]
    recall: tuple[str, ...] = ()
    amend: tuple[str, ...] = ()
    met: Mapping[str, datetime] = {}


class Closed(Happening, frozen=True, kw_only=True, tag=True):
    """The incident is closed; nothing is ordered afterwards."""

    post: str


Event = (
    Opened | Staffed | FactsKnown | LevelConfirmed | MilestoneReached | Acknowledged | NextCalled | Started | Submitted
    | Returned | Finished | Skipped | Acted | DuePassed | PlanChanged | Closed
)  # fmt: skip
