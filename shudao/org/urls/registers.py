"""Addresses of the registers."""

from django.urls import path

from shudao.org.views import registers

urlpatterns = [
    path("registers/", registers.index, name="registers"),
]
