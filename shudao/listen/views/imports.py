"""Imports: files of vendors and chats, read in the background."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.models import Right


@needs(Right.SOURCES)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, newest first."""
    return render(request, "listen/imports.html", {"place": "settings"})
