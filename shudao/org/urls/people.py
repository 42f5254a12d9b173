"""Addresses of people: units, posts, staff, shifts."""

from django.urls import path

from shudao.org.views import people, posts, shifts, staff, units

urlpatterns = [
    path("people/", people.overview, name="people"),
    path("units/", units.index, name="units"),
    path("posts/", posts.index, name="posts"),
    path("staff/", staff.index, name="staff"),
    path("shifts/", shifts.week, name="shifts"),
]
