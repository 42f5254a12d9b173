"""Stories: found by words, and one with all that is known of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shudao.org.access import needs
from shudao.org.models import Right
from shudao.sense.access import scene_of, story_of
from shudao.sense.queries import final_story
from shudao.sense.screens.stories import PER_PAGE, StoriesScreen, StoryScreen
from shudao.sense.screens.telling import page_with


@needs(Right.WATCH)
@require_safe
def stories(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Those that moved last, or that hold the words asked for."""
    screen = StoriesScreen(scene_of(code), words=request.GET.get("q", ""), page=request.GET.get("page", "1"))
    around = {"now": screen.now, "drill": code, "place": "stories", "base": _base(code)}
    return render(request, "sense/stories.html", {"screen": screen, **around})


@needs(Right.WATCH)
@require_safe
def story(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """One story; of one that proved part of another, that other."""
    row = story_of(scene_of(code), key)
    if row.merged_into_id:
        return redirect(f"{_base(code)}{final_story(row).pk}/")
    page = request.GET.get("page") or page_with(row, request.GET.get("post", ""), PER_PAGE)
    screen = StoryScreen(row, page)
    around = {"now": screen.now, "drill": code, "place": "stories", "base": _base(code)}
    return render(request, "sense/story.html", {"screen": screen, **around})


def _base(code: str | None) -> str:
    return f"/sense/runs/{code}/stories/" if code else "/sense/stories/"
