"""Care referrals: handed over once by whoever saw something, read by the posts of care alone, kept by no cache."""

import uuid
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.follow import actions
from shudao.follow.access import my_referral, my_referrals
from shudao.follow.actions.care import care_posts
from shudao.follow.care import Words, unseal
from shudao.follow.forms import CareForm, SettleCareForm
from shudao.follow.models import CareReferral
from shudao.ledger.verbs import Actor
from shudao.listen.models import Item
from shudao.listen.queries import items_of
from shudao.org.access import my_posts, needs
from shudao.org.models import Right

PER_PAGE = 20


class Row(NamedTuple):
    """One referral as the post of care reads it."""

    referral: CareReferral
    words: Words | None
    goes_at: datetime


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_to_care(request: HttpRequest) -> HttpResponse:
    """The form, begun from a post that somebody looks at (`?item=`), and the handing over."""
    item = _item(request.GET.get("item", ""))
    if request.method != "POST":
        start = {"token": uuid.uuid4(), "link": item.url if item else ""}
        return _form(request, CareForm(initial=start), item)
    form = CareForm(request.POST)
    if not form.is_valid():
        return _form(request, form, item, UNREADABLE)
    try:
        actions.hand_to_care(actions.handing(Actor(LIVE, "")), **form.cleaned_data)
    except Refused as refusal:
        if refusal.code != "known":
            form.refuse(refusal)
            return _form(request, form, item, CONFLICT)
    messages.success(request, gettext("已转交值守岗。从现在起只有那个岗位能看到，您不用再做什么。谢谢您。"))
    return redirect("board:board")


@needs(Right.CARE)
@require_safe
def care(request: HttpRequest) -> HttpResponse:
    """What was handed to the reader's post."""
    days = actions.kept_days()
    page = Paginator(my_referrals(request), PER_PAGE).get_page(request.GET.get("page"))
    rows = [Row(row, unseal(bytes(row.sealed)), row.handed_at + timedelta(days=days)) for row in page.object_list]
    waiting = my_referrals(request).filter(state=CareReferral.State.WAITING).count()
    said = gettext("没有待查看的转介")
    if waiting:
        said = ngettext("%(n)d 条转介待查看", "%(n)d 条转介待查看", waiting) % {"n": waiting}
    values = {"rows": rows, "page": page, "sentence": said, "days": days, "now": clock.now(LIVE)}
    return _unkept(render(request, "follow/care.html", {**values, "place": "care"}))


@needs(Right.CARE)
@require_POST
def settle_care(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Received, contacted, or not needed."""
    row = my_referral(request, token)
    form = SettleCareForm(request.POST)
    if not form.is_valid():
        raise Http404
    post = next((post.code for post in my_posts(request) if post.code in row.posts), "")
    try:
        actions.settle_care(Actor(LIVE, post), row, state=form.cleaned_data["state"])
    except Refused as refusal:
        messages.error(request, refusal.why.say(getattr(request, "LANGUAGE_CODE", "zh")))
    else:
        messages.success(request, gettext("已记下。"))
    return redirect("follow:care")


def _form(request: HttpRequest, form: CareForm, item: Item | None, status: int = 200) -> HttpResponse:
    values: dict[str, Any] = {"form": form, "item": item, "days": actions.kept_days(), "has_post": bool(care_posts())}
    return _unkept(render(request, "follow/hand_to_care.html", {**values, "place": "care"}, status=status))


def _item(text: str) -> Item | None:
    found = items_of(LIVE, [int(text)]) if text.isascii() and text.isdecimal() and len(text) < 18 else []
    return found[0] if found else None


def _unkept(page: HttpResponse) -> HttpResponse:
    """No browser and no proxy keeps it, not even for going back."""
    patch_cache_control(page, no_store=True)
    return page
