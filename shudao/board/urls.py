"""Addresses of the board."""

from django.urls import path

from shudao.board import views

app_name = "board"
urlpatterns = [
    path("", views.board, name="board"),
    path("confirm_message/", views.confirm_message, name="confirm_message"),
    path("runs/<str:code>/", views.board, name="run_board"),
]
