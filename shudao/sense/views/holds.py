"""Merging and splitting stories by a person's word."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.org.access import actor_of, needs
from shudao.org.models import Right
from shudao.sense import actions
from shudao.sense.access import scene_of, story_of
from shudao.sense.forms import MergeStoriesForm, SplitStoryForm
from shudao.sense.models import Story
from shudao.sense.queries import final_story
from shudao.sense.screens.holds import MergeScreen, SplitScreen


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_stories(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """Say that two stories are one matter."""
    row = final_story(story_of(scene_of(code), key))
    form = MergeStoriesForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _merge_page(request, row, form, code)
    if not form.is_valid():
        return _merge_page(request, row, form, code, UNREADABLE)
    other = story_of(scene_of(code), form.cleaned_data["other"])
    try:
        actions.merge_stories(actor_of(request, row.scene_value), row, other)
    except Refused as refusal:
        form.refuse(refusal)
        return _merge_page(request, row, form, code, CONFLICT)
    return _done(request, row, code)


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def split_story(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """Say that some posts of a story are another matter."""
    row = final_story(story_of(scene_of(code), key))
    screen = SplitScreen(row, request.POST.getlist("item"), request.GET.get("part", ""))
    form = SplitStoryForm(request.POST if request.method == "POST" else None, keys=screen.keys)
    if not form.is_bound:
        return _split_page(request, screen, form, code)
    if not form.is_valid():
        return _split_page(request, screen, form, code, UNREADABLE)
    try:
        chosen = [int(item) for item in form.cleaned_data["item"]]
        actions.split_story(actor_of(request, row.scene_value), row, chosen)
    except Refused as refusal:
        form.refuse(refusal)
        return _split_page(request, screen, form, code, CONFLICT)
    return _done(request, row, code)


def _done(request: HttpRequest, row: Story, code: str | None) -> HttpResponse:
    messages.success(request, gettext("已记下，几秒内生效。"))
    return redirect(_address(row, code))


def _merge_page(
    request: HttpRequest, row: Story, form: MergeStoriesForm, code: str | None, status: int = 200
) -> HttpResponse:
    screen = MergeScreen(row, request.GET.get("q", ""), request.GET.get("page", "1"))
    values = {"form": form, "screen": screen, "now": screen.now, "place": "stories", "drill": code}
    return render(request, "sense/merge_stories.html", {**values, "back": _address(row, code)}, status=status)


def _split_page(
    request: HttpRequest, screen: SplitScreen, form: SplitStoryForm, code: str | None, status: int = 200
) -> HttpResponse:
    values = {"form": form, "screen": screen, "now": screen.now, "place": "stories", "drill": code}
    values["back"] = _address(screen.story, code)
    return render(request, "sense/split_story.html", values, status=status)


def _address(row: Story, code: str | None) -> str:
    return f"/sense/{f'runs/{code}/' if code else ''}stories/{row.pk}/"
