"""Opening an incident, by hand or from an alert."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from shudao.base import clock
from shudao.base.fields import VerbForm
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.engine.plan.model import Plan
from shudao.ledger.verbs import Actor
from shudao.org.access import actor_of, needs
from shudao.org.models import Right
from shudao.plan.queries import edition_in_force
from shudao.respond import actions, forms
from shudao.respond.models import Incident
from shudao.respond.views.around import room_address, scene_of
from shudao.sense.access import alert_of
from shudao.sense.actions import acknowledge_alert
from shudao.sense.models import Alert
from shudao.sense.queries import items_of_alert


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def open_incident(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Open an incident, by hand or from an alert."""
    scene, edition = scene_of(code), edition_in_force()
    actor = actor_of(request, scene)
    asked = request.POST.get("alert") or request.GET.get("alert")
    alert = alert_of(request, scene, int(asked)) if asked and asked.isdecimal() else None
    form = _opening(request, alert)
    values = {
        "form": form,
        "now": clock.now(scene),
        "drill": code,
        "place": "board",
        "edition": edition,
        "alert": alert,
    }
    if not form.is_bound:
        return render(request, "respond/open_incident.html", values)
    if not form.is_valid() or edition is None:
        return render(request, "respond/open_incident.html", values, status=UNREADABLE)
    try:
        row = _open(actor, edition.plan, form.cleaned_data, alert)
    except Refused as refusal:
        form.refuse(refusal)
        return render(request, "respond/open_incident.html", values, status=CONFLICT)
    messages.success(request, gettext("处置已启动，任务按预案下达。"))
    return redirect(room_address(row))


def _opening(request: HttpRequest, alert: Alert | None) -> VerbForm:
    if alert is None:
        return forms.OpenIncidentForm(request.POST or None)
    title = alert.story.title if alert.story else alert.topic.name
    return forms.OpenFromAlertForm(request.POST or None, initial={"alert": alert.number, "title": title})


def _open(actor: Actor, plan: Plan, given: Mapping[str, Any], alert: Alert | None) -> Incident:
    """Opened from an alert: taken up first where nobody has, its posts attached, its times carried over."""
    if alert is None:
        when = given["happened_at"]
        return actions.open_incident(actor, plan, title=given["title"], origin=given["origin"], happened_at=when)
    if alert.acknowledged_at is None:
        acknowledge_alert(actor, alert)
    known = {"detected": alert.raised_at, "acknowledged": alert.acknowledged_at or alert.raised_at}
    items = items_of_alert(alert)
    return actions.open_incident(
        actor, plan, title=given["title"], origin="alert", alert=alert.code, milestones=known, items=items
    )
