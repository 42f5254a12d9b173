"""shifts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.views.pages import show


@needs()
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The page."""
    return show(request, "org/shifts.html")
