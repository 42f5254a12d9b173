"""Sources: what the site listens to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.models import Right


@needs(Right.WATCH, Right.SOURCES)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The register of sources."""
    return render(request, "listen/sources.html", {"place": "settings"})
