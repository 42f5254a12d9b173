"""The list of incidents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import may, needs
from shudao.org.models import Right
from shudao.respond.screens.incidents import IncidentsScreen
from shudao.respond.views.around import places_of, scene_of


@needs(Right.WATCH)
@require_safe
def incidents(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Incidents of the real world, or of a drill run."""
    screen = IncidentsScreen(scene_of(code), request.GET.dict())
    values = {"screen": screen, "keep": screen.asked.keep, "may_open": may(request, Right.RECEIVE)}
    return render(request, "respond/lists/incidents.html", {**values, **places_of(screen.scene, "incidents")})
