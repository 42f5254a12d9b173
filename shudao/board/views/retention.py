"""How long things are kept; a dry run first; the erasing; its record to print, keep and check."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.retention import Kind, kinds
from shudao.board.forms import EraseForm, PeriodForm, usual_day
from shudao.board.screens.retention import DryRunScreen, RetentionScreen, record_of
from shudao.engine.ledger import canonical
from shudao.ledger.actions import erase_class
from shudao.ledger.actions import set_retention as set_period
from shudao.ledger.queries import deletion_records, period_of
from shudao.org.access import needs, setter_of
from shudao.org.models import Post, Right

FORMS = ["GET", "HEAD", "POST"]
MOST_RECORDS = 10
"""Records of one class that one press of the button makes; what is left goes with the next."""


@needs(Right.ERASE)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Every class, its period, and what went."""
    return _page(request, "retention", {"screen": RetentionScreen(request.GET.get("page", "1"))})


@needs(Right.ERASE)
@require_http_methods(FORMS)
def set_retention(request: HttpRequest, code: str) -> HttpResponse:
    """The period of one class."""
    kind = _kind(code)
    period = period_of(kind)
    start = {"days": period.days, "is_on": period.is_on or kind.is_sure, "reason": period.reason}
    form = PeriodForm(request.POST or None, kind=kind, initial=start)
    values = {"form": form, "kind": kind}
    if request.method != "POST":
        return _page(request, "period", values)
    if not form.is_valid():
        return _page(request, "period", values, UNREADABLE)
    given = form.cleaned_data
    try:
        actor = setter_of(request, Right.ERASE)
        set_period(actor, kind, days=given["days"], is_on=given["is_on"], reason=given["reason"])
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, "period", values, CONFLICT)
    messages.success(request, gettext("期限已保存。"))
    return redirect("board:retention")


@needs(Right.ERASE)
@require_http_methods(FORMS)
def erase_old(request: HttpRequest) -> HttpResponse:
    """First what would go, then the going."""
    found = [kind for kind in kinds() if kind.days is not None]
    if not request.POST:
        start = {"before": usual_day(RetentionScreen().now, 180)}
        return _page(request, "erase", {"form": EraseForm(found=found, initial=start)})
    form = EraseForm(request.POST, found=found)
    if not form.is_valid():
        return _page(request, "erase", {"form": form}, UNREADABLE)
    chosen = [kind for kind in found if kind.code in form.cleaned_data["kinds"]]
    if "erase" not in request.POST:
        return _page(request, "erase", {"form": form, "screen": DryRunScreen(chosen, form.moment)})
    return _erased(request, form, chosen, form.moment)


def _erased(request: HttpRequest, form: EraseForm, chosen: list[Kind], before: datetime) -> HttpResponse:
    actor = setter_of(request, Right.ERASE)
    try:
        count = sum(erase_class(actor, kind, before, most=MOST_RECORDS) for kind in chosen)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, "erase", {"form": form}, CONFLICT)
    left = DryRunScreen(chosen, before).total
    said = ngettext("已清除 %(n)d 条，凭证在下方。", "已清除 %(n)d 条，凭证在下方。", count) % {"n": count}
    more = ngettext("还有 %(n)d 条，请再清除一次。", "还有 %(n)d 条，请再清除一次。", left) % {"n": left}
    messages.success(request, f"{said} {more}" if left else said)
    return redirect("board:retention")


@needs(Right.ERASE)
@require_safe
def record(request: HttpRequest, seq: int) -> HttpResponse:
    """One signed record: to be printed, or with `?as=json` to be kept and checked with `shudao verify`."""
    row = deletion_records().filter(seq=seq).first()
    if row is None:
        raise Http404
    names = dict(Post.objects.values_list("code", "name"))
    told = record_of(row, {kind.code: kind.words for kind in kinds()}, names)
    if request.GET.get("as") == "json":
        name = f'attachment; filename="deletion-{seq}.json"'
        body = canonical(told.entry) + b"\n"
        return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": name})
    written = json.dumps(told.entry, ensure_ascii=False, indent=1, sort_keys=True)
    return _page(request, "record", {"record": told, "written": written})


def _kind(code: str) -> Kind:
    found = next((kind for kind in kinds() if kind.code == code), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, name: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"board/retention/{name}.html", {**values, "place": "settings"}, status=status)
