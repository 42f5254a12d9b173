"""态势 (board): the page that looks across all stages."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "shudao.board"
    label = "board"
