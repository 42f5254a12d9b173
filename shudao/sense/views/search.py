"""Search in all that was heard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.base.pages import UNREADABLE
from shudao.org.access import needs
from shudao.org.models import Right
from shudao.sense.access import scene_of
from shudao.sense.screens.search import Asked, SearchScreen


@needs(Right.WATCH)
@require_safe
def search(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """What was asked and what was found; nothing asked: how to ask."""
    screen = SearchScreen(scene_of(code), Asked.of(request.GET), request.GET.get("page", "1"))
    root = f"/sense/runs/{code}/" if code else "/sense/"
    around = {
        "now": screen.now,
        "drill": code,
        "place": "search",
        "base": f"{root}search/",
        "stories": f"{root}stories/",
    }
    return render(
        request, "sense/search.html", {"screen": screen, **around}, status=UNREADABLE if screen.fault else 200
    )
