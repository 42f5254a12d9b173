"""An alert: its page, taking it up, dismissing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE, Scene
from shudao.org.access import actor_of, needs
from shudao.org.models import Right
from shudao.sense import actions
from shudao.sense.access import alert_of
from shudao.sense.forms import DismissAlertForm
from shudao.sense.models import Alert
from shudao.sense.screens.alerts import AlertScreen


def _scene(code: str | None) -> Scene:
    return Scene.run(code) if code else LIVE


def _page(request: HttpRequest, row: Alert, status: int = 200, **more: object) -> HttpResponse:
    screen, run = AlertScreen(row, request.GET.get("page", "1")), row.scene_value.run_code
    places = {
        "board": f"/runs/{run}/" if run else "/",
        "base": f"/sense/runs/{run}/alerts/{row.number}/" if run else f"/sense/alerts/{row.number}/",
        "open_at": f"/respond/runs/{run}/open_incident/" if run else "/respond/open_incident/",
    }
    around = {"now": screen.now, "drill": run, "place": "board", **places, **more}
    return render(request, "sense/alert.html", {"screen": screen, **around}, status=status)


@needs(Right.WATCH)
@require_safe
def alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Why it was raised."""
    return _page(request, alert_of(request, _scene(code), number))


@needs(Right.RECEIVE)
@require_POST
def acknowledge_alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Take it up."""
    row = alert_of(request, _scene(code), number)
    try:
        actions.acknowledge_alert(actor_of(request, row.scene_value), row)
    except Refused as refusal:
        return _page(request, row, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("预警已签收。"))
    return redirect(f"/runs/{code}/#alerts" if code else "/#alerts")


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Say that it is no matter for the organisation."""
    row = alert_of(request, _scene(code), number)
    form = DismissAlertForm(request.POST or None)
    if not form.is_bound:
        return _page(request, row, dismissing=form)
    if not form.is_valid():
        return _page(request, row, UNREADABLE, dismissing=form)
    try:
        actions.dismiss_alert(actor_of(request, row.scene_value), row, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, row, CONFLICT, dismissing=form)
    messages.success(request, gettext("预警已排除，理由在案。"))
    return redirect(f"/runs/{code}/#alerts" if code else "/#alerts")
