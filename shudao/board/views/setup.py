"""The guided first hour and the hub of all settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.base.pages import makes_passkeys
from shudao.board.access import SETTERS
from shudao.board.screens.settings import SettingsScreen
from shudao.board.screens.setup import GuideScreen
from shudao.org.access import my_rights, needs


@needs(*SETTERS)
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What is still to be done until somebody can be on duty."""
    screen = GuideScreen(my_rights(request), is_secure=makes_passkeys(request))
    return render(request, "board/setup.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs()
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Everything that can be set, as far as the reader may."""
    screen = SettingsScreen(my_rights(request))
    return render(request, "board/settings.html", {"screen": screen, "now": screen.now, "place": "settings"})
