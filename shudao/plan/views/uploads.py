"""Written plans handed over: taken in, read, shown beside what was understood."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.read.draft import draft_folder
from shudao.engine.plan.zipped import folder_of, pack
from shudao.engine.words import BadInput
from shudao.org.access import needs, setter_of
from shudao.org.models import Right
from shudao.plan import actions
from shudao.plan.access import upload_for
from shudao.plan.forms import UploadPlanForm
from shudao.plan.jobs import read_upload
from shudao.plan.screens.upload import UploadScreen
from shudao.plan.views.editions import ZIP, download

AT_ONCE = 400_000
"""Bytes of a file that is read within the request; a larger one waits for the worker."""


@needs(Right.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_plan(request: HttpRequest) -> HttpResponse:
    """Hand over a written plan, or a plan folder in a zip."""
    form = UploadPlanForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _form(request, form, 200)
    if not form.is_valid():
        return _form(request, form, UNREADABLE)
    file = form.cleaned_data["file"]
    take = _take_folder if file.name.lower().endswith(".zip") else _take_text
    try:
        return take(request, file.name, file.read())
    except BadInput as fault:
        form.add_error("file", fault.line(get_language() or "zh"))
        return _form(request, form, UNREADABLE)
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, CONFLICT)


def _take_folder(request: HttpRequest, name: str, data: bytes) -> HttpResponse:
    """A plan folder becomes a draft, whatever state its file says: it is signed here, not elsewhere."""
    plan = load_plan(folder_of(data, name))
    row = actions.draft_plan(setter_of(request, Right.PLAN), plan, origin=f"file:{name[-100:]}")
    messages.success(request, gettext("已读入预案文件夹，成为草稿。"))
    return redirect("plan:edition", row.pk)


def _take_text(request: HttpRequest, name: str, data: bytes) -> HttpResponse:
    """A written plan is kept and read: a small one at once."""
    row = actions.upload_plan(setter_of(request, Right.PLAN), name=name, data=data)
    if len(data) <= AT_ONCE:
        read_upload(row.pk)
    return redirect("plan:upload", row.pk)


def _form(request: HttpRequest, form: UploadPlanForm, status: int) -> HttpResponse:
    values = {"form": form, "now": clock.now(LIVE), "place": "plan"}
    return render(request, "plan/upload_plan.html", values, status=status)


@needs(Right.PLAN)
@require_safe
def upload(request: HttpRequest, key: int) -> HttpResponse:
    """The text and what was understood of it, side by side."""
    row = upload_for(request, key)
    screen = UploadScreen(row, part=request.GET.get("part", ""), page=request.GET.get("page", "1"))
    return render(request, "plan/upload.html", {"screen": screen, "now": screen.now, "place": "plan"})


@needs(Right.PLAN)
@require_safe
def file(request: HttpRequest, key: int) -> HttpResponse:
    """The file as it was handed over."""
    row = upload_for(request, key)
    return download(bytes(row.data), row.name, "application/octet-stream")


@needs(Right.PLAN)
@require_safe
def folder(request: HttpRequest, key: int) -> HttpResponse:
    """What was understood as a draft plan folder, to be completed by hand and handed in again."""
    row = upload_for(request, key)
    if not row.is_read:
        raise Http404
    return download(pack(draft_folder(row.reading, row.name)), f"plan-{row.pk}.zip", ZIP)


@needs(Right.PLAN)
@require_POST
def discard_upload(request: HttpRequest, key: int) -> HttpResponse:
    """Throw it away."""
    actions.discard_upload(setter_of(request, Right.PLAN), upload_for(request, key))
    messages.success(request, gettext("上传的文件和读数已删去。"))
    return redirect("plan:editions")
