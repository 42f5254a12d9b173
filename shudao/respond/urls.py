"""Addresses of the response. A verb's address ends in its name; a drill run's rooms stand under the run."""

from django.urls import URLPattern, path

from shudao.respond.views import DESKS, opening
from shudao.respond.views import room as room_views

app_name = "respond"


def room(prefix: str, name: str) -> list[URLPattern]:
    """The room of an incident and its verbs, below a prefix, with a name's own prefix."""
    place = f"{prefix}incidents/<str:number>/"
    return [
        path(f"{prefix}open_incident/", opening.open_incident, name=f"{name}open_incident"),
        path(place, room_views.incident, name=f"{name}incident"),
        path(f"{place}entries/<int:seq>/", room_views.entry, name=f"{name}entry"),
        path(f"{place}documents/<str:name>", room_views.document, name=f"{name}document"),
        *(path(f"{place}{verb}/", room_views.do, {"verb": verb}, name=f"{name}{verb}") for verb in DESKS),
    ]


urlpatterns = [*room("", ""), *room("runs/<str:code>/", "run_")]
