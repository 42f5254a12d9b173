"""审签 (signing): how a route of a plan is walked, the same for statements, reports and editions of the plan.

Stages come one after the other. A stage asks the yes of all its posts or of any one of them, each given by the post or
by a deputy where the stage lets deputies sign. Whoever drafted never signs; one person signs one stage, unless the
route says otherwise. The caller keeps one row a stage and post and gives them in order; nothing is decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol, TypeVar

import msgspec

from shudao.engine.plan.model import Plan, Route
from shudao.engine.words import Words

State = Literal["waiting", "approved", "returned", "spared"]
"""`spared`: another post of an "any one" stage has signed."""


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """席位 (seat): one post's place in one stage of a route."""

    stage: int
    post: str
    need: Literal["all", "any"] = "all"
    within: int | None = None
    deputies_ok: bool = True
    may_return: bool = True


class Signed(Protocol):
    """What a kept row tells of its seat."""

    stage: int
    post: str
    need: str
    state: str
    by: str
    signer: str


Row = TypeVar("Row", bound=Signed)


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """签字人 (hand): the post whose yes it is, who acts for it (a recorder, when it was said by telephone), the person."""

    post: str
    actor: str
    person: str = ""

    @property
    def is_oral(self) -> bool:
        """Said by telephone and written down by another post."""
        return self.post != self.actor


REFUSALS: dict[str, Words] = {
    "not_yours": Words("这个环节不由该岗位审签", "that stage is not signed by this post"),
    "separation": Words("起草人不得审签自己的稿子", "a drafter does not approve his own draft"),
    "twice": Words("同一人不审签两个环节", "one person does not sign two stages"),
    "oral": Words("这条路线不接受口头审签", "this route takes no oral approval"),
    "stage": Words("这个环节不能退回", "this stage may not return it"),
}
"""Why a yes or a return is refused, by code."""


def seats_of(route: Route) -> tuple[Seat, ...]:
    """The rows a route asks for, in order."""
    return tuple(
        Seat(
            stage=number, post=post, need=stage.need, within=stage.within, deputies_ok=stage.deputies_ok,
            may_return=stage.may_return,
        )
        for number, stage in enumerate(route.stages, 1)
        for post in stage.posts
    )  # fmt: skip


def signers_of(plan: Plan, post: str, *, deputies_ok: bool) -> tuple[str, ...]:
    """Posts that may sign for one: itself first, then its deputies in their order."""
    own = next((row.deputies for row in plan.posts if row.id == post), ()) if deputies_ok else ()
    return (post, *own)


def waiting(rows: Sequence[Row]) -> list[Row]:
    """The rows whose yes is asked for now: those of the first stage that is not through; none when all are."""
    open_rows = [row for row in rows if row.state == "waiting"]
    first = min((row.stage for row in open_rows), default=0)
    return [row for row in open_rows if row.stage == first]


def spared(rows: Iterable[Row], signed: Row) -> list[Row]:
    """Rows of the stage that need no yes any more, once one of an "any one" stage is given."""
    if signed.need != "any":
        return []
    return [row for row in rows if row.stage == signed.stage and row.state == "waiting" and row.post != signed.post]


def why_not(
    plan: Plan, route: Route, rows: Iterable[Signed], hand: Hand, *, signers: Iterable[str], drafters: Iterable[str]
) -> str:
    """The code (`REFUSALS`) of what stands against that hand signing now; "" when nothing does.

    `signers`: who may sign the seat; `drafters`: posts of those who drafted, and `name:` with the name of each.
    """
    if hand.post not in signers:
        return "not_yours"
    own = {hand.post, hand.actor, *([f"name:{hand.person}"] if hand.person else [])}
    if own & set(drafters):
        return "separation"
    if not route.same_person_ok and any(_same(row, hand) for row in rows if row.state == "approved"):
        return "twice"
    if hand.is_oral and not (route.urgent and route.urgent.oral_ok):
        return "oral"
    return ""


def _same(row: Signed, hand: Hand) -> bool:
    """A stage signed before by the same post, or by the same person in another one."""
    return row.by == hand.post or bool(hand.person and not hand.is_oral and row.signer == hand.person)


def urgent_minutes(route: Route) -> int:
    """Minutes within which an oral yes is written up."""
    return route.urgent.written_within if route.urgent else 0
