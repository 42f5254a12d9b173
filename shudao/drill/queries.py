"""Reading runs: what is due next, what has reached the players."""

from datetime import datetime, timedelta

from shudao.base import clock
from shudao.drill.models import InjectRow, Run
from shudao.engine.drill.view import SeenAlert, SeenDemand, SeenIncident, SeenInject, SeenStatement, SeenTask, View
from shudao.ledger.queries import entries_of
from shudao.respond.models import ApprovalStep, Demand, Incident, Statement, Task
from shudao.respond.queries import attachments_of, demands_of, facts_of, open_tasks, statements_of
from shudao.sense.models import Alert
from shudao.sense.queries import alerts, last_number


def runs() -> list[Run]:
    """All runs, newest first."""
    return list(Run.objects.select_related("edition", "score"))


def run_of(code: str) -> Run | None:
    """The run of that code."""
    return Run.objects.select_related("edition").filter(code=code).first()


def running() -> list[Run]:
    """Runs whose clock goes by itself."""
    return list(Run.objects.filter(state=Run.State.RUNNING).select_related("edition"))


def next_inject_at(run: Run) -> datetime | None:
    """When the next row of the run falls due."""
    rows = InjectRow.objects.in_scene(run.scene).filter(done_at=None)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def due_row(run: Run, now: datetime) -> InjectRow | None:
    """The earliest row of the run whose moment has come."""
    rows = InjectRow.objects.in_scene(run.scene).filter(done_at=None, due_at__lte=now)
    return rows.order_by("due_at", "pk").select_related("run").first()


def seen_injects(run: Run) -> tuple[SeenInject, ...]:
    """Injects that have reached the players, in order."""
    rows = InjectRow.objects.in_scene(run.scene).filter(wave=0, state=InjectRow.State.SENT).order_by("sent_at", "pk")
    return tuple(SeenInject(id=row.inject, at=row.sent_at) for row in rows if row.sent_at)


def seen_count(run: Run) -> tuple[int, int]:
    """How many injects and how many alerts have reached the players."""
    sent = InjectRow.objects.in_scene(run.scene).filter(wave=0, state=InjectRow.State.SENT).count()
    return sent, last_number(run.scene)


def condition_holds(row: InjectRow, now: datetime) -> bool:
    """Whether an inject is to be sent: it has no condition, or its milestone is still missing when it should not be."""
    asked = row.run.scenario.inject(row.inject).only_if
    if asked is None:
        return True
    start = row.run.started_at or now
    return now >= start + timedelta(minutes=asked.after) and asked.missing not in milestones_in(row.run)


def milestones_in(run: Run) -> set[str]:
    """Milestones the run has reached so far."""
    rows = entries_of(run.stream)
    return {str(row["data"].get("milestone")) for row in rows if row["verb"] == "reach_milestone"}


def sent_at(run: Run, inject: str) -> datetime:
    """When an inject went out."""
    row = InjectRow.objects.in_scene(run.scene).get(inject=inject, wave=0)
    return row.sent_at or row.due_at


def incident_of(run: Run) -> Incident | None:
    """The run's incident: the first that was opened in its scene."""
    return Incident.objects.in_scene(run.scene).order_by("pk").first()


def alert_of(run: Run, number: str) -> Alert:
    """An alert of the run by its number."""
    return alerts(run.scene).get(number=int(number))


def task_of(run: Run, key: str) -> Task:
    """A task of the run's incident."""
    return Task.objects.select_related("incident__plan_copy").get(pk=int(key), incident__scene=run.scene.key)


def demand_of(run: Run, key: str) -> Demand:
    """A demand of the run's incident."""
    return Demand.objects.select_related("incident__plan_copy").get(pk=int(key), incident__scene=run.scene.key)


def statement_of(run: Run, key: str) -> Statement:
    """A statement of the run's incident."""
    return Statement.objects.select_related("incident__plan_copy").get(pk=int(key), incident__scene=run.scene.key)


def view_of(run: Run) -> View:
    """What the players of a run can see now: what the pages show them, and nothing of what is still to come."""
    now = clock.now(run.scene)
    incident = incident_of(run)
    return View(
        start=run.started_at or now,
        now=now,
        alerts=_seen_alerts(run, incident),
        injects=seen_injects(run),
        incident=_seen_incident(incident) if incident else None,
    )


def _seen_alerts(run: Run, incident: Incident | None) -> tuple[SeenAlert, ...]:
    rows = alerts(run.scene).filter(dismissed_at=None).prefetch_related("evidence").order_by("number")
    held = set(attachments_of(incident).values_list("item_id", flat=True)) if incident else set()
    return tuple(
        SeenAlert(
            id=row.code,
            at=row.raised_at,
            acknowledged_at=row.acknowledged_at,
            attached=all(one.item_id in held for one in row.evidence.all()),
        )
        for row in rows
    )


def _seen_incident(incident: Incident) -> SeenIncident:
    return SeenIncident(
        id=incident.number,
        since=incident.opened_at,
        level=incident.level,
        closed=not incident.is_open,
        tasks=tuple(_seen_task(row) for row in open_tasks(incident)),
        facts=tuple(row.ref or row.code for row in facts_of(incident)),
        demands=tuple(_seen_demand(row) for row in demands_of(incident)),
        statements=tuple(_seen_statement(row) for row in statements_of(incident)),
    )


def _seen_task(row: Task) -> SeenTask:
    return SeenTask(
        id=str(row.pk), step=row.step, post=row.post, since=row.opened_at, acknowledged_at=row.acknowledged_at
    )


def _seen_demand(row: Demand) -> SeenDemand:
    return SeenDemand(
        id=str(row.pk), known_as=row.ref, owner=row.owner, since=row.raised_at, closed=row.state != Demand.State.OPEN
    )


def _seen_statement(row: Statement) -> SeenStatement:
    """From what `statements_of` fetched beforehand: no question to the database a statement."""
    version = max(row.versions.all(), key=lambda one: one.number)
    open_stages = [step for step in version.approvals.all() if step.state == ApprovalStep.State.WAITING]
    waiting = min(open_stages, key=lambda step: step.stage, default=None)
    if row.state != Statement.State.WAITING:
        waiting = None
    return SeenStatement(
        id=str(row.pk),
        kind=row.kind,
        state=row.state,
        waits_for=waiting.post if waiting else "",
        stage=waiting.stage if waiting else 0,
        since=(waiting.since if waiting else None) or row.made_at,
    )
