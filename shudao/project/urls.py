"""地址 (addresses): a stage's pages stand under its own name, and an address names the verb it does."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from shudao.base import install
from shudao.board.urls import records
from shudao.project.views import home

STAGES = ("org", "notify", "listen", "sense", "plan", "respond", "follow", "review", "drill", "board")
handler400 = "shudao.project.views.bad_request"
handler404 = "shudao.project.views.not_found"
urlpatterns = [
    path("", home, name="home"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.service_worker, name="service_worker"),
    path("away/", install.away, name="away"),
    path("ledger/", include((records, "ledger"))),
    path("language/", login_not_required(set_language), name="set_language"),
    *(
        path("" if stage == "board" else f"{stage}/", include(f"shudao.{stage}.urls"))
        for stage in STAGES
        if find_spec(f"shudao.{stage}") and find_spec(f"shudao.{stage}.urls")
    ),
    path("org/", include("shudao.org.urls.library")),  # after ours: where both name an address, ours is its name
]
