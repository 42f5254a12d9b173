"""The organisation's sheet: download, upload, look at what would change, confirm."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.words import BadInput
from shudao.org import actions
from shudao.org.access import needs, setter_of, staff_of
from shudao.org.forms.sheet import SheetForm
from shudao.org.models import Right, SheetUpload
from shudao.org.queries.sheet import present_state
from shudao.org.screens.sheet import SheetScreen
from shudao.org.sheet.write import write_sheet
from shudao.org.views.pages import attachment, show
from shudao.org.views.registers import BOOK


@needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Upload a sheet; what cannot be read at all comes back with the reason."""
    if request.method != "POST":
        return _page(request, SheetForm(), 200)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, UNREADABLE)
    file, now = form.cleaned_data["file"], clock.now(LIVE)
    try:
        upload = actions.keep_sheet(
            staff_of(request), file.name, file.read(), is_whole=form.cleaned_data["is_whole"], now=now
        )
    except BadInput as fault:
        form.add_error("file", fault.line(get_language() or "zh"))
        return _page(request, form, UNREADABLE)
    return redirect("org:sheet_preview", upload.token)


def _page(request: HttpRequest, form: SheetForm, status: int) -> HttpResponse:
    said = {"form": form, "here": "sheet", "place": "people", "now": clock.now(LIVE)}
    return render(request, "org/sheet.html", said, status=status)


@needs(Right.PEOPLE)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The sheet with what stands; `?blank` the template."""
    now, blank = clock.now(LIVE), "blank" in request.GET
    data = write_sheet(present_state(now), get_language() or "zh", is_blank=blank)
    name = gettext("组织样表") if blank else gettext("组织现状")
    return attachment(data, BOOK, f"{name}.xlsx")


@needs(Right.PEOPLE)
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the sheet would change."""
    upload = _upload(request, token)
    screen = SheetScreen(upload, actions.preview_sheet(upload, clock.now(LIVE)), request.GET)
    return show(request, "org/preview.html", screen=screen, pages=screen.pages, here="sheet")


@needs(Right.PEOPLE)
@require_POST
def apply_sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Write what the preview showed."""
    upload = _upload(request, token)
    try:
        done = actions.apply_sheet(setter_of(request, Right.PEOPLE), upload, digest=request.POST.get("digest", ""))
    except Refused as refusal:
        screen = SheetScreen(upload, actions.preview_sheet(upload, clock.now(LIVE)), request.GET, refusal.why)
        answer = show(request, "org/preview.html", screen=screen, pages=screen.pages, here="sheet")
        answer.status_code = CONFLICT
        return answer
    said = ngettext("已写入 %(n)d 项改动。", "已写入 %(n)d 项改动。", done.to_do) % {"n": done.to_do}
    messages.success(request, said)
    return redirect("org:people")


def _upload(request: HttpRequest, token: str) -> SheetUpload:
    """The reader's own sheet, while it lives."""
    rows = SheetUpload.objects.filter(token=token, staff=staff_of(request), expires_at__gt=clock.now(LIVE))
    upload = rows.select_related("staff").first()
    if upload is None:
        raise Http404
    return upload
