"""Addresses of listening."""

from django.urls import path

from shudao.listen.views import imports, report, sources

app_name = "listen"
urlpatterns = [
    path("sources/", sources.sources, name="sources"),
    path("report/", report.report, name="report"),
    path("imports/", imports.imports, name="imports"),
]
