"""Small invented plans, and a hand to walk one with."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.advance import advance
from shudao.engine.respond.duty import NO_TABLE, Calendar
from shudao.engine.respond.orders import AnyOrder
from shudao.engine.respond.state import RunState, StepRun, begin

T0 = datetime(2031, 5, 6, 1, 0, tzinfo=UTC)
LEVELS = [
    {"code": "I", "name": "一级", "colour": "red"},
    {"code": "II", "name": "二级", "colour": "orange"},
    {"code": "III", "name": "三级", "colour": "yellow"},
]
POSTS = ("duty", "head", "deputy", "leader", "drafter", "signer", "speaker")


def minute(n: float) -> datetime:
    """That many minutes after the start."""
    return T0 + timedelta(minutes=n)


def step(step_id: str, owner: str = "duty", **more: Any) -> dict[str, Any]:
    """A step with little in it."""
    return {"id": step_id, "title": f"动作{step_id}", "phase": "处置", "owner": owner, "clause": "1.1", **more}


def limit(within: int, of: str = "detected", **more: Any) -> dict[str, Any]:
    return {"within": within, "of": of, **more}


def make_plan(*steps: dict[str, Any], **more: Any) -> Plan:
    """A plan of these steps: three levels, seven posts, `head` has the deputy `deputy`."""
    posts = [{"id": post, "name": post, "unit": "office"} for post in POSTS]
    posts[1]["deputies"] = ["deputy"]
    whole = {"id": "demo", "title": "示例", "version": "1", "status": "draft", "levels": LEVELS, "posts": posts,
             "steps": list(steps), **more}  # fmt: skip
    return msgspec.convert(whole, Plan)


class Walk:
    """One run of a plan: `walk.go(event)` returns the orders; `walk.tick(minutes)` lets its deadlines pass."""

    def __init__(self, plan: Plan, *, vacant: Iterable[str] = (), calendar: Calendar = NO_TABLE, at: datetime = T0,
                 milestones: dict[str, datetime] | None = None) -> None:  # fmt: skip
        self.plan, self.calendar = plan, calendar
        self.state: RunState = begin(plan)
        self.log: list[AnyOrder] = []
        staffed = tuple(post.id for post in plan.posts if post.id not in set(vacant))
        self.opening = self.go(ev.Opened(at=at, staffed=staffed, milestones=milestones or {"detected": at}))

    def go(self, event: ev.Event) -> tuple[AnyOrder, ...]:
        self.state, orders = advance(self.plan, self.state, event, self.calendar)
        self.log += orders
        return orders

    def tick(self, until: float) -> list[AnyOrder]:
        """Let every deadline up to that minute pass, in order."""
        orders: list[AnyOrder] = []
        while True:
            due = [(at, key) for key, at in self.state.deadlines.items() if at <= minute(until)]
            if not due:
                return orders
            at, key = min(due)
            assert self.state.now is not None
            orders += self.go(ev.DuePassed(at=max(at, self.state.now), key=key))

    def run(self, step_id: str) -> StepRun:
        return self.state.run(step_id)

    def finish(self, step_id: str, at: float, post: str = "duty") -> tuple[AnyOrder, ...]:
        return self.go(ev.Finished(at=minute(at), step=step_id, post=post))

    def act(self, act: str, at: float, post: str = "duty", **more: Any) -> tuple[AnyOrder, ...]:
        return self.go(ev.Acted(at=minute(at), act=act, post=post, **more))

    def level(self, code: str, at: float) -> tuple[AnyOrder, ...]:
        return self.go(ev.LevelConfirmed(at=minute(at), level=code, post="head"))

    def statuses(self) -> dict[str, str]:
        return {run.step: run.status for run in self.state.steps}


def of_kind(orders: Iterable[AnyOrder], kind: type) -> list[Any]:
    return [order for order in orders if isinstance(order, kind)]
