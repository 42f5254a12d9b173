"""Signing an edition by the plan's own route: sent off, signed, returned. A refusal comes back at the edition."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.org.access import actor_of, needs, setter_of
from shudao.org.models import Right
from shudao.plan import actions
from shudao.plan.access import edition_for, signing_post
from shudao.plan.forms import ReturnPlanForm
from shudao.plan.models import Edition
from shudao.plan.screens.edition import EditionScreen


@needs(Right.PLAN)
@require_POST
def submit_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Send it to those who sign it."""
    row = edition_for(request, key)
    return _do(request, row, lambda: actions.submit_plan(setter_of(request, Right.PLAN), row), gettext("已送审。"))


@needs()
@require_POST
def approve_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Say yes."""
    row = edition_for(request, key)
    post = _post(request, row)
    return _do(request, row, lambda: actions.approve_plan(actor_of(request, LIVE, post), row), gettext("已同意。"))


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def return_plan(request: HttpRequest, key: int) -> HttpResponse:
    """Send it back with a reason."""
    row = edition_for(request, key)
    post = _post(request, row)
    form = ReturnPlanForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.return_plan(actor_of(request, LIVE, post), row, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.refuse(refusal)
            return _form(request, row, form, CONFLICT)
        messages.success(request, gettext("已退回，意见已送达送审岗位。"))
        return redirect("plan:editions")
    return _form(request, row, form, UNREADABLE if form.is_bound else 200)


def _post(request: HttpRequest, row: Edition) -> str:
    """In which post the reader signs. 404 for whoever is not asked."""
    post = signing_post(request, row)
    if not post:
        raise Http404
    return post


def _do(request: HttpRequest, row: Edition, call: Callable[[], Any], said: str) -> HttpResponse:
    try:
        call()
    except Refused as refusal:
        row.refresh_from_db()
        return _page(request, row, refusal)
    messages.success(request, said)
    return redirect("plan:editions") if row.is_draft else redirect("plan:edition", row.pk)


def _page(request: HttpRequest, row: Edition, refusal: Refused) -> HttpResponse:
    screen = EditionScreen(row, signing=signing_post(request, row))
    values = {"screen": screen, "now": screen.now, "place": "plan", "refusal": refusal.why}
    return render(request, "plan/edition.html", values, status=CONFLICT)


def _form(request: HttpRequest, row: Edition, form: ReturnPlanForm, status: int) -> HttpResponse:
    screen = EditionScreen(row)
    values = {"screen": screen, "now": screen.now, "place": "plan", "form": form}
    return render(request, "plan/return_plan.html", values, status=status)
