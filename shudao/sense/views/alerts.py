"""Alerts: the queue, one alert, taking it up, dismissing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.org.access import actor_of, may, needs
from shudao.org.models import Right
from shudao.sense import actions
from shudao.sense.access import alert_of, scene_of
from shudao.sense.forms import DismissAlertForm
from shudao.sense.models import Alert
from shudao.sense.screens.alerts import AlertScreen, AlertsScreen, Wanted


def _places(run: str | None) -> dict[str, str]:
    return {
        "board": f"/runs/{run}/" if run else "/",
        "alerts": f"/sense/runs/{run}/alerts/" if run else "/sense/alerts/",
        "stories": f"/sense/runs/{run}/stories/" if run else "/sense/stories/",
        "rooms": f"/respond/runs/{run}/" if run else "/respond/",
    }


def _page(request: HttpRequest, row: Alert, status: int = 200, **more: object) -> HttpResponse:
    screen, run = AlertScreen(row, request.GET.get("page", "1")), row.scene_value.run_code
    places = _places(run)
    base = f"{places['alerts']}{row.number}/"
    around = {
        "now": screen.now,
        "drill": run,
        "place": "alerts",
        "base": base,
        "back": _back(request),
        **places,
        **more,
    }
    return render(request, "sense/alert.html", {"screen": screen, **around}, status=status)


def _back(request: HttpRequest, default: str = "") -> str:
    """Where the reader came from, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if safe else default


@needs(Right.WATCH)
@require_safe
def alerts(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The queue."""
    screen = AlertsScreen(scene_of(code), Wanted.of(request.GET), request.GET.get("page", "1"))
    around = {"now": screen.now, "drill": code, "place": "alerts", **_places(code)}
    return render(
        request, "sense/alerts.html", {"screen": screen, "can_receive": may(request, Right.RECEIVE), **around}
    )


@needs(Right.WATCH)
@require_safe
def alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Why it was raised."""
    return _page(request, alert_of(request, scene_of(code), number))


@needs(Right.RECEIVE)
@require_POST
def acknowledge_alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Take it up."""
    row = alert_of(request, scene_of(code), number)
    try:
        actions.acknowledge_alert(actor_of(request, row.scene_value), row)
    except Refused as refusal:
        return _page(request, row, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("预警已签收。"))
    return redirect(_back(request, f"/runs/{code}/#alerts" if code else "/#alerts"))


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Say that it is no matter for the organisation."""
    row = alert_of(request, scene_of(code), number)
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
    return redirect(_back(request, f"/runs/{code}/#alerts" if code else "/#alerts"))
