"""Addresses of listening."""

from django.urls import path

from shudao.listen.views import sources

app_name = "listen"
urlpatterns = [
    path("sources/", sources.sources, name="sources"),
]
