"""Addresses of the drill desk."""

from django.urls import path

from shudao.drill import views

app_name = "drill"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("start_run/", views.start_run, name="start_run"),
    path("runs/<str:code>/", views.run, name="run"),
    path("runs/<str:code>/send_inject/", views.send_inject, name="send_inject"),
    path("runs/<str:code>/pause_run/", views.pause_run, name="pause_run"),
    path("runs/<str:code>/resume_run/", views.resume_run, name="resume_run"),
    path("runs/<str:code>/jump_clock/", views.jump_clock, name="jump_clock"),
    path("runs/<str:code>/play_on/", views.play_on, name="play_on"),
    path("runs/<str:code>/write_after_action/", views.write_after_action, name="write_after_action"),
    path("runs/<str:code>/reports/<str:number>.docx", views.report, name="report"),
    path("runs/<str:code>/finish_run/", views.finish_run, name="finish_run"),
    path("runs/<str:code>/score_run/", views.score_run, name="score_run"),
    path("runs/<str:code>/entries/<int:seq>/", views.entry, name="entry"),
]
