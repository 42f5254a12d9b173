"""Reports and lessons: all of them, and those of one real incident. A drill's are written on its own page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.org.access import actor_of, my_posts, needs
from shudao.org.models import Right
from shudao.respond.models import Incident
from shudao.review import actions
from shudao.review.access import incident_of, lesson_of, report_of, subject_of
from shudao.review.forms import AddLessonForm, FinishLessonForm, ReviewForm
from shudao.review.screens import IncidentReviewScreen, ReviewsScreen

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _posts(request: HttpRequest) -> dict[str, str]:
    return {post.code: post.name for post in my_posts(request)}


@needs(Right.WATCH)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """All reports and what is still to be changed."""
    screen = ReviewsScreen(request.GET.dict())
    return render(request, "review/reviews.html", {"screen": screen, "now": screen.now, "place": "archive"})


@needs(Right.WATCH)
@require_safe
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """The review of one incident."""
    screen = IncidentReviewScreen(incident_of(request, number))
    return render(request, "review/incident.html", {"screen": screen, "now": screen.now, "place": "archive"})


@needs(Right.WATCH)
@require_POST
def write_after_action(request: HttpRequest, number: str) -> HttpResponse:
    """Score the incident's record and write the report."""
    row = incident_of(request, number)
    actions.make_after_action(actor_of(request, LIVE), subject_of(row))
    messages.success(request, gettext("复盘报告已写成。"))
    return redirect("review:incident", number)


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def add_lesson(request: HttpRequest, number: str) -> HttpResponse:
    """Enter what is to change."""
    row = incident_of(request, number)
    more = {"posts": _posts(request), "plan": row.plan}
    if request.method != "POST":
        return _form(request, AddLessonForm(**more), row, 200)
    form = AddLessonForm(request.POST, **more)
    if not form.is_valid():
        return _form(request, form, row, UNREADABLE)
    given = form.cleaned_data
    try:
        actions.add_lesson(
            actor_of(request, LIVE, given["post"]), subject_of(row), text=given["text"], post=given["owner"],
            due_at=given["due_at"], proof=given["proof"],
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, row, CONFLICT)
    messages.success(request, gettext("改进项已登记。"))
    return redirect("review:incident", number)


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def finish_lesson(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Hand in the proof that a lesson was done."""
    row = incident_of(request, number)
    lesson = lesson_of(row.stream, code)
    form = FinishLessonForm(request.POST or None, posts=_posts(request))
    if request.method != "POST":
        return _form(request, form, row, 200, about=lesson.text)
    if not form.is_valid():
        return _form(request, form, row, UNREADABLE, about=lesson.text)
    try:
        actions.finish_lesson(
            actor_of(request, LIVE, form.cleaned_data["post"]), lesson, proof=form.cleaned_data["proof"]
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, row, CONFLICT, about=lesson.text)
    messages.success(request, gettext("改进项已完成。"))
    return redirect("review:incident", number)


@needs(Right.WATCH)
@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A report as Word."""
    row = report_of(number)
    name = {"Content-Disposition": f'attachment; filename="{row.file_name}"'}
    return HttpResponse(bytes(row.document), content_type=WORD, headers=name)


def _form(request: HttpRequest, form: ReviewForm, row: Incident, status: int, about: str = "") -> HttpResponse:
    values: dict[str, Any] = {"form": form, "incident": row, "about": about, "place": "archive"}
    return render(request, "review/form.html", values, status=status)
