"""我的通知 (my notifications)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.notify import actions
from shudao.notify.channels import KINDS
from shudao.notify.forms import WayRow, WishesForm
from shudao.notify.queries.people import contacts_by_channel, habit_of
from shudao.notify.queries.wishes import channels_on, usual_address
from shudao.org.access import my_posts, needs, staff_of


@needs()
def set_my_notifications(request: HttpRequest) -> HttpResponse:
    """Which levels, which channels, in which hours."""
    staff = staff_of(request)
    habit, contacts = habit_of(staff), contacts_by_channel(staff)
    rows = [WayRow(row, KINDS[row.kind], contacts.get(row.pk), usual_address(staff, row)) for row in channels_on()]
    if request.method != "POST":
        return _page(request, WishesForm(habit, rows))
    form = WishesForm(habit, rows, request.POST)
    if not form.is_valid():
        return _page(request, form, UNREADABLE)
    given = form.cleaned_data
    held = my_posts(request)
    actor = Actor(LIVE, held[0].code if held else "staff", staff.name)
    try:
        actions.set_my_notifications(
            actor, staff, colours=given["colours"], quiet_from=given["quiet_from"], quiet_to=given["quiet_to"],
            ways=form.ways,
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, form, CONFLICT)
    messages.success(request, gettext("已保存。"))
    return redirect("notify:mine")


def _page(request: HttpRequest, form: WishesForm, status: int = 200) -> HttpResponse:
    given = {"form": form, "place": "inbox", "focus_refusal": status != 200, "staff": staff_of(request)}
    return render(request, "notify/mine.html", given, status=status)
