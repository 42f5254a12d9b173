"""Settling, closing, watching, sealing. Each POST address names its verb; a refusal comes back at its form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE, Scene
from shudao.follow import actions
from shudao.follow.access import archive_folder, bundle_of, check_bundle, closed_incident_of, incident_of
from shudao.follow.queries import archives_of, watch_of
from shudao.follow.screens import FORMS, ArchivedScreen, ArchiveScreen, FollowScreen
from shudao.ledger.verbs import Actor
from shudao.org.access import actor_of, my_posts, needs
from shudao.org.models import Right
from shudao.respond.models import Incident


def _scene(code: str | None) -> Scene:
    return Scene.run(code) if code else LIVE


def _posts(request: HttpRequest) -> dict[str, str]:
    return {post.code: post.name for post in my_posts(request)}


@needs(Right.WATCH)
@require_safe
def incident(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """How an incident ends and is followed."""
    row = incident_of(request, _scene(code), number)
    return _page(request, FollowScreen(row, _posts(request), page=request.GET.get("page", "1")))


def _page(request: HttpRequest, screen: FollowScreen, status: int = 200) -> HttpResponse:
    run, number = screen.scene.run_code, screen.incident.number
    rooms = f"/respond/runs/{run}/incidents/{number}/" if run else f"/respond/incidents/{number}/"
    base = f"/follow/runs/{run}/incidents/{number}/" if run else f"/follow/incidents/{number}/"
    around = {"now": screen.now, "drill": run, "place": "board", "room": rooms, "base": base}
    return render(request, "follow/incident.html", {"screen": screen, **around}, status=status)


@needs(Right.WATCH)
@require_POST
def do(request: HttpRequest, number: str, verb: str, code: str | None = None) -> HttpResponse:
    """One verb of following."""
    row, posts = incident_of(request, _scene(code), number), _posts(request)
    form = FORMS[verb](request.POST, posts=posts)
    screen = FollowScreen(row, posts, bound=form)
    if not form.is_valid():
        return _page(request, screen, UNREADABLE)
    given = dict(form.cleaned_data)
    actor = actor_of(request, row.scene_value, given.pop("post"))
    call, said = DOING[verb]
    try:
        call(actor, row, **given)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, screen, CONFLICT)
    messages.success(request, str(said))
    parts = {"number": number} | ({"code": code} if code else {})
    return redirect("follow:run_incident" if code else "follow:incident", **parts)


def _seal(actor: Actor, incident: Incident) -> object:
    folder = archive_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return actions.seal(actor, incident, folder / f"{incident.number}-{len(archives_of(incident)) + 1}.zip")


def _end_watch(actor: Actor, incident: Incident) -> object:
    watch = watch_of(incident)
    if watch is None:
        raise Http404
    return actions.end_watch(actor, watch)


DOING: dict[str, tuple[Callable[..., Any], Any]] = {
    "settle_incident": (actions.settle_incident, _("已认定平息。")),
    "close_incident": (actions.close_incident, _("响应已结束。")),
    "watch_incident": (actions.watch_incident, _("已转入跟踪。")),
    "seal_incident": (_seal, _("档案已封存，可以下载。")),
    "end_watch": (_end_watch, _("跟踪已结束，密钥已销毁。")),
}


@needs(Right.WATCH)
@require_safe
def bundle(request: HttpRequest, number: str, name: str) -> FileResponse:
    """A sealed bundle."""
    return FileResponse(bundle_of(request, number, name).open("rb"), as_attachment=True, filename=name)


@needs(Right.WATCH)
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Closed incidents, searched."""
    screen = ArchiveScreen(request.GET.dict())
    values = {"screen": screen, "keep": screen.asked.keep, "now": screen.now, "place": "archive"}
    return render(request, "follow/archive.html", values)


@needs(Right.WATCH)
@require_safe
def archived(request: HttpRequest, number: str) -> HttpResponse:
    """One closed incident; `?check=` looks whether a sealed bundle still is what was sealed."""
    row = closed_incident_of(request, number)
    name = request.GET.get("check", "")
    checked = check_bundle(row, name) if name else None
    screen = ArchivedScreen(row, page=request.GET.get("page", "1"), checked=checked)
    values = {
        "screen": screen,
        "now": screen.now,
        "place": "archive",
        "entry_base": f"/respond/incidents/{number}/entries/",
    }
    return render(request, "follow/archived.html", values)
