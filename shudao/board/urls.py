"""Addresses of the board."""

from django.urls import path

from shudao.board.views import board, charts, live, operations, setup

app_name = "board"
urlpatterns = [
    path("", board.board, name="board"),
    path("confirm_message/", board.confirm_message, name="confirm_message"),
    path("setup/", setup.guide, name="setup"),
    path("settings/", setup.settings, name="settings"),
    path("operations/", operations.operations, name="operations"),
    path("metrics/", operations.metrics, name="metrics"),
    path("live/", live.live, name="live"),
    path("charts/<str:name>.<str:tone>.<str:size>.png", charts.chart, name="chart"),
    path("runs/<str:code>/", board.board, name="run_board"),
]
