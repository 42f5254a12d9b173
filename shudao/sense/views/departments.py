"""Warnings to departments: passing an alert on, the department's page of one warning, its rules."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.fields import VerbForm
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.access import actor_of, may, my_posts, needs
from shudao.org.models import Right
from shudao.org.queries.units import unit_names
from shudao.sense import actions
from shudao.sense.access import alert_of, rule_of, scene_of, warning_of
from shudao.sense.forms import AddWarningRuleForm, AnswerWarningForm, PassAlertForm
from shudao.sense.models import UnitWarning
from shudao.sense.queries import topics_in_force
from shudao.sense.screens.departments import WarningScreen, unit_page


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def pass_alert(request: HttpRequest, number: int, code: str | None = None) -> HttpResponse:
    """Pass an alert on to a department."""
    row = alert_of(request, scene_of(code), number)
    form = PassAlertForm(request.POST or None, units=unit_names())
    back = f"/sense/{f'runs/{code}/' if code else ''}alerts/{number}/"
    about = {"title": row.topic.name, "why": row.why}

    def do(given: dict[str, Any]) -> object:
        return actions.pass_alert(actor_of(request, row.scene_value), row, **given)

    return _form(request, form, do, back, gettext("已转给部门。"), about=about, drill=code)


@needs()
@require_safe
def warning(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """One warning of a department, with the posts behind it."""
    return _page(request, warning_of(request, scene_of(code), key), code)


@needs()
@require_POST
def acknowledge_warning(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """The department has it."""
    row = warning_of(request, scene_of(code), key)
    try:
        actions.acknowledge_warning(_of_unit(request, row), row)
    except Refused as refusal:
        return _page(request, row, code, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("已签收。"))
    return redirect("sense:run_warning", code, key) if code else redirect("sense:warning", key)


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def answer_warning(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """What the department found and does."""
    row = warning_of(request, scene_of(code), key)
    back = f"/sense/{f'runs/{code}/' if code else ''}warnings/{key}/"
    about = {"title": unit_names().get(row.unit, row.unit), "why": row.alert.why if row.alert else row.why}

    def do(given: dict[str, Any]) -> object:
        return actions.answer_warning(_of_unit(request, row), row, **given)

    return _form(
        request, AnswerWarningForm(request.POST or None), do, back, gettext("已答复。"), about=about, drill=code
    )


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def add_warning_rule(request: HttpRequest) -> HttpResponse:
    """What a department wants to hear of: set by whoever manages topics, and by the department itself."""
    units = _my_units(request)
    if not units:
        raise Http404
    topics = {row.code: row.name for row in topics_in_force(LIVE)}
    form = AddWarningRuleForm(request.POST or None, units=units, topics=topics, initial=request.GET.dict())
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    back = unit_page(wanted if wanted in units else next(iter(units)))

    def do(given: dict[str, Any]) -> object:
        given["at_least"] = given["at_least"] or 0
        return actions.add_warning_rule(actor_of(request, LIVE), **given)

    return _form(request, form, do, back, gettext("规则已设定。"))


@needs()
@require_POST
def end_warning_rule(request: HttpRequest, key: int) -> HttpResponse:
    """The department wants it no longer."""
    row = rule_of(key)
    if row.unit not in _my_units(request):
        raise Http404
    try:
        actions.end_warning_rule(actor_of(request, LIVE), row)
    except Refused as refusal:
        messages.error(request, refusal.why.say(request.LANGUAGE_CODE))  # type: ignore[attr-defined]
    else:
        messages.success(request, gettext("规则已停用。"))
    return redirect(unit_page(row.unit))


def _my_units(request: HttpRequest) -> dict[str, str]:
    """Departments for which the reader may set rules."""
    names = unit_names()
    if may(request, Right.TOPICS):
        return names
    own = {post.unit.code for post in my_posts(request)}
    return {code: name for code, name in names.items() if code in own}


def _of_unit(request: HttpRequest, row: UnitWarning) -> Actor:
    """The reader acting in his post of the department; 404 when he has none there."""
    own = [post.code for post in my_posts(request) if post.code == row.post or post.unit.code == row.unit]
    if not own:
        raise Http404
    return actor_of(request, row.scene_value, row.post if row.post in own else own[0])


def _page(request: HttpRequest, row: UnitWarning, code: str | None, status: int = 200, **more: Any) -> HttpResponse:
    screen = WarningScreen(
        row, {post.code for post in my_posts(request)}, {post.unit.code for post in my_posts(request)}
    )
    base = f"/sense/{f'runs/{code}/' if code else ''}"
    values = {"screen": screen, "now": screen.now, "place": "tasks", "drill": code, "base": base, **more}
    return render(request, "sense/warning.html", values, status=status)


def _form(
    request: HttpRequest, form: VerbForm, do: Callable[[dict[str, Any]], object], back: str, said: str, **more: Any
) -> HttpResponse:
    """One verb with a form of its own page."""
    values = {"form": form, "back": back, "now": clock.now(LIVE), "place": "tasks", **more}
    if not form.is_bound:
        return render(request, "sense/department_verb.html", values)
    if not form.is_valid():
        return render(request, "sense/department_verb.html", values, status=UNREADABLE)
    try:
        do(dict(form.cleaned_data))
    except Refused as refusal:
        form.refuse(refusal)
        return render(request, "sense/department_verb.html", values, status=CONFLICT)
    messages.success(request, said)
    return redirect(back)
