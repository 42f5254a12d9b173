"""The scripted team of the demo: takes each task of the plan as it comes and does what the step asks for."""

import random
from collections.abc import Callable
from datetime import timedelta

from shudao.base.scene import LIVE
from shudao.engine.respond.grade import propose_level as propose
from shudao.follow.actions import close_incident, settle_incident
from shudao.ledger.verbs import Actor
from shudao.org.queries import who_holds
from shudao.project.demo.life import Life
from shudao.project.demo.words import Told
from shudao.respond import actions as respond
from shudao.respond.models import Demand, Incident, Statement, Task
from shudao.respond.queries import (
    attachments_of,
    open_demands,
    open_tasks,
    prepare_briefing,
    signers_of,
    statements_of,
    waiting_approval,
    waiting_approvals,
)
from shudao.sense.queries import hits_of_topic

SILENT = timedelta(minutes=20)
"""How long the one silent post lets its call ring, so that the ladder climbs to its deputy."""


HANDFUL = 8


class Team:
    """Everyone of the sample organisation, each acting in a post he holds."""

    def __init__(self, life: Life, incident: Incident, told: Told, seed: int) -> None:
        self.life, self.incident, self.told = life, incident, told
        self.chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self.efforts: dict[str, float] = {}
        self.silent = next((row.step for row in open_tasks(incident)), "")

    def actor(self, post: str) -> Actor:
        """Whoever holds that post now."""
        holders = who_holds(post, self.life.now)
        return Actor(LIVE, post, holders[0].name if holders else "")

    def work(self) -> None:
        """One round of a few minutes: sign what waits, answer calls, finish what has taken its time."""
        self._attach()
        self._sign()
        for task in open_tasks(self.incident):
            if task.status in (Task.Status.CALLED, Task.Status.RETURNED):
                self._answer(task)
            elif self.life.now >= (task.acknowledged_at or task.opened_at) + self._effort(task):
                self._do(task)
        self.life.go_on(minutes=self.chance.randint(2, 5))

    def _attach(self) -> None:
        """The watch keeps joining to the matter what its topic goes on catching, a handful at a time."""
        hits = hits_of_topic(LIVE, "outage", self.incident.opened_at)
        known = set(attachments_of(self.incident).values_list("item_id", flat=True))
        fresh = {hit.placement.item_id: hit.placement.item for hit in hits if hit.placement.item_id not in known}
        if len(fresh) >= HANDFUL:
            respond.attach_items(self.actor("duty_officer"), self.incident, fresh.values())

    def _answer(self, task: Task) -> None:
        """Say "I have it"; the silent post's task is taken by the deputy whom the ladder called."""
        ringing = task.calls.filter(withdrawn_at=None).order_by("called_at", "pk")
        if task.step == self.silent and self.life.now < task.opened_at + SILENT:
            ringing = ringing.exclude(post=task.post)
        if call := ringing.first():
            respond.acknowledge_task(self.actor(call.post), task)

    def _effort(self, task: Task) -> timedelta:
        """How long the step takes this team: between the plan's median and 90th percentile, drawn once a task."""
        effort = self.incident.plan.step(task.step).effort
        minutes = self.chance.uniform(effort.median, effort.p90) if effort else 5.0
        return timedelta(minutes=self.efforts.setdefault(task.code, minutes))

    def _do(self, task: Task) -> None:
        act = self.incident.plan.step(task.step).act or ""
        verb, _, kind = act.partition(":")
        deed = _DEEDS.get(verb)
        if deed:
            deed(self, task, kind)
        else:
            if self.incident.plan.step(task.step).phase == "诉求":
                self._gather()
            respond.finish_task(self.actor(task.by or task.post), task)

    def _sign(self) -> None:
        for statement in statements_of(self.incident):
            while (step := waiting_approval(statement)) is not None:
                self.life.go_on(minutes=self.chance.randint(3, 8))
                post = step.post if step.post in signers_of(step) else min(signers_of(step))
                respond.approve_statement(self.actor(post), statement)
                statement.refresh_from_db()

    def _gather(self) -> None:
        for text, owner in self.told.demands:
            respond.add_demand(self.actor("service_head"), self.incident, text=text, owner=owner)

    def _facts(self, task: Task, _kind: str) -> None:
        for status, text, figures in self.told.facts:
            respond.add_fact(self._doer(task), self.incident, status=status, text=text, figures=figures, step=task.step)

    def _level(self, task: Task, _kind: str) -> None:
        level = propose(self.incident.plan, self.told.measures).level
        respond.propose_level(self._doer(task), self.incident, facts=self.told.measures)
        respond.confirm_level(self._doer(task), self.incident, level=level)

    def _superior(self, task: Task, _kind: str) -> None:
        respond.tell_superior(self._doer(task), self.incident, manner="phone")

    def _briefing(self, task: Task, kind: str) -> None:
        paper = prepare_briefing(self.incident, self.life.now, kind=kind or "first")
        document = respond.report(self._doer(task), self.incident, paper=paper)
        while rows := waiting_approvals(document):
            self.life.go_on(minutes=self.chance.randint(3, 8))
            respond.approve_briefing(self.actor(rows[0].post), document)

    def _meeting(self, task: Task, _kind: str) -> None:
        posts = [post.id for post in self.incident.plan.posts[:4]]
        respond.hold_meeting(self._doer(task), self.incident, decision=self.told.decision, present=posts)

    def _draft(self, task: Task, _kind: str) -> None:
        marks = dict.fromkeys(respond.statement.CHECKLIST, True)
        figures = self.told.facts[0][2]
        first = not statements_of(self.incident).exists()
        text = self.told.holding if first else self.told.statement
        respond.draft_statement(
            self._doer(task), self.incident, text=text, checklist=marks, figures=figures, step=task.step
        )

    def _publish(self, task: Task, _kind: str) -> None:
        channel = next(row.id for row in self.incident.plan.channels if row.public)
        for statement in statements_of(self.incident).filter(state=Statement.State.APPROVED):
            respond.publish_statement(self._doer(task), statement, channel=channel)

    def _demands(self, task: Task, _kind: str) -> None:
        for demand in open_demands(self.incident):
            self.life.go_on(minutes=self.chance.randint(5, 20))
            self._reply(demand)
        task.refresh_from_db()
        if task.is_open:
            respond.finish_task(self._doer(task), task)

    def _reply(self, demand: Demand) -> None:
        respond.answer_demand(self.actor(demand.owner), demand, text=self.told.answers[demand.text])

    def _settle(self, task: Task, _kind: str) -> None:
        settle_incident(self._doer(task), self.incident)

    def _close(self, task: Task, _kind: str) -> None:
        close_incident(self._doer(task), self.incident)

    def _doer(self, task: Task) -> Actor:
        return self.actor(task.by or task.post)


_DEEDS: dict[str, Callable[[Team, Task, str], None]] = {
    "add_fact": Team._facts,
    "confirm_level": Team._level,
    "tell_superior": Team._superior,
    "send_briefing": Team._briefing,
    "hold_meeting": Team._meeting,
    "draft_statement": Team._draft,
    "publish_statement": Team._publish,
    "approve_statement": lambda *_: None,
    "answer_demand": Team._demands,
    "settle_incident": Team._settle,
    "close_incident": Team._close,
}
