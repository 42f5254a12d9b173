"""Posts copied by hand: written down, shown as they were understood, kept. Nothing is fetched from the platform."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.intake.paste import PLATFORMS
from shudao.listen import actions, store
from shudao.listen.forms.paste import PasteForm, PasteManyForm, ShotsForm, understood
from shudao.org.access import actor_of, needs
from shudao.org.models import Right


def _form(request: HttpRequest) -> PasteForm | PasteManyForm:
    asked = request.POST if request.method == "POST" else request.GET
    kind = PasteManyForm if "many" in asked else PasteForm
    return kind(request.POST if request.method == "POST" else None)


def _page(request: HttpRequest, form: PasteForm | PasteManyForm, status: int = 200) -> HttpResponse:
    around = {"form": form, "is_many": isinstance(form, PasteManyForm), "platforms": PLATFORMS, "place": "report"}
    return render(request, "listen/paste.html", around, status=status)


def _check(request: HttpRequest, form: PasteForm | PasteManyForm, shots: ShotsForm, status: int = 200) -> HttpResponse:
    """What was understood, before anything is kept; the words travel along, the screenshots are chosen here."""
    now = clock.now(LIVE)
    shots.fields["read_at"].initial = now
    rows = understood(form.pasted(), now)
    around = {
        "rows": rows, "form": form, "shots": shots, "now": now, "good": sum(row.post is not None for row in rows),
        "is_many": isinstance(form, PasteManyForm), "place": "report",
    }  # fmt: skip
    answer = render(request, "listen/paste_check.html", around, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Right.RECEIVE, Right.SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Write them down, then see how they were understood."""
    form = _form(request)
    if request.method != "POST" or "again" in request.POST:
        return _page(request, form)
    return _check(request, form, ShotsForm()) if form.is_valid() else _page(request, form, UNREADABLE)


@needs(Right.RECEIVE, Right.SOURCES)
@require_POST
def paste_posts(request: HttpRequest) -> HttpResponse:
    """Keep what was shown. Relative times are counted from the moment they were shown."""
    form, shots = _form(request), ShotsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, UNREADABLE)
    if not shots.is_valid():
        return _check(request, form, shots, UNREADABLE)
    now, shown_at = clock.now(LIVE), shots.cleaned_data.get("read_at")
    then = shown_at if shown_at and now - timedelta(hours=2) <= shown_at <= now else now
    posts = [row.post for row in understood(form.pasted(), then) if row.post is not None]
    pictures = [(store.put([body]), picture) for body, picture in shots.cleaned_data["pictures"]]
    try:
        batch = actions.paste_posts(actor_of(request, LIVE), posts, pictures=pictures)
    except BaseException as fault:
        store.drop(*(stored.file for stored, _ in pictures))
        if not isinstance(fault, Refused):
            raise
        shots.refuse(fault)
        return _check(request, form, shots, CONFLICT)
    said = ngettext("已录入 %(n)d 条。", "已录入 %(n)d 条。", len(batch.items)) % {"n": len(batch.items)}
    if batch.repeated:
        said += ngettext("%(n)d 条以前就有，没有重复存。", "%(n)d 条以前就有，没有重复存。", batch.repeated) % {
            "n": batch.repeated
        }
    messages.success(request, said + gettext("正在研判。"))
    return redirect("listen:paste")
