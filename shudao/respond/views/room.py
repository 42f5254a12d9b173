"""The incident room and its verbs. Each verb has its own address: GET shows its form, POST does it.

What was refused comes back with the reason at the form and everything that was written.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.ledger.lines import entry_page
from shudao.ledger.verbs import Actor
from shudao.org.access import actor_of, needs
from shudao.org.models import Right
from shudao.respond import access, actions, forms
from shudao.respond.models import Incident
from shudao.respond.queries import names_in
from shudao.respond.screens.charge import ChargeScreen
from shudao.respond.screens.earlier import earlier_for, earlier_of
from shudao.respond.screens.plan import PlanScreen
from shudao.respond.screens.statement import StatementScreen
from shudao.respond.views.around import WORD, around, posts_of, room_address, scene_of, screen_of
from shudao.respond.views.desks import DESKS, ROWS, Desk
from shudao.respond.views.onlookers import room_for_onlookers
from shudao.sense.beside import Answered


@needs(Right.WATCH)
@require_safe
def incident(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """The room."""
    row = access.incident_of(request, scene_of(code), number)
    if shared := room_for_onlookers(request, row):
        return shared
    screen = screen_of(request, row)
    return render(request, "respond/incident.html", {"screen": screen, **around(row)})


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, number: str, verb: str, code: str | None = None) -> HttpResponse:
    """One verb of the room."""
    row = access.incident_of(request, scene_of(code), number)
    desk, posts = DESKS[verb], posts_of(request, row)
    if request.method != "POST":
        form = desk.form(incident=row, posts=posts, initial=_initial(request, posts))
        return _verb_page(request, row, form, 200)
    form = desk.form(request.POST, incident=row, posts=posts)
    if not form.is_valid():
        return _verb_page(request, row, form, UNREADABLE)
    actor = actor_of(request, row.scene_value, form.cleaned_data["post"])
    try:
        said = _perform(request, desk, actor, row, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _verb_page(request, row, form, CONFLICT)
    messages.success(request, said)
    return redirect(_back(request, row, desk))


def _perform(request: HttpRequest, desk: Desk, actor: Actor, row: Incident, form: forms.RoomForm) -> str:
    """Do the verb, or record it for the post that did it by telephone; returns what is said then."""
    given, verb = form.cleaned_data, desk.form.verb
    if verb not in actions.BY_PHONE or not given.get("oral_of"):
        desk.do(request, actor, row, form)
        return str(desk.said)
    about = next((str(given[name]) for name in ROWS if given.get(name)), "")
    actions.record_oral(
        actor, row, done=verb, post=given["oral_of"], told=given["told"], about=about,
        happened_at=given["happened_at"], do=lambda inner: desk.do(request, inner, row, form),
    )  # fmt: skip
    return gettext("已代录，对方须限时补认。")


def _back(request: HttpRequest, row: Incident, desk: Desk) -> str:
    """Where a tap leads back to: the list it was made in, else its part of the room."""
    run = row.scene_value.run_code
    if request.POST.get("back") == "tasks":
        return reverse("respond:run_tasks", args=[run]) if run else reverse("respond:tasks")
    return f"{room_address(row)}#{desk.back}"


def _initial(request: HttpRequest, posts: Mapping[str, str]) -> dict[str, str]:
    asked = request.GET.dict()
    return (
        {**asked, "post": asked["post"]}
        if asked.get("post") in posts
        else {k: v for k, v in asked.items() if k != "post"}
    )


def _verb_page(request: HttpRequest, row: Incident, form: forms.RoomForm, status: int) -> HttpResponse:
    screen = screen_of(request, row)
    about = _about(request, row, form)
    values = {"screen": screen, "form": form, "about": about, "earlier": _earlier(row, form, about), **around(row)}
    return render(request, "respond/verb.html", values, status=status)


def _earlier(row: Incident, form: forms.RoomForm, about: Any) -> list[Answered]:
    """What this site answered before, where somebody is about to say something."""
    if form.verb in ("add_fact", "draft_statement"):
        return earlier_for(row, form.data.get("text", ""))
    return earlier_of(about) if form.verb == "answer_demand" and about else []


def _about(request: HttpRequest, row: Incident, form: forms.RoomForm) -> Any:
    """The row that the form is about, to be shown above it."""
    for name, fetch in ROWS.items():
        key = str(form[name].value() or "") if name in form.fields else ""
        if key:
            return fetch(request, row.scene_value, row.number, key)
    return None


@needs(Right.WATCH)
@require_safe
def document(request: HttpRequest, number: str, name: str, code: str | None = None) -> HttpResponse:
    """A sent paper as Word."""
    row = access.document_of(request, scene_of(code), number, name)
    return HttpResponse(
        bytes(row.content), content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{row.name}"'}
    )


@needs(Right.WATCH)
@require_safe
def entry(request: HttpRequest, number: str, seq: int, code: str | None = None) -> HttpResponse:
    """The entry behind a line of the timeline."""
    row = access.incident_of(request, scene_of(code), number)
    values = entry_page(row.stream, seq, names_in(row))
    if values is None:
        raise Http404
    return render(request, "ledger/entry.html", {**values, **around(row), "back": f"{room_address(row)}#entry-{seq}"})


@needs(Right.WATCH)
@require_safe
def statement(request: HttpRequest, number: str, text: str, code: str | None = None) -> HttpResponse:
    """A statement with all its versions and what changed between two of them."""
    row = access.statement_of(request, scene_of(code), number, text)
    screen = StatementScreen(row, from_=request.GET.get("from", ""), to=request.GET.get("to", ""))
    return render(request, "respond/statement.html", {"screen": screen, **around(row.incident)})


@needs(Right.WATCH)
@require_safe
def plan(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """The plan the incident runs, step by step."""
    row = access.incident_of(request, scene_of(code), number)
    return render(request, "respond/plan.html", {"screen": PlanScreen(row), **around(row)})


@needs(Right.WATCH)
@require_safe
def charge(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """Who was in charge at a moment: `?at=`."""
    row = access.incident_of(request, scene_of(code), number)
    screen = ChargeScreen(row, request.GET.get("at", ""))
    return render(request, "respond/charge.html", {"screen": screen, **around(row)})
