"""队伍 (team): players without people, as one pure function from what is seen to the moves they will make.

`none` does nothing, `ideal` does everything a minute after it could, `scripted` follows the scenario's own script, a
file follows itself. A team knows only its view and the scenario's words; it acts through public verbs alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shudao.engine.drill.model import FieldDemand, FieldFact, Scenario, TeamScript
from shudao.engine.drill.view import Move, SeenIncident, SeenTask, View
from shudao.engine.plan.model import Plan
from shudao.engine.words import BadInput, Words

IDEAL = TeamScript(name="ideal", react=1)
CHECKLIST = ("known", "not_known", "doing", "next_update_at", "contact", "empathy")


def team_named(name: str, scenario: Scenario) -> TeamScript | None:
    """The team of that name; None for `none`. BadInput for an unknown one."""
    if name == "none":
        return None
    if name == "ideal":
        return IDEAL
    if name == "scripted":
        return scenario.script
    mend = Words("用 scripted、none、ideal 或队伍文件", "use scripted, none, ideal or a team file")
    raise BadInput(Words(f"没有“{name}”这支队伍", f"there is no team “{name}”"), where="--team", mend=mend)


def moves(team: TeamScript | None, scenario: Scenario, plan: Plan, view: View) -> list[Move]:
    """All moves the team will make from what it sees now, earliest first; those not in its past come at `now`."""
    if team is None:
        return []
    found = list(_Player(team, scenario, plan, view).moves())
    return sorted(found, key=lambda row: (row.at, row.verb, row.step, row.on))


class _Player:
    """One reading of a view."""

    def __init__(self, team: TeamScript, scenario: Scenario, plan: Plan, view: View) -> None:
        self.team, self.scenario, self.plan, self.view = team, scenario, plan, view
        self.watch = next((row.to for row in scenario.injects if row.to), plan.posts[0].id if plan.posts else "")

    def moves(self) -> Iterator[Move]:
        yield from self._alerts()
        incident = self.view.incident
        if incident is None:
            yield from self._opening()
            return
        if incident.closed:
            return
        yield from self._attaching()
        yield from self._facts(incident)
        yield from self._demands(incident)
        yield from self._approvals(incident)
        for task in incident.tasks:
            yield from self._task(incident, task)

    def after(self, since: datetime, *names: str) -> datetime:
        """When the team gets to a thing seen at `since`: by the first of its names that has a delay, else `react`."""
        delay = next((self.team.delays[name] for name in names if name in self.team.delays), self.team.react)
        return max(self.view.now, since + timedelta(minutes=delay))

    def plays(self, *names: str) -> bool:
        """Whether the team does this at all."""
        return not any(name in self.team.skip for name in names)

    def _alerts(self) -> Iterator[Move]:
        for alert in self.view.alerts:
            if alert.acknowledged_at is None and self.plays("acknowledge_alert"):
                at = self.after(alert.at, "acknowledge_alert")
                yield Move(at=at, verb="acknowledge_alert", post=self.watch, on=alert.id)

    def _attaching(self) -> Iterator[Move]:
        """What an alert shows is put with the incident that is open already."""
        for alert in self.view.alerts:
            if alert.acknowledged_at and not alert.attached and self.plays("attach_items"):
                at = self.after(alert.acknowledged_at, "attach_items")
                yield Move(at=at, verb="attach_items", post=self.watch, on=alert.id)

    def _opening(self) -> Iterator[Move]:
        """Open on the first alert taken, or on the first call that is reason enough."""
        if not self.plays("open_incident"):
            return
        taken = [row for row in self.view.alerts if row.acknowledged_at]
        if taken and taken[0].acknowledged_at:
            at = self.after(taken[0].acknowledged_at, "open_incident")
            yield Move(at=at, verb="open_incident", post=self.watch, on=taken[0].id, data={"origin": "alert"})
        for seen in self.view.injects:
            inject = self.scenario.inject(seen.id)
            if inject.opens:
                at = self.after(seen.at, "open_incident")
                yield Move(at=at, verb="open_incident", post=inject.to or self.watch, data={"origin": inject.opens,
                           "inject": inject.id})  # fmt: skip
                return

    def known_facts(self) -> list[tuple[datetime, FieldFact]]:
        """Facts that the place of the matter has reported so far."""
        return [(seen.at, fact) for seen in self.view.injects for fact in self.scenario.inject(seen.id).facts]

    def _facts(self, incident: SeenIncident) -> Iterator[Move]:
        """Facts that come in after the first check are put on the sheet as they come."""
        if not self.plays("add_fact") or not incident.facts:
            return
        for since, fact in self.known_facts():
            if fact.id not in incident.facts:
                at = self.after(max(since, incident.since), "add_fact")
                yield Move(at=at, verb="add_fact", post=self._keeper("add_fact"), on=fact.id)

    def _keeper(self, act: str) -> str:
        """The post whose step has that act, else the one on watch."""
        return next((row.owner for row in self.plan.steps if (row.act or "").split(":")[0] == act), self.watch)

    def _demands(self, incident: SeenIncident) -> Iterator[Move]:
        taken = {row.known_as for row in incident.demands}
        for since, demand in self._raised():
            if demand.id not in taken and self.plays("add_demand"):
                at = self.after(max(since, incident.since), "add_demand")
                yield Move(at=at, verb="add_demand", post=self._owner(demand), on=demand.id)
        for row in incident.demands:
            if not row.closed and self.plays("answer_demand"):
                at = self.after(row.since, f"answer:{row.known_as}", "answer_demand")
                yield Move(at=at, verb="answer_demand", post=row.owner, on=row.id, data={"known_as": row.known_as})

    def _raised(self) -> list[tuple[datetime, FieldDemand]]:
        return [(seen.at, demand) for seen in self.view.injects for demand in self.scenario.inject(seen.id).demands]

    def _owner(self, demand: FieldDemand) -> str:
        default = self.plan.demands.owner if self.plan.demands else self.watch
        return demand.owner or default

    def _approvals(self, incident: SeenIncident) -> Iterator[Move]:
        """Stage by stage, each post for itself; a delay may be written for the post, for the step, or for the verb."""
        for row in incident.statements:
            step = self._step_for("approve_statement", row.kind)
            if row.state == "waiting" and self.plays(step, "approve_statement"):
                at = self.after(row.since, f"approve:{row.waits_for}", step, "approve_statement")
                yield Move(at=at, verb="approve_statement", post=row.waits_for, on=row.id, data={"stage": row.stage})

    def _step_for(self, verb: str, kind: str) -> str:
        """The plan's step that this verb completes for a document of that kind, "" for none."""
        acts = {row.act: row.id for row in reversed(self.plan.steps) if row.act}
        return acts.get(f"{verb}:{kind}") or acts.get(verb, "")

    def _task(self, incident: SeenIncident, task: SeenTask) -> Iterator[Move]:
        if task.acknowledged_at is None and self.plays("acknowledge_task", f"acknowledge:{task.step}"):
            at = self.after(task.since, f"acknowledge:{task.step}", "acknowledge_task")
            yield Move(at=at, verb="acknowledge_task", post=task.post, on=task.id, step=task.step)
        act = self.plan.step(task.step).act or "finish_task"
        verb = act.split(":")[0]
        if not self.plays(task.step, verb, act):
            return
        earliest = self.view.start + timedelta(minutes=self.scenario.earliest.get(task.step, 0))
        at = max(earliest, self.after(task.since, task.step, act, verb))
        yield from self._deed(incident, task, act, at)

    def _deed(self, incident: SeenIncident, task: SeenTask, act: str, at: datetime) -> Iterator[Move]:
        verb, _, kind = act.partition(":")
        if verb == "publish_statement":
            yield from self._publishing(incident, task, kind, at)
        elif verb == "add_fact":
            yield from self._checking(incident, task, at)
        elif verb == "answer_demand":
            yield from self._no_demand(incident, task, at)
        elif verb != "approve_statement":  # that is done stage by stage in _approvals
            data = self._data(incident, verb, kind)
            yield Move(at=at, verb=verb, post=task.post, on=task.id, step=task.step, data=data)

    def _data(self, incident: SeenIncident, verb: str, kind: str) -> dict[str, object]:
        if verb == "confirm_level":
            return {"level": self.team.level or self.scenario.key.level}
        if verb == "draft_statement":
            return self._statement(incident, kind)
        return {"kind": kind} if kind else {}

    def _publishing(self, incident: SeenIncident, task: SeenTask, kind: str, at: datetime) -> Iterator[Move]:
        for row in incident.statements:
            if row.state == "approved" and kind in ("", row.kind):
                yield Move(at=at, verb="publish_statement", post=task.post, on=row.id, step=task.step)

    def _checking(self, incident: SeenIncident, task: SeenTask, at: datetime) -> Iterator[Move]:
        """Put every reported fact on the sheet; when the place has reported none, that itself is written down."""
        new = [fact for _, fact in self.known_facts() if fact.id not in incident.facts]
        for fact in new[:1]:
            yield Move(at=at, verb="add_fact", post=task.post, on=fact.id, step=task.step)
        if not new:
            yield Move(at=at, verb="add_fact", post=task.post, step=task.step, data={"status": "not_known"})

    def _no_demand(self, incident: SeenIncident, task: SeenTask, at: datetime) -> Iterator[Move]:
        """Answers complete the step by themselves; where nobody asked anything, it is finished as it stands."""
        open_ones = any(not row.closed for row in incident.demands)
        raised = {demand.id for _, demand in self._raised()}
        if not open_ones and raised <= {row.known_as for row in incident.demands}:
            yield Move(at=at, verb="finish_task", post=task.post, on=task.id, step=task.step)

    def _statement(self, incident: SeenIncident, kind: str) -> dict[str, object]:
        """Marks and figures of the draft: the sheet's figures, with what the team gets wrong or leaves out."""
        sheet = [fact for _, fact in self.known_facts() if fact.id in incident.facts]
        figures = {name: value for fact in sheet for name, value in fact.figures.items()}
        marks = {name: name not in self.team.leave_out for name in CHECKLIST}
        return {"kind": kind, "checklist": marks, "figures": {**figures, **self.team.figures}}
