"""What the response knows of an alert or a story, for the pages of sensing (see `shudao/sense/beside.py`)."""

from collections.abc import Mapping, Sequence

from shudao.base.scene import Scene
from shudao.respond.models import Attachment, Incident
from shudao.respond.queries import earlier_answers, incidents_of
from shudao.respond.screens.earlier import earlier_lines
from shudao.sense.beside import Answered, Place, answer, know
from shudao.sense.models import Alert, Placement, Story

MOST = 10


def of_alerts(scene: Scene, alerts: Sequence[Alert]) -> Mapping[str, Place]:
    """Alert code → the incident opened from it."""
    rows = incidents_of(scene).filter(alert__in=[row.code for row in alerts])
    return {row.alert: _place(row) for row in rows}


def of_story(scene: Scene, story: Story) -> list[Place]:
    """The incidents that posts of a story are attached to, the newest first."""
    items = Placement.objects.in_scene(scene).filter(story=story).values("item")
    held = Attachment.objects.filter(item__in=items).values("incident")
    return [_place(row) for row in incidents_of(scene).filter(pk__in=held)[:MOST]]


def taken(scene: Scene) -> set[str]:
    """Codes of the alerts from which an incident was opened."""
    return set(incidents_of(scene).exclude(alert="").values_list("alert", flat=True))


def of_texts(scene: Scene, texts: Sequence[str]) -> list[Answered]:
    """What was answered before to what some texts say."""
    return earlier_lines(earlier_answers(scene, texts))


def _place(row: Incident) -> Place:
    run = row.scene_value.run_code
    room = f"/respond/runs/{run}/incidents/" if run else "/respond/incidents/"
    return Place(row.number, row.title, f"{room}{row.number}/", row.is_open)


def tell() -> None:
    """Say so to the pages of sensing."""
    know(of_alerts, of_story, taken)
    answer(of_texts)
