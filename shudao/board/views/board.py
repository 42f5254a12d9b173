"""The board, live or of a drill run."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.board.access import SETTERS, message_for, scene_for
from shudao.board.screens.board import BoardScreen
from shudao.board.screens.setup import first_hour_is_open
from shudao.notify import actions as notify
from shudao.org.access import actor_of, my_posts, my_rights, needs, staff_of


@needs()
@require_safe
def board(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The situation board."""
    scene = scene_for(request, code)
    posts = {post.code: post.name for post in my_posts(request)}
    pages = {"page": request.GET.get("page", "1"), "ended": request.GET.get("ended", "1")}
    screen = BoardScreen(scene, posts, my_rights(request), staff=staff_of(request), **pages)
    home = f"/runs/{code}/" if code else "/"
    rooms = f"/respond/runs/{code}/" if code else "/respond/"
    alerts = f"/sense/runs/{code}/alerts/" if code else "/sense/alerts/"
    boxes = f"/notify/runs/{code}/inbox/" if code else "/notify/inbox/"
    places = {"home": home, "rooms": rooms, "alerts": alerts, "tasks": f"{rooms}tasks/", "messages_at": boxes}
    sets_up = code is None and bool(my_rights(request) & set(SETTERS)) and first_hour_is_open()
    return render(
        request,
        "board/board.html",
        {"screen": screen, "now": screen.now, "drill": code, "place": "board", "sets_up": sets_up, **places},
    )


@needs()
@require_POST
def confirm_message(request: HttpRequest) -> HttpResponse:
    """Say that a message was read."""
    row = message_for(request, request.POST.get("message", ""))
    notify.confirm_message(actor_of(request, row.scene_value, row.post), row)
    messages.success(request, gettext("已确认收到。"))
    run = row.scene_value.run_code
    return redirect(f"/runs/{run}/" if run else "/")
