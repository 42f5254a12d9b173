"""Reading runs: what is due next, what has reached the players."""

from datetime import datetime, timedelta

from shudao.drill.models import InjectRow, Run
from shudao.engine.drill.view import SeenInject
from shudao.ledger.queries import entries_of


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
