"""Pages of staff and holdings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org import actions
from shudao.org.access import needs
from shudao.org.forms.parts import Bare
from shudao.org.forms.people import ChangeHoldingForm, EndHoldingForm, HoldingForm, NewStaffForm, StaffForm
from shudao.org.models import Holding, Right, Staff
from shudao.org.queries.shifts import AHEAD, shifts_of
from shudao.org.screens.people import recent_holdings, staff_found, staff_lines
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page

COMING = 10


@needs(Right.PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who works with the site."""
    now, words, left = clock.now(LIVE), request.GET.get("q", ""), "left" in request.GET
    pages = page_of(request, staff_found(words, left=left))
    lines = staff_lines(pages.object_list, now)
    return show(request, "org/staff.html", pages=pages, lines=lines, words=words, left=left, here="staff")


@needs(Right.PEOPLE)
@require_safe
def page(request: HttpRequest, account: str) -> HttpResponse:
    """One person."""
    row, now = _staff(request, account), clock.now(LIVE)
    said = {"holdings": page_of(request, recent_holdings(row)), "shifts": shifts_of(row, now, now + AHEAD)[:COMING]}
    return show(request, "org/person.html", person=row, **said, here="staff")


def _staff(request: HttpRequest, account: str) -> Staff:
    return row_or_404(Staff.objects.select_related("user"), user__username=account)


def _holding(request: HttpRequest, key: int) -> Holding:
    return row_or_404(Holding.objects.select_related("post", "staff__user"), pk=key)


def _back(row: Any, done: Any) -> str:
    person = done if isinstance(done, Staff) else row
    return reverse("org:person", args=[person.user.username]) if person else reverse("org:staff")


def _to_post(row: Any, done: Any) -> str:
    holding = done or row
    return reverse("org:post", args=[holding.post.code]) if holding else reverse("org:posts")


add_staff = verb_page(
    Desk(
        title=_("登记人员"),
        form=NewStaffForm,
        do=lambda actor, row, given: actions.add_staff(actor, **given),
        back=_back,
        said=_("人员已登记；请安排岗位，再发一次性登录链接。"),
    )
)
change_staff = verb_page(
    Desk(
        title=_("修改人员信息"),
        form=StaffForm,
        fetch=_staff,
        do=lambda actor, row, given: actions.change_staff(actor, row, **given),
        back=_back,
        said=_("人员信息已修改。"),
    )
)
retire_staff = verb_page(
    Desk(
        title=_("人员离开"),
        form=Bare,
        fetch=_staff,
        do=lambda actor, row, given: actions.retire_staff(actor, row),
        back=_back,
        said=_("已办理离开；请查看由此产生的空岗和空班。"),
        hint=_("账号随即停用，任职到现在为止，今后的班次取消；过去的记录照旧。"),
        danger=True,
    )
)
restore_staff = verb_page(
    Desk(
        title=_("人员返回"),
        form=Bare,
        fetch=_staff,
        do=lambda actor, row, given: actions.restore_staff(actor, row),
        back=_back,
        said=_("账号已恢复；请安排岗位。"),
    )
)
start_holding = verb_page(
    Desk(
        title=_("安排任职"),
        form=HoldingForm,
        do=lambda actor, row, given: actions.start_holding(actor, **given),
        back=_to_post,
        said=_("任职已登记。"),
    )
)
change_holding = verb_page(
    Desk(
        title=_("更正任职时间"),
        form=ChangeHoldingForm,
        fetch=_holding,
        do=lambda actor, row, given: actions.change_holding(actor, row, **given),
        back=_to_post,
        said=_("任职时间已更正。"),
        hint=_("只用来更正写错的时间；更正前后的时间都留痕。"),
    )
)
end_holding = verb_page(
    Desk(
        title=_("结束任职"),
        form=EndHoldingForm,
        fetch=_holding,
        do=lambda actor, row, given: actions.end_holding(actor, row, **given),
        back=_to_post,
        said=_("任职已结束。"),
        danger=True,
    )
)
