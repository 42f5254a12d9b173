"""未结事项 (what is open): each reason against closing with the place where it is dealt with."""

from collections.abc import Iterable
from dataclasses import dataclass

from shudao.engine.respond.closing import Reason
from shudao.respond.models import Incident, Task

IN_ROOM = {
    "not_graded": "#level", "level_contested": "#level", "superior_not_told": "tell_superior/",
    "superior_not_written": "send_briefing/", "urgent_unwritten": "#room-head",
}  # fmt: skip
OF_ROW = {
    "task_open": "task", "demand_open": "demand", "statement_unsigned": "statement",
    "statement_unpublished": "statement", "promise_open": "statement", "report_unsigned": "paper",
}  # fmt: skip
"""Code -> how the row's place on the page begins."""


@dataclass(frozen=True)
class OpenRow:
    """未结 (open): the reason, and where it is dealt with."""

    reason: Reason
    place: str


def room_of(incident: Incident) -> str:
    """Address of an incident's room."""
    run = incident.scene_value.run_code
    return f"/respond/{f'runs/{run}/' if run else ''}incidents/{incident.number}/"


def open_rows(reasons: Iterable[Reason], incident: Incident, room: str) -> list[OpenRow]:
    """The reasons with their places; `room` is the address of the incident's room."""
    steps = dict(Task.objects.filter(incident=incident).exclude(step="").order_by("round").values_list("step", "code"))
    return [OpenRow(row, _place(row, steps, room)) for row in reasons]


def _place(reason: Reason, steps: dict[str, str], room: str) -> str:
    kind, _, step = reason.ref.partition(":")
    if kind == "step":
        return f"{room}#task-{steps[step]}" if step in steps else f"{room}plan/#step-{step}"
    if reason.code == "not_settled":
        return f"{room.replace('/respond/', '/follow/', 1)}#settle_incident"
    if reason.code in OF_ROW and reason.ref:
        return f"{room}#{OF_ROW[reason.code]}-{reason.ref}"
    return f"{room}{IN_ROOM.get(reason.code, '')}"
