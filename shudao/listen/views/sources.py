"""Sources: what the site listens to, looked at before it is registered, changed, paused, retired."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.listen import actions
from shudao.listen.fetch import site_of
from shudao.listen.forms.sources import (
    AddFeedForm,
    AddFileSourceForm,
    ChangeSourceForm,
    LookForm,
    StopSourceForm,
    seen_token,
)
from shudao.listen.looking import look
from shudao.listen.models import Source
from shudao.listen.queries import source_of
from shudao.listen.queries.sources import free_source_code
from shudao.listen.screens.faults import fault_of
from shudao.listen.screens.sources import SourceScreen, SourcesScreen
from shudao.org.access import needs, setter_of
from shudao.org.models import Right

FORMS = ["GET", "HEAD", "POST"]


@needs(Right.WATCH, Right.SOURCES)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The register of sources."""
    asked = request.GET
    screen = SourcesScreen(state=asked.get("state", "all"), ask=asked.get("ask", ""), page=asked.get("page", "1"))
    return render(request, "listen/sources.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.WATCH, Right.SOURCES)
@require_safe
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source and how it is."""
    screen = SourceScreen(_source(code))
    return render(request, "listen/source.html", {"screen": screen, "now": screen.now, "place": "settings"})


def _source(code: str) -> Source:
    row = source_of(LIVE, code)
    if row is None:
        raise Http404
    return row


@needs(Right.SOURCES)
@require_http_methods(FORMS)
def add_source(request: HttpRequest) -> HttpResponse:
    """Paste an address, see what stands there, register it; or, with `way=file`, one that is handed in by file."""
    if (request.POST or request.GET).get("way") == "file":
        return _add_file_source(request)
    if request.method != "POST":
        return _add(request, LookForm(initial={"address": request.GET.get("address", "")}))
    return _look(request) if "look" in request.POST else _register(request)


def _look(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.POST)
    if not form.is_valid():
        return _add(request, form, UNREADABLE)
    sight = look(form.cleaned_data["address"], clock.now(LIVE))
    if not sight.is_good:
        return _add(request, form, sight=sight, fault=fault_of(sight.fault))
    start = {"seen": seen_token(sight.address), "name": sight.title or site_of(sight.address), "kind": "web"}
    return _add(request, form, sight=sight, adding=AddFeedForm(initial=start))


def _register(request: HttpRequest) -> HttpResponse:
    form = AddFeedForm(request.POST)
    if not form.is_valid():
        looking = LookForm(initial={"address": form.cleaned_data.get("seen", "")})
        return _add(request, looking, UNREADABLE, adding=form)
    given = form.cleaned_data
    address = given["seen"]
    told = {"connector": "feed", "address": address, "every_seconds": given["every"] * 60}
    return _keep(request, form, site_of(address), told, looking=LookForm(initial={"address": address}))


def _add_file_source(request: HttpRequest) -> HttpResponse:
    form = AddFileSourceForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _file_form(request, form, UNREADABLE if form.is_bound else 200)
    return _keep(request, form, form.cleaned_data["name"], {"connector": "file"})


def _file_form(request: HttpRequest, form: AddFileSourceForm, status: int = 200) -> HttpResponse:
    values = {"form": form, "now": clock.now(LIVE), "place": "settings"}
    return render(request, "listen/add_file_source.html", values, status=status)


def _keep(
    request: HttpRequest, form: Any, hint: str, told: dict[str, Any], looking: LookForm | None = None
) -> HttpResponse:
    """Register it; a refusal is shown on the form."""
    given = form.cleaned_data
    common = {"name": given["name"], "kind": given["kind"], "department": given["department"], "terms": given["terms"]}
    try:
        row = actions.add_source(setter_of(request, Right.SOURCES), free_source_code(LIVE, hint), **common, **told)
    except Refused as refusal:
        form.refuse(refusal)
        if looking is None:
            return _file_form(request, form, CONFLICT)
        return _add(request, looking, CONFLICT, adding=form)
    messages.success(request, gettext("信源已登记。") + ("" if not row.is_polled else gettext("几秒后读第一次。")))
    return redirect("listen:source", row.code)


def _add(request: HttpRequest, form: LookForm, status: int = 200, **more: object) -> HttpResponse:
    values = {"form": form, "now": clock.now(LIVE), "place": "settings", **more}
    return render(request, "listen/add_source.html", values, status=status)


@needs(Right.SOURCES)
@require_http_methods(FORMS)
def change_source(request: HttpRequest, code: str) -> HttpResponse:
    """Change its name, kind, turn, department, terms."""
    row = _source(code)
    form = ChangeSourceForm(request.POST or None, source=row)
    if not form.is_bound or not form.is_valid():
        return _verb(request, row, form, "change_source", UNREADABLE if form.is_bound else 200)
    given = dict(form.cleaned_data)
    every = given.pop("every", 0) * 60 or row.every_seconds
    return _do(
        request, row, form, "change_source", gettext("已修改。"),
        lambda who: actions.change_source(who, row, every_seconds=every, **given),
    )  # fmt: skip


@needs(Right.SOURCES)
@require_http_methods(FORMS)
def pause_source(request: HttpRequest, code: str) -> HttpResponse:
    """Leave it alone for a while."""
    return _stop(request, code, "pause_source", actions.pause_source, gettext("已暂停。"))


@needs(Right.SOURCES)
@require_http_methods(FORMS)
def retire_source(request: HttpRequest, code: str) -> HttpResponse:
    """Take it out of the register."""
    return _stop(request, code, "retire_source", actions.retire_source, gettext("已停用，带来的信息还在。"))


def _stop(request: HttpRequest, code: str, name: str, verb: Callable[..., object], said: str) -> HttpResponse:
    row = _source(code)
    form = StopSourceForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _verb(request, row, form, name, UNREADABLE if form.is_bound else 200)
    return _do(request, row, form, name, said, lambda who: verb(who, row, reason=form.cleaned_data["reason"]))


@needs(Right.SOURCES)
@require_POST
def resume_source(request: HttpRequest, code: str) -> HttpResponse:
    """Listen to it again."""
    row = _source(code)
    actions.resume_source(setter_of(request, Right.SOURCES), row)
    messages.success(request, gettext("已恢复，几秒后读取。") if row.is_polled else gettext("已恢复。"))
    return redirect("listen:source", row.code)


@needs(Right.SOURCES)
@require_POST
def hasten_source(request: HttpRequest, code: str) -> HttpResponse:
    """Read it at the worker's next turn."""
    row = _source(code)
    actions.hasten_source(setter_of(request, Right.SOURCES), row)
    messages.success(request, gettext("已排到最前，几秒后读取。"))
    return redirect("listen:source", row.code)


def _do(
    request: HttpRequest, row: Source, form: Any, name: str, said: str, do: Callable[[Actor], object]
) -> HttpResponse:
    try:
        do(setter_of(request, Right.SOURCES))
    except Refused as refusal:
        form.refuse(refusal)
        return _verb(request, row, form, name, CONFLICT)
    messages.success(request, said)
    return redirect("listen:source", row.code)


def _verb(request: HttpRequest, row: Source, form: Any, name: str, status: int) -> HttpResponse:
    values = {"source": row, "form": form, "verb": name, "now": clock.now(LIVE), "place": "settings"}
    return render(request, "listen/source_verb.html", values, status=status)
