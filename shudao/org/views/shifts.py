"""Pages of shifts: the week, the month, rules, gaps, one's own; swaps and hand-over notes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org import actions
from shudao.org.access import may, needs, staff_of
from shudao.org.forms import shifts as forms
from shudao.org.forms.parts import Bare, post_choices
from shudao.org.models import HandOver, Right, Shift, ShiftRule, ShiftSwap
from shudao.org.queries.shifts import (
    AHEAD,
    gaps_between,
    hand_overs,
    hand_overs_for,
    rules_in_force,
    swaps_open,
    together,
)
from shudao.org.screens.shifts import Mine, Month, Week, monday_of, month_of
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page


@needs()
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Who is on duty this week."""
    now, words = clock.now(LIVE), request.GET.get("q", "")
    screen = Week(monday_of(request.GET.get("day", ""), timezone.localdate(now)), now, words)
    pages = page_of(request, screen.posts())
    lines, waiting = screen.lines(pages.object_list), hand_overs_for(staff_of(request), now)
    return show(request, "org/shifts.html", screen=screen, pages=pages, lines=lines, hand_overs=waiting, here="shifts")


@needs()
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The shifts of one post in a month."""
    now = clock.now(LIVE)
    choices = post_choices()
    posts = {code: row for code, _label, row in choices}
    rostered = next((row for _code, _label, row in choices if row.is_all_hours), None)
    post = posts.get(request.GET.get("post", ""), rostered)
    screen = Month(month_of(request.GET.get("month", ""), timezone.localdate(now)), post, now)
    return show(request, "org/month.html", screen=screen, choices=choices, here="shifts")


@needs()
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """When am I on duty next?"""
    screen = Mine(staff_of(request), clock.now(LIVE))
    said = {"pages": page_of(request, screen.shifts), "hand_overs": screen.notes, "here": "mine"}
    return show(request, "org/mine.html", screen=screen, **said)


@needs()
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Hand-over notes, to those of the post and those who manage shifts."""
    rows, me = hand_overs(), staff_of(request)
    if not may(request, Right.PEOPLE):
        rows = rows.filter(post__in=me.shifts.standing().values("post"))
    waiting = hand_overs_for(me, clock.now(LIVE))
    return show(request, "org/notes.html", pages=page_of(request, rows), hand_overs=waiting, here="mine")


@needs(Right.PEOPLE)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules that repeat."""
    rows = rules_in_force(clock.now(LIVE)).order_by("post__unit__pk", "post__pk", "from_time", "pk")
    return show(request, "org/rules.html", pages=page_of(request, rows), here="shifts")


@needs(Right.PEOPLE)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Where nobody is on duty in the next five weeks, and the swaps that wait."""
    now = clock.now(LIVE)
    found = together(gaps_between(now, now + AHEAD))
    nobody = [line for line in found if not line[0].holders]
    pages = page_of(request, [*nobody, *(line for line in found if line[0].holders)])
    said = {"nobody": len(nobody), "until": now + AHEAD, "here": "shifts"}
    return show(request, "org/gaps.html", pages=pages, swaps=swaps_open()[:50], **said)


def _shift(request: HttpRequest, key: int) -> Shift:
    return row_or_404(Shift.objects.standing().select_related("post", "staff__user"), pk=key)


def _own_shift(request: HttpRequest, key: int) -> Shift:
    return row_or_404(Shift.objects.standing().select_related("post", "staff"), pk=key, staff=staff_of(request))


def _rule(request: HttpRequest, key: int) -> ShiftRule:
    return row_or_404(ShiftRule.objects.select_related("post", "staff"), pk=key)


def _swap(request: HttpRequest, key: int) -> ShiftSwap:
    """A swap that is one's own business, or any for whoever manages shifts."""
    row = row_or_404(ShiftSwap.objects.select_related("shift__post", "asker", "asked", "back"), pk=key)
    if staff_of(request).pk not in (row.asker_id, row.asked_id) and not may(request, Right.PEOPLE):
        raise Http404
    row.reader = staff_of(request)
    return row


def _mine(request: HttpRequest) -> Mine:
    return Mine(staff_of(request), clock.now(LIVE))


def _note(request: HttpRequest, key: int) -> HandOver:
    """A note that waits for the reader."""
    me = staff_of(request)
    row = next((row for row in Mine(me, clock.now(LIVE)).notes if row.pk == key), None)
    if row is None:
        raise Http404
    row.reader = me
    return row


def _to_week(row: Any, done: Any) -> str:
    shift = done if isinstance(done, Shift) else row
    day = f"?day={timezone.localdate(shift.start_at)}" if isinstance(shift, Shift) else ""
    return reverse("org:shifts") + day


def _to_mine(row: Any, done: Any) -> str:
    return reverse("org:my_shifts")


def _to_rules(row: Any, done: Any) -> str:
    return reverse("org:shift_rules")


add_shift_rule = verb_page(
    Desk(
        title=_("新增排班规则"),
        form=forms.ShiftRuleForm,
        do=lambda actor, row, given: actions.add_shift_rule(actor, **given),
        back=_to_rules,
        said=_("规则已保存，今后六周的班已排出。"),
    )
)
end_shift_rule = verb_page(
    Desk(
        title=_("结束排班规则"),
        form=forms.EndRuleForm,
        fetch=_rule,
        do=lambda actor, row, given: actions.end_shift_rule(actor, row, **given),
        back=_to_rules,
        said=_("规则已结束；请查看空班。"),
        danger=True,
    )
)
add_shift = verb_page(
    Desk(
        title=_("加排班次"),
        form=forms.ShiftForm,
        do=lambda actor, row, given: actions.add_shift(actor, **given),
        back=_to_week,
        said=_("班次已加排。"),
    )
)
change_shift = verb_page(
    Desk(
        title=_("调整班次"),
        form=forms.ChangeShiftForm,
        fetch=_shift,
        do=lambda actor, row, given: actions.change_shift(actor, row, **given),
        back=_to_week,
        said=_("班次已调整。"),
        hint=_("正在进行的班换人，从现在起由新的人接；已值的部分照旧。"),
    )
)
drop_shift = verb_page(
    Desk(
        title=_("取消班次"),
        form=Bare,
        fetch=_shift,
        do=lambda actor, row, given: actions.drop_shift(actor, row),
        back=_to_week,
        said=_("班次已取消；请查看空班。"),
        hint=_("只取消这一班；规则不会再把它排回来。正在进行的班到现在为止。"),
        danger=True,
    )
)
ask_swap = verb_page(
    Desk(
        title=_("申请换班"),
        form=forms.AskSwapForm,
        fetch=_own_shift,
        right=None,
        do=lambda actor, row, given: actions.ask_swap(actor, row, asker=row.staff, **given),
        back=_to_mine,
        said=_("申请已发出，对方同意或负责人批准后生效。"),
    )
)
accept_swap = verb_page(
    Desk(
        title=_("同意换班"),
        form=Bare,
        fetch=_swap,
        right=None,
        do=lambda actor, row, given: actions.accept_swap(actor, row, by=row.reader),
        back=_to_mine,
        said=_("已同意，班次已换。"),
    )
)
approve_swap = verb_page(
    Desk(
        title=_("批准换班"),
        form=Bare,
        fetch=_swap,
        do=lambda actor, row, given: actions.approve_swap(actor, row),
        back=lambda row, done: reverse("org:gaps"),
        said=_("已批准，班次已换。"),
        hint=_("由负责人替对方决定；班次随即换过去。"),
    )
)
decline_swap = verb_page(
    Desk(
        title=_("不同意换班"),
        form=forms.DeclineSwapForm,
        fetch=_swap,
        right=None,
        do=lambda actor, row, given: actions.decline_swap(actor, row, **given),
        back=_to_mine,
        said=_("已答复，班次不变。"),
    )
)
withdraw_swap = verb_page(
    Desk(
        title=_("撤回换班申请"),
        form=Bare,
        fetch=_swap,
        right=None,
        do=lambda actor, row, given: actions.withdraw_swap(actor, row, by=row.reader),
        back=_to_mine,
        said=_("申请已撤回。"),
    )
)
write_hand_over = verb_page(
    Desk(
        title=_("写交班记录"),
        form=forms.HandOverForm,
        fetch=_mine,
        right=None,
        do=lambda actor, row, given: actions.write_hand_over(actor, writer=row.staff, **given),
        back=_to_mine,
        said=_("交班记录已留下，接班的人一来就会看到。"),
    )
)
acknowledge_hand_over = verb_page(
    Desk(
        title=_("接班确认"),
        form=Bare,
        fetch=_note,
        right=None,
        do=lambda actor, row, given: actions.acknowledge_hand_over(actor, row, reader=row.reader),
        back=_to_mine,
        said=_("已接班。"),
    )
)
