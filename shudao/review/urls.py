"""Addresses of review."""

from django.urls import path

from shudao.review import views

app_name = "review"
PLACE = "incidents/<str:number>/"
urlpatterns = [
    path("", views.reviews, name="reviews"),
    path(PLACE, views.incident, name="incident"),
    path(f"{PLACE}write_after_action/", views.write_after_action, name="write_after_action"),
    path(f"{PLACE}add_lesson/", views.add_lesson, name="add_lesson"),
    path(f"{PLACE}lessons/<str:code>/finish_lesson/", views.finish_lesson, name="finish_lesson"),
    path("reports/<str:number>.docx", views.report, name="report"),
]
