"""Tests of who can be reached."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.notify import actions
from shudao.notify.access import caller_of, may_call, my_call, reach_test_of
from shudao.notify.forms import ReachForm
from shudao.notify.proposals import proposed_test
from shudao.notify.queries.channels import outside
from shudao.notify.queries.reach import call_of_token
from shudao.notify.screens.reach import ReachScreen, ReachTestsScreen
from shudao.notify.screens.sheet import sheet_of
from shudao.org.access import actor_of, needs, staff_of
from shudao.org.models import Right

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.PEOPLE, Right.DRILL)
@require_safe
def reach_tests(request: HttpRequest) -> HttpResponse:
    """All tests."""
    screen = ReachTestsScreen(request.GET.get("page", "1"))
    return render(request, "notify/reach_tests.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.PEOPLE, Right.DRILL)
def start_reach_test(request: HttpRequest) -> HttpResponse:
    """Start one."""
    if request.method != "POST":
        return _start(request, ReachForm(initial=_proposed()))
    form = ReachForm(request.POST)
    if not form.is_valid():
        return _start(request, form, UNREADABLE)
    given = form.cleaned_data
    address = outside().address or f"{request.scheme}://{request.get_host()}"
    try:
        test = actions.start_reach_test(
            caller_of(request), reason=given["reason"], within=timedelta(minutes=given["minutes"]),
            units=[unit.code for unit in given["units"]], address=address,
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return _start(request, form, CONFLICT)
    return redirect("notify:reach_test", test.pk)


def _proposed() -> dict[str, str]:
    """Why a test is wanted now, as the form takes it: before a holiday that comes near."""
    coming = proposed_test(clock.now(LIVE))
    return {"reason": gettext("%(name)s前联通测试") % {"name": coming.name or gettext("假期")}} if coming else {}


def _start(request: HttpRequest, form: ReachForm, status: int = 200) -> HttpResponse:
    given = {"form": form, "place": "settings", "focus_refusal": status != 200}
    return render(request, "notify/start_reach_test.html", given, status=status)


@needs()
@require_safe
def reach_test(request: HttpRequest, number: int) -> HttpResponse:
    """One test: for whoever may start one in full, for whoever was called only to answer."""
    screen = ReachScreen(reach_test_of(request, number), staff_of(request))
    given = {"screen": screen, "now": screen.now, "place": "settings", "may_call": may_call(request)}
    return render(request, "notify/reach_test.html", given)


@needs()
@require_POST
def answer_reach_test(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one is there."""
    call = my_call(request, number)
    actions.answer_reach_test(actor_of(request, LIVE), call, via="inbox")
    messages.success(request, gettext("收到，已记下您联系得上。"))
    return redirect("notify:inbox")


@needs(Right.PEOPLE, Right.DRILL)
@require_POST
def end_reach_test(request: HttpRequest, number: int) -> HttpResponse:
    """End it before its limit."""
    actions.end_reach_test(caller_of(request), reach_test_of(request, number))
    return redirect("notify:reach_test", number)


@needs(Right.PEOPLE, Right.DRILL)
@require_safe
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The answers as a spreadsheet."""
    test = reach_test_of(request, number)
    answer = HttpResponse(sheet_of(ReachScreen(test, staff_of(request))), content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="reach-{test.pk}.xlsx"'
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link, not signed in: shows a button first, since a previewing messenger must not answer for anybody.

    Says no name and lets in nowhere.
    """
    call = call_of_token(token)
    if call is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            call = actions.answer_by_link(token)
        except Refused as error:
            refusal = error.why
    now = clock.now(LIVE)
    is_over = call.test.ended_at is not None or call.test.ends_at <= now
    given = {"call": call, "is_over": is_over, "refusal": refusal, "now": now}
    return render(request, "notify/answer_by_link.html", given, status=CONFLICT if refusal else 200)
