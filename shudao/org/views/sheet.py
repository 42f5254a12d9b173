"""sheet."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.models import Right
from shudao.org.views.pages import show


@needs(Right.PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    return show(request, "org/people.html")
