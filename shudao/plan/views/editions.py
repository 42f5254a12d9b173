"""Editions of this site's plans."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs


@needs()
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """What is in force, in draft, retired."""
    return render(request, "plan/editions.html", {"place": "plan"})
