"""The inbox, and what became of a message on its other ways."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base.scene import LIVE
from shudao.notify.access import message_of, scene_of
from shudao.notify.actions import confirm_message as confirm
from shudao.notify.screens.inbox import InboxScreen
from shudao.notify.screens.message import MessageScreen
from shudao.org.access import actor_of, my_posts, needs, staff_of


@needs()
@require_safe
def inbox(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """What was said to the reader."""
    posts = {post.code: post.name for post in my_posts(request)}
    everything = request.GET.get("which") == "all"
    screen = InboxScreen(
        scene_of(code), posts, staff_of(request), everything=everything, page=request.GET.get("page", "1")
    )
    return render(request, "notify/inbox.html", {"screen": screen, "now": screen.now, "drill": code, "place": "inbox"})


@needs()
@require_POST
def confirm_message(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Say that one or several messages were read."""
    scene = scene_of(code)
    rows = [message_of(request, scene, key) for key in request.POST.getlist("message")[:100]]
    waiting = [row for row in rows if row.confirmed_at is None]
    if not rows:
        raise Http404
    for row in waiting:
        confirm(actor_of(request, scene, "" if row.staff_id else row.post), row)
    if waiting:
        said = ngettext("已确认收到 %(n)d 条。", "已确认收到 %(n)d 条。", len(waiting)) % {"n": len(waiting)}
        messages.success(request, said)
    return redirect(_inbox(code))


def _inbox(code: str | None) -> str:
    return reverse("notify:run_inbox", args=[code]) if code else reverse("notify:inbox")


@needs()
@require_safe
def message(request: HttpRequest, key: str) -> HttpResponse:
    """What became of a message besides the inbox."""
    screen = MessageScreen(message_of(request, LIVE, key))
    return render(request, "notify/message.html", {"screen": screen, "now": screen.now, "place": "inbox"})
