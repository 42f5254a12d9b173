"""Numbers that people and the ledger use. Unique in a ledger stream, so that an entry never means two things."""

from datetime import timedelta, timezone

from django.db import models

from shudao.engine.ledger import ROOT
from shudao.ledger.models import Stream
from shudao.ledger.verbs import Act
from shudao.respond.models import Incident

CHINA = timezone(timedelta(hours=8))


def next_number(act: Act) -> str:
    """Number of the next incident: year and count in the real world, code of the run and count in a drill."""
    rows = Incident.objects.in_scene(act.scene)
    if not act.scene.is_live:
        return f"{act.scene.run_code}-{rows.count() + 1}"
    year = str(act.now.astimezone(CHINA).year)
    return f"{year}-{rows.filter(number__startswith=f'{year}-').count() + 1:04d}"


def next_own_code(act: Act, model: type[models.Model], letter: str) -> str:
    """The next code of a kind outside any incident (D2026-0001): year and count in the scene, counted one at a time."""
    Stream.objects.select_for_update().get_or_create(name=act.scene.stream, defaults={"head": ROOT})
    before = f"{letter}{act.now.astimezone(CHINA).year}-"
    rows = model._default_manager.filter(scene=act.scene.key, code__startswith=before)
    return f"{before}{rows.count() + 1:04d}"


def next_code(incident: Incident, model: type[models.Model], letter: str) -> str:
    """The next code of a kind (T3, D1): counted in the incident, in a drill over the whole run, whose stream it shares."""
    rows = model._default_manager.filter(incident__scene=incident.scene)
    if incident.scene_value.is_live:
        rows = rows.filter(incident=incident)
    return f"{letter}{rows.count() + 1}"
