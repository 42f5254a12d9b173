"""Tone: how it is read, and correcting it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.org.access import actor_of, needs
from shudao.org.models import Right
from shudao.sense import actions
from shudao.sense.access import placement_of, scene_of
from shudao.sense.forms import CorrectToneForm
from shudao.sense.models import Placement
from shudao.sense.screens.tone import ToneScreen
from shudao.sense.screens.words import TONES, title_beside


@needs(Right.WATCH)
@require_safe
def tone(request: HttpRequest) -> HttpResponse:
    """How tone is read, and some posts to look at."""
    screen = ToneScreen(request.GET.get("page", "1"))
    return render(request, "sense/tone.html", {"screen": screen, "now": screen.now, "place": "stories"})


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_tone(request: HttpRequest, item: int, code: str | None = None) -> HttpResponse:
    """Say what the tone of a post is."""
    row = placement_of(scene_of(code), item)
    tones = {name: words.say(get_language() or "zh") for name, words in TONES.items()}
    form = CorrectToneForm(request.POST or None, tones=tones, initial={"tone": row.tone})
    if not form.is_bound:
        return _page(request, row, form, code)
    if not form.is_valid():
        return _page(request, row, form, code, UNREADABLE)
    try:
        actions.correct_tone(actor_of(request, row.scene_value), row, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, row, form, code, CONFLICT)
    messages.success(request, gettext("语气已更正。"))
    return redirect(_back(request, row, code))


def _page(
    request: HttpRequest, row: Placement, form: CorrectToneForm, code: str | None, status: int = 200
) -> HttpResponse:
    values = {
        "form": form, "row": row, "title": title_beside(row.item), "back": _back(request, row, code),
        "now": clock.now(row.scene_value), "place": "stories", "drill": code,
    }  # fmt: skip
    return render(request, "sense/correct_tone.html", values, status=status)


def _back(request: HttpRequest, row: Placement, code: str | None) -> str:
    """Where the reader came from, if that is a page of ours; else the post in its story."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return f"/sense/{f'runs/{code}/' if code else ''}stories/{row.story_id}/#item-{row.item_id}"
