"""Addresses of the written plan."""

from django.urls import path

from shudao.plan.views import editions

app_name = "plan"
urlpatterns = [
    path("", editions.editions, name="editions"),
]
