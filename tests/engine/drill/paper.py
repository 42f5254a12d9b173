"""A drill on paper: the team against `advance` itself, with lists for tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shudao.engine.drill.model import Scenario, TeamScript
from shudao.engine.drill.team import moves
from shudao.engine.drill.view import (
    Move,
    SeenAlert,
    SeenDemand,
    SeenIncident,
    SeenInject,
    SeenStatement,
    SeenTask,
    View,
)
from shudao.engine.ledger import ROOT, link
from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from shudao.engine.respond.advance import advance
from shudao.engine.respond.state import OPEN, begin


class Paper:
    """One run on paper."""

    def __init__(self, plan: Plan, scenario: Scenario, team: TeamScript | None) -> None:
        self.plan, self.scenario, self.team = plan, scenario, team
        self.start = self.now = scenario.starts_at
        self.state = begin(plan)
        self.entries: list[dict[str, Any]] = []
        self.alerts: list[SeenAlert] = []
        self.injects: list[SeenInject] = []
        self.facts: list[str] = []
        self.demands: list[SeenDemand] = []
        self.statements: list[SeenStatement] = []
        self.deadlines: dict[str, datetime] = {}
        self.tasks: dict[str, datetime] = {}
        self.acked: dict[str, datetime] = {}

    def note(self, verb: str, by: str = "", happened_at: datetime | None = None, **data: Any) -> None:
        body = {"stream": "run/1", "seq": len(self.entries) + 1, "at": self.now.isoformat(), "verb": verb, "post": by}
        happened = happened_at.isoformat() if happened_at else None
        prev = self.entries[-1]["hash"] if self.entries else ROOT
        self.entries.append(link({**body, "happened_at": happened, "data": data, "prev": prev}))

    def play(self) -> list[dict[str, Any]]:
        """Run to the end of the scenario; the entries it leaves."""
        self.note("start_run", run="1", seed=1)
        end = self.start + timedelta(minutes=self.scenario.ends_after)
        waiting = list(self.scenario.injects)
        for _ in range(5000):
            while waiting and self.minute(waiting[0].at) <= self.now:
                self.send(waiting.pop(0))
            self.pass_deadlines()
            ready = [row for row in self.moves() if row.at <= self.now]
            if ready:
                self.do(ready[0])
                continue
            ahead = [row.at for row in self.moves()] + [self.minute(row.at) for row in waiting[:1]]
            self.now = min([end, *ahead, *self.deadlines.values()])
            if self.now >= end:
                self.note("finish_run", run="1")
                return self.entries
        raise AssertionError("the run does not end")

    def minute(self, count: float) -> datetime:
        return self.start + timedelta(minutes=count)

    def moves(self) -> list[Move]:
        incident = None
        if self.state.opened_at:
            steps = [run for run in self.state.steps if run.status in OPEN]
            tasks = tuple(self.task(run.step, run.opened_at or self.now) for run in steps)
            incident = SeenIncident(
                id="1", since=self.state.opened_at, closed=self.state.closed_at is not None, tasks=tasks,
                facts=tuple(self.facts), demands=tuple(self.demands), statements=tuple(self.statements))  # fmt: skip
        seen = View(start=self.start, now=self.now, alerts=tuple(self.alerts), injects=tuple(self.injects),
                    incident=incident)  # fmt: skip
        return moves(self.team, self.scenario, self.plan, seen)

    def task(self, step: str, since: datetime) -> SeenTask:
        owner = self.plan.step(step).owner
        return SeenTask(id=step, step=step, post=owner, since=since, acknowledged_at=self.acked.get(step))

    def send(self, inject: Any) -> None:
        if inject.only_if and inject.only_if.missing in self.state.milestones:
            return
        self.note("send_inject", "controller", inject=inject.id, channel=inject.channel)
        self.injects.append(SeenInject(id=inject.id, at=self.now))
        if inject.channel == "posts" and not self.alerts:
            self.note("raise_alert", alert="1")
            self.alerts.append(SeenAlert(id="1", at=self.now))

    def pass_deadlines(self) -> None:
        while due := [key for key, at in self.deadlines.items() if at <= self.now]:
            self.deadlines.pop(due[0])
            self.feed(ev.DuePassed(at=self.now, key=due[0]))

    def feed(self, event: Any) -> None:
        self.state, orders = advance(self.plan, self.state, event)
        for order in orders:
            self.carry_out(order)

    def carry_out(self, order: Any) -> None:
        match order:
            case od.OpenTask():
                self.note("start_task", task=order.step, step=order.step, post=order.post, must=order.must)
            case od.MarkTask(status="done"):
                self.note("finish_task", order.post, task=order.step, step=order.step, post=order.post)
            case od.CallPost():
                self.note("call_post", step=order.step, rung=order.rung, post=order.post)
            case od.SetDeadline():
                self.deadlines[order.key] = order.at
            case od.CancelDeadline():
                self.deadlines.pop(order.key, None)
            case od.ReachMilestone():
                self.note("reach_milestone", happened_at=order.at, milestone=order.milestone)
            case od.RaiseAlarm():
                self.note("raise_alarm", reason=order.reason, step=order.step, post=order.post)

    def do(self, move: Move) -> None:
        deed: Callable[[Move], None] | None = getattr(self, f"do_{move.verb}", None)
        if deed:
            deed(move)
        else:
            act = f"{move.verb}:{move.data['kind']}" if "kind" in move.data else move.verb
            data = {key: value for key, value in move.data.items() if not isinstance(value, float)}
            self.note(move.verb, move.post, **data)
            self.feed(ev.Acted(at=self.now, act=act, post=move.post, step=move.step or None, id=str(len(self.entries))))

    def do_acknowledge_alert(self, move: Move) -> None:
        self.note("acknowledge_alert", move.post, alert=move.on)
        self.alerts = [SeenAlert(id=row.id, at=row.at, acknowledged_at=self.now, attached=True) for row in self.alerts]

    def do_open_incident(self, move: Move) -> None:
        self.note("open_incident", move.post, origin=move.data["origin"])
        staffed = tuple(post.id for post in self.plan.posts)
        first = self.injects[0].at
        self.feed(ev.Opened(at=self.now, staffed=staffed, milestones={"first_seen": first, "detected": first}))

    def do_acknowledge_task(self, move: Move) -> None:
        self.acked[move.step] = self.now
        self.note("acknowledge_task", move.post, step=move.step)
        self.feed(ev.Acknowledged(at=self.now, step=move.step, post=move.post))

    def do_finish_task(self, move: Move) -> None:
        self.feed(ev.Finished(at=self.now, step=move.step, post=move.post))

    def do_confirm_level(self, move: Move) -> None:
        self.note("confirm_level", move.post, level=move.data["level"])
        self.feed(ev.LevelConfirmed(at=self.now, level=str(move.data["level"]), post=move.post))

    def do_add_fact(self, move: Move) -> None:
        known = {fact.id: fact for inject in self.scenario.injects for fact in inject.facts}
        fact = known.get(move.on)
        figures = {name: str(value) for name, value in fact.figures.items()} if fact else {}
        status = fact.status if fact else "not_known"
        self.note("add_fact", move.post, status=status, figures=figures, ref=move.on, fact=move.on)
        self.facts.append(move.on or "none")
        self.feed(ev.Acted(at=self.now, act="add_fact", post=move.post, step=move.step or None, id=move.on))

    def do_add_demand(self, move: Move) -> None:
        self.demands.append(SeenDemand(id=move.on, known_as=move.on, owner=move.post, since=self.now))
        self.note("add_demand", move.post, demand=move.on, owner=move.post, ref=move.on)

    def do_answer_demand(self, move: Move) -> None:
        self.note("answer_demand", move.post, demand=move.on)
        answered = next(row for row in self.demands if row.id == move.on)
        closed = SeenDemand(id=move.on, known_as=move.on, owner=answered.owner, since=answered.since, closed=True)
        self.demands = [closed if row.id == move.on else row for row in self.demands]
        if all(row.closed for row in self.demands):
            self.feed(ev.Acted(at=self.now, act="answer_demand", post=move.post, id=move.on))

    def do_draft_statement(self, move: Move) -> None:
        name = str(len(self.statements) + 1)
        figures = {key: str(value) for key, value in dict(move.data["figures"]).items()}
        self.note("draft_statement", move.post, statement=name, checklist=move.data["checklist"], figures=figures)
        kind = str(move.data["kind"] or "holding")
        self.statements.append(SeenStatement(id=name, kind=kind, state="waiting", waits_for="boss", since=self.now))
        self.feed(ev.Acted(at=self.now, act=f"draft_statement:{kind}", post=move.post, step=move.step))

    def do_approve_statement(self, move: Move) -> None:
        self.note("approve_statement", move.post, statement=move.on, stage=0, final=True)
        kind = self._statement(move.on, "approved")
        self.feed(ev.Acted(at=self.now, act=f"approve_statement:{kind}", post=move.post, id=move.on))

    def do_publish_statement(self, move: Move) -> None:
        self.note("publish_statement", move.post, statement=move.on, channel="web")
        kind = self._statement(move.on, "published")
        self.feed(ev.Acted(at=self.now, act=f"publish_statement:{kind}", post=move.post, step=move.step, id=move.on))

    def do_close_incident(self, move: Move) -> None:
        self.note("close_incident", move.post)
        self.feed(ev.Closed(at=self.now, post=move.post))

    def _statement(self, name: str, state: Any) -> str:
        """Give a statement its new state; its kind."""
        kind = next(row.kind for row in self.statements if row.id == name)
        fresh = SeenStatement(id=name, kind=kind, state=state, since=self.now)
        self.statements = [fresh if row.id == name else row for row in self.statements]
        return kind
