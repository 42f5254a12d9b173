"""Topics: the standing questions of this site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.models import Right


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The topics in force."""
    return render(request, "sense/topics.html", {"place": "settings"})
