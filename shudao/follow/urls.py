"""Addresses of following; a drill run's stand under the run."""

from django.urls import URLPattern, path

from shudao.follow.views import care
from shudao.follow.views import ending as views

app_name = "follow"


def incidents(prefix: str, name: str) -> list[URLPattern]:
    """An incident's page and its verbs below a prefix."""
    place = f"{prefix}incidents/<str:number>/"
    return [
        path(place, views.incident, name=f"{name}incident"),
        *(path(f"{place}{verb}/", views.do, {"verb": verb}, name=f"{name}{verb}") for verb in views.DOING),
    ]


urlpatterns = [
    *incidents("", ""),
    *incidents("runs/<str:code>/", "run_"),
    path("care/", care.care, name="care"),
    path("care/hand_to_care/", care.hand_to_care, name="hand_to_care"),
    path("care/<uuid:token>/settle_care/", care.settle_care, name="settle_care"),
    path("archive/", views.archive, name="archive"),
    path("archive/<str:number>/", views.archived, name="archived"),
    path("incidents/<str:number>/bundles/<str:name>", views.bundle, name="bundle"),
]
