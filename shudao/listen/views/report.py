"""Reports: what our own people saw, sent from the phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs


@needs()
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The observer's form."""
    return render(request, "listen/report.html", {"place": "report"})
