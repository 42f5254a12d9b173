"""The guided first hour and the hub of all settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.board.access import SETTERS
from shudao.org.access import needs


@needs(*SETTERS)
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What is still to be done until somebody can be on duty."""
    return render(request, "board/setup.html", {"place": "settings"})


@needs()
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Everything that can be set, as far as the reader may."""
    return render(request, "board/settings.html", {"place": "settings"})
