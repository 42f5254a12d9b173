"""Imports: hand a file over, confirm its columns, watch it being read, fetch what was turned away."""

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.intake.setting import Setting
from shudao.engine.intake.sniff import sniff
from shudao.engine.intake.table import safe_cell
from shudao.engine.papers.book import Column, Page, write_book
from shudao.engine.words import BadInput, Words
from shudao.listen import actions, store
from shudao.listen.access import import_run
from shudao.listen.forms.imports import StartImportForm, UploadImportForm
from shudao.listen.models import ImportRun
from shudao.listen.queries.imports import rejects_of
from shudao.listen.screens.imports import ImportScreen, ImportsScreen
from shudao.org.access import actor_of, needs
from shudao.org.models import Right

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _list(request: HttpRequest, form: UploadImportForm, status: int = 200) -> HttpResponse:
    screen = ImportsScreen(request.GET.get("page", "1"))
    around = {"screen": screen, "form": form, "now": screen.now, "place": "settings"}
    return render(request, "listen/imports.html", around, status=status)


@needs(Right.SOURCES)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, newest first, and the box for the next."""
    return _list(request, UploadImportForm(initial={"source": request.GET.get("source", "")}))


@needs(Right.SOURCES)
@require_POST
def upload_import(request: HttpRequest) -> HttpResponse:
    """Look into the file, seal it, and go on to its columns."""
    form = UploadImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, UNREADABLE)
    file, now = form.cleaned_data["file"], clock.now(LIVE)
    data, name = file.read(), file.name or "file"
    try:
        seen = sniff(name, data, Setting(source=form.cleaned_data["source"], at=now, now=now))
    except BadInput as fault:
        form.add_error("file", fault.line(get_language() or "zh"))
        return _list(request, form, UNREADABLE)
    stored = store.put([data])
    try:
        actor, source = actor_of(request, LIVE), form.cleaned_data["source"]
        run = actions.upload_import(actor, stored, file_name=name, source=source, sniffed=seen)
    except BaseException:
        store.drop(stored.file)
        raise
    return redirect("listen:one_import", key=run.pk)


def _one(request: HttpRequest, screen: ImportScreen, status: int = 200, **more: object) -> HttpResponse:
    form = StartImportForm(initial=screen.initial, look=screen.look)
    around = {"screen": screen, "run": screen.run, "form": form, "now": screen.now, "place": "settings", **more}
    answer = render(request, "listen/one_import.html", around, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Right.SOURCES)
@require_safe
def one_import(request: HttpRequest, key: int) -> HttpResponse:
    """Its columns to confirm, how far it is, or what came of it."""
    asked = {"sheet": request.GET.get("sheet", ""), "heading": request.GET.get("heading", "")}
    screen = ImportScreen(import_run(key), **asked)
    if request.headers.get("HX-Target") == "progress":
        around = {"screen": screen, "run": screen.run, "now": screen.now}
        return render(request, "listen/parts/progress.html", around)
    return _one(request, screen)


@needs(Right.SOURCES)
@require_POST
def start_import(request: HttpRequest, key: int) -> HttpResponse:
    """Hand it to the worker as confirmed."""
    run = import_run(key)
    heading = request.POST.get("heading_row", "")
    asked = str(int(heading) + 1) if heading.isdigit() else ""
    screen = ImportScreen(run, sheet=request.POST.get("sheet", ""), heading=asked)
    if screen.seen is None:
        return redirect("listen:one_import", key=key)
    look = screen.look
    form = StartImportForm(request.POST, look=look)
    if not form.is_valid():
        return _one(request, screen, UNREADABLE, form=form)
    told = {"kind": form.cleaned_data["kind"], **_as_confirmed(screen, form)}
    try:
        actions.start_import(actor_of(request, LIVE), run, **told)
    except Refused as refusal:
        return _one(request, ImportScreen(import_run(key)), CONFLICT, refusal=refusal.why)
    return redirect("listen:one_import", key=key)


def _as_confirmed(screen: ImportScreen, form: StartImportForm) -> dict[str, object]:
    """The layout of a sheet, whether its like are read too, and how many rows that is; {} for what has no columns."""
    if screen.look is None or screen.seen is None:
        return {}
    look, alone = screen.look, form.cleaned_data.get("only_this") or not screen.look.alike
    alike = [one.count for one in screen.seen.sheets if one.fingerprint == look.fingerprint]
    told = {"layout": form.cleaned_data["layout"], "fingerprint": look.fingerprint}
    return {**told, "sheet": look.name if alone else "", "total": look.count if alone else sum(alike)}


@needs(Right.SOURCES)
@require_POST
def stop_import(request: HttpRequest, key: int) -> HttpResponse:
    """Stop it, or take back a file that was not begun."""
    try:
        actions.stop_import(actor_of(request, LIVE), import_run(key))
    except Refused as refusal:
        return _one(request, ImportScreen(import_run(key)), CONFLICT, refusal=refusal.why)
    return redirect("listen:one_import", key=key)


@needs(Right.SOURCES)
@require_safe
def rejects(request: HttpRequest, key: int, form: str) -> HttpResponse:
    """What was turned away, as a sheet in which nothing runs: row and reason, never the row itself."""
    run = import_run(key)
    body = _book(run) if form == "xlsx" else _comma(run)
    answer = HttpResponse(body, content_type=BOOK if form == "xlsx" else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejects-{run.pk}.{form}"'
    return answer


def _lines(run: ImportRun) -> Iterator[tuple[int, str]]:
    language = get_language() or "zh"
    for one in rejects_of(run).iterator(chunk_size=2000):
        yield one.line, Words(one.why_zh, one.why_en).say(language)


def _book(run: ImportRun) -> bytes:
    columns = (Column(head=gettext("行号"), width=10, kind="number"), Column(head=gettext("原因"), width=70))
    page = Page(name=gettext("退件"), columns=columns, rows=list(_lines(run)))
    return write_book([page], run.ended_at or clock.now(LIVE))


def _comma(run: ImportRun) -> bytes:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow([gettext("行号"), gettext("原因")])
    table.writerows([line, safe_cell(why)] for line, why in _lines(run))
    return file.getvalue().encode("utf-8-sig")
