"""How it decides: the page of the handbook, inside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.sense.screens.how import HowScreen


@needs()
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The rules, what is assumed, how exact it was found to be."""
    return render(request, "sense/how.html", {"screen": HowScreen()})
