"""Addresses of the response. A verb's address ends in its name; a drill run's rooms stand under the run."""

from django.urls import URLPattern, path

from shudao.respond.views import DESKS, demands, incidents, opening, power_cut, tasks
from shudao.respond.views import room as room_views

app_name = "respond"


def room(prefix: str, name: str) -> list[URLPattern]:
    """The room of an incident and its verbs, below a prefix, with a name's own prefix."""
    place = f"{prefix}incidents/<str:number>/"
    return [
        path(f"{prefix}open_incident/", opening.open_incident, name=f"{name}open_incident"),
        path(f"{prefix}incidents/", incidents.incidents, name=f"{name}incidents"),
        path(place, room_views.incident, name=f"{name}incident"),
        path(f"{place}entries/<int:seq>/", room_views.entry, name=f"{name}entry"),
        path(f"{place}documents/<str:name>", room_views.document, name=f"{name}document"),
        path(f"{place}statements/<str:text>/", room_views.statement, name=f"{name}statement"),
        path(f"{place}plan/", room_views.plan, name=f"{name}plan"),
        path(f"{place}charge/", room_views.charge, name=f"{name}charge"),
        path(f"{place}power_cut/", power_cut.of_incident, name=f"{name}incident_power_cut"),
        path(f"{place}power_cut.docx", power_cut.of_incident_paper, name=f"{name}incident_power_cut_paper"),
        *(path(f"{place}{verb}/", room_views.do, {"verb": verb}, name=f"{name}{verb}") for verb in DESKS),
    ]


def lists(prefix: str, name: str) -> list[URLPattern]:
    """Tasks of mine and demands, each of them with its verbs, below a prefix."""
    task, demand = f"{prefix}tasks/<int:key>/", f"{prefix}demands/<int:key>/"
    return [
        path(f"{prefix}tasks/", tasks.tasks, name=f"{name}tasks"),
        path(task, tasks.task, name=f"{name}task"),
        *(path(f"{task}{verb}/", tasks.do, {"verb": verb}, name=f"{name}{verb}") for verb in tasks.SAID),
        path(f"{prefix}demands/", demands.demands, name=f"{name}demands"),
        path(f"{prefix}demands/export.xlsx", demands.export, name=f"{name}export_demands"),
        path(demand, demands.demand, name=f"{name}demand"),
        *(path(f"{demand}{verb}/", demands.do, {"verb": verb}, name=f"{name}{verb}") for verb in demands.SAID),
    ]


urlpatterns = [
    path("tasks/add_task/", tasks.add_task, name="add_task"),
    path("demands/receive_demand/", demands.receive_demand, name="receive_demand"),
    path("units/<slug:code>/", tasks.unit, name="unit"),
    path("power_cut/", power_cut.of_office, name="power_cut"),
    path("power_cut.docx", power_cut.of_office_paper, name="power_cut_paper"),
    *room("", ""),
    *lists("", ""),
    *room("runs/<str:code>/", "run_"),
    *lists("runs/<str:code>/", "run_"),
]
