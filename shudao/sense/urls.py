"""Addresses of alerts; a drill run's stand under the run."""

from django.urls import URLPattern, path

from shudao.sense.views import alerts as pages
from shudao.sense.views import topics

app_name = "sense"


def alerts(prefix: str, name: str) -> list[URLPattern]:
    """An alert and its verbs below a prefix."""
    place = f"{prefix}alerts/<int:number>/"
    return [
        path(place, pages.alert, name=f"{name}alert"),
        path(f"{place}acknowledge_alert/", pages.acknowledge_alert, name=f"{name}acknowledge_alert"),
        path(f"{place}dismiss_alert/", pages.dismiss_alert, name=f"{name}dismiss_alert"),
    ]


urlpatterns = [
    *alerts("", ""),
    *alerts("runs/<str:code>/", "run_"),
    path("topics/", topics.topics, name="topics"),
]
