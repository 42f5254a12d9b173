"""Drafts: taken from a shipped plan or a reading, given names and posts, acknowledged, signed, retired, thrown away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.engine.plan.own import for_organisation, framed, next_version
from shudao.org.access import needs, setter_of
from shudao.org.actions.from_plan import add_posts_from_plan as take_posts
from shudao.org.models import Right
from shudao.org.queries import post_names
from shudao.plan import actions
from shudao.plan.access import edition_for, upload_for
from shudao.plan.forms import BindPostsForm, DraftPlanForm, NamePartsForm, RetirePlanForm, SignPlanForm
from shudao.plan.models import Edition, Upload
from shudao.plan.queries import post_choices, versions_of
from shudao.plan.screens.edition import EditionScreen
from shudao.plan.screens.editions import LibraryScreen, shipped_plan, shipped_plans, today

FORMS = ["GET", "HEAD", "POST"]


@needs(Right.PLAN)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The shipped plans; with `upload`, to be the frame of a written one."""
    return _library(request, LibraryScreen(upload=_upload(request, request.GET.get("upload", ""))))


def _library(request: HttpRequest, screen: LibraryScreen, status: int = 200) -> HttpResponse:
    return render(request, "plan/library.html", {"screen": screen, "now": screen.now, "place": "plan"}, status=status)


def _upload(request: HttpRequest, key: object) -> Upload | None:
    return upload_for(request, int(str(key))) if str(key).isdecimal() else None


@needs(Right.PLAN)
@require_POST
def draft_plan(request: HttpRequest) -> HttpResponse:
    """A draft from a shipped plan, alone or as the frame of a written one."""
    form = DraftPlanForm(request.POST)
    if form.data.get("plan") not in shipped_plans():
        raise Http404
    upload = _upload(request, form.data.get("upload") or "")
    if not form.is_valid():
        return _library(request, LibraryScreen(upload=upload, bound=form), UNREADABLE)
    name, given = form.cleaned_data["plan"], form.cleaned_data["organisation"]
    shipped = shipped_plan(name)
    version = next_version(today().isoformat(), versions_of(shipped.id))
    written = upload is not None and upload.is_read
    plan = (
        framed(shipped, upload.reading, given, version)
        if upload and written
        else for_organisation(shipped, given, version)
    )
    origin = f"upload:{upload.pk} frame:{name}" if upload and written else f"library:{name}"
    row = actions.draft_plan(
        setter_of(request, Right.PLAN),
        plan,
        origin=origin,
        kind=name.rpartition("/")[2],
        upload=upload if written else None,
    )
    messages.success(request, gettext("草稿已建立。接着核对名称和岗位，然后签发。"))
    return redirect("plan:edition", row.pk)


@needs(Right.PLAN)
@require_http_methods(FORMS)
def name_parts(request: HttpRequest, key: int) -> HttpResponse:
    """Give the draft its own names."""
    row = edition_for(request, key)
    form = NamePartsForm(request.POST or None, plan=row.plan)
    if not form.is_bound or not form.is_valid():
        return _form(request, row, "plan/name_parts.html", form)
    given = form.cleaned_data
    since = given["effective_from"]
    try:
        actions.name_parts(
            setter_of(request, Right.PLAN),
            row,
            title=given["title"],
            doc_no=given["doc_no"],
            effective_from=since.isoformat() if since else "",
            parent=given["parent"],
            units=form.named("unit"),
            posts=form.named("post"),
        )
    except Refused as refusal:
        return _refused(request, row, "plan/name_parts.html", form, refusal)
    messages.success(request, gettext("名称已改定。"))
    return redirect("plan:edition", row.pk)


@needs(Right.PLAN, Right.PEOPLE)
@require_safe
def posts(request: HttpRequest, key: int) -> HttpResponse:
    """The plan's posts and the organisation's."""
    row = edition_for(request, key)
    return _form(request, row, "plan/posts.html", _binding(row))


def _binding(row: Edition, data: Any = None) -> BindPostsForm:
    return BindPostsForm(data, plan=row.plan, known=post_names(), choices=post_choices())


@needs(Right.PEOPLE)
@require_POST
def add_posts_from_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Make the posts that the organisation has not, or bind them to its own."""
    row = edition_for(request, key)
    form = _binding(row, request.POST)
    if not form.is_valid():
        return _form(request, row, "plan/posts.html", form)
    try:
        made = take_posts(setter_of(request, Right.PEOPLE), row.plan, bindings=form.bindings)
    except Refused as refusal:
        return _refused(request, row, "plan/posts.html", form, refusal)
    messages.success(request, gettext("已设 %(n)d 个岗位。接着安排人员和班次。") % {"n": len(made)})
    return redirect("plan:posts", row.pk)


@needs(Right.PLAN)
@require_POST
def acknowledge_not_executable(request: HttpRequest, key: int) -> HttpResponse:
    """Take note of a line that is not carried out; of all that are left when none is named."""
    row = edition_for(request, key)
    named = request.POST.get("text", "")
    wanted = [named] if named else [line.text for line in row.plan.not_executable if not line.acknowledged_by]
    for text in wanted:
        row = actions.acknowledge_not_executable(setter_of(request, Right.PLAN), row, text=text)
    messages.success(request, gettext("已签认：只作原文留存，不执行。"))
    return redirect(f"{request.path.removesuffix('acknowledge_not_executable/')}#outside")


@needs(Right.PLAN)
@require_http_methods(FORMS)
def sign_plan(request: HttpRequest, key: int) -> HttpResponse:
    """What signing means, and signing."""
    row = edition_for(request, key)
    form = SignPlanForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _form(request, row, "plan/sign_plan.html", form)
    try:
        actions.sign_plan(setter_of(request, Right.PLAN), row)
    except Refused as refusal:
        return _refused(request, row, "plan/sign_plan.html", form, refusal)
    messages.success(request, gettext("已签发，从现在起新的事件按这一版办理。"))
    return redirect("plan:edition", row.pk)


@needs(Right.PLAN)
@require_http_methods(FORMS)
def retire_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Take it out of force."""
    row = edition_for(request, key)
    form = RetirePlanForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _form(request, row, "plan/retire_plan.html", form)
    try:
        actions.retire_plan(setter_of(request, Right.PLAN), row, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return _refused(request, row, "plan/retire_plan.html", form, refusal)
    messages.success(request, gettext("已停用；已开始的事件仍按它办理。"))
    return redirect("plan:editions")


@needs(Right.PLAN)
@require_POST
def discard_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_plan(setter_of(request, Right.PLAN), edition_for(request, key))
    messages.success(request, gettext("草稿已删去。"))
    return redirect("plan:editions")


def _form(request: HttpRequest, row: Edition, template: str, form: Any, status: int = 0) -> HttpResponse:
    screen = EditionScreen(row)
    values = {"screen": screen, "now": screen.now, "place": "plan", "form": form}
    return render(request, template, values, status=status or (UNREADABLE if form.is_bound else 200))


def _refused(request: HttpRequest, row: Edition, template: str, form: Any, refusal: Refused) -> HttpResponse:
    form.refuse(refusal)
    row.refresh_from_db()
    return _form(request, row, template, form, CONFLICT)
