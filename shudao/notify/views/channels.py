"""Channels: the list, one of them, its test message, and what the site says of itself to the outside."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.notify import actions
from shudao.notify.access import channel_of
from shudao.notify.channels import KINDS, Kind
from shudao.notify.forms import AddressForm, BeatForm, ChannelForm, TestForm
from shudao.notify.models import Channel
from shudao.notify.screens.channels import ChannelScreen, ChannelsScreen
from shudao.org.access import needs, setter_of, staff_of
from shudao.org.models import Right


@needs(Right.CHANNELS)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """The list."""
    return _list(request)


def _list(request: HttpRequest, status: int = 200, **given: Any) -> HttpResponse:
    screen = ChannelsScreen()
    row = screen.outside
    address = row.address or f"{request.scheme}://{request.get_host()}"
    forms = {
        "address_form": AddressForm(initial={"address": address}),
        "beat_form": BeatForm(initial={"minutes": row.beat_every, "is_inside": row.is_beat_inside}),
    }
    alive = request.build_absolute_uri("/org/alive/")
    return render(
        request, "notify/channels.html",
        {"screen": screen, "now": screen.now, "place": "settings", "alive": alive, **forms, **given}, status=status,
    )  # fmt: skip


@needs(Right.CHANNELS)
def add_channel(request: HttpRequest) -> HttpResponse:
    """Choose a kind, then fill in what it asks for."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        return render(request, "notify/kinds.html", {"kinds": list(KINDS.values()), "place": "settings"})
    if request.method != "POST":
        return _form(request, kind, ChannelForm(kind))
    form = ChannelForm(kind, request.POST)
    if not form.is_valid():
        return _form(request, kind, form, UNREADABLE)
    given = form.cleaned_data
    try:
        row = actions.add_channel(
            setter_of(request, Right.CHANNELS), kind.code, name=given["name"], given=form.given,
            is_inside=given["is_inside"], colours=given["colours"], kinds=given["kinds"],
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, kind, form, CONFLICT)
    messages.success(request, gettext("已添加。现在发一条测试消息，看对方怎么应答。"))
    return redirect("notify:channel", row.code)


@needs(Right.CHANNELS)
def change_channel(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is set."""
    row = channel_of(request, code)
    kind = KINDS[row.kind]
    if request.method != "POST":
        return _form(request, kind, ChannelForm(kind, row=row), row=row)
    form = ChannelForm(kind, request.POST, row=row)
    if not form.is_valid():
        return _form(request, kind, form, UNREADABLE, row)
    given = form.cleaned_data
    try:
        actions.change_channel(
            setter_of(request, Right.CHANNELS), row, name=given["name"], given=form.given,
            is_inside=given["is_inside"], colours=given["colours"], kinds=given["kinds"],
        )  # fmt: skip
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, kind, form, CONFLICT, row)
    messages.success(request, gettext("已修改。再发一条测试消息，看是否还通。"))
    return redirect("notify:channel", row.code)


def _form(
    request: HttpRequest, kind: Kind, form: ChannelForm, status: int = 200, row: Channel | None = None
) -> HttpResponse:
    given = {"kind": kind, "form": form, "channel": row, "place": "settings", "focus_refusal": status != 200}
    return render(request, "notify/channel_form.html", given, status=status)


@needs(Right.CHANNELS)
@require_safe
def channel(request: HttpRequest, code: str) -> HttpResponse:
    """One channel."""
    return _page(request, channel_of(request, code))


def _page(request: HttpRequest, row: Channel, form: TestForm | None = None, status: int = 200) -> HttpResponse:
    screen = ChannelScreen(row, request.GET.get("page", "1"))
    form = form or TestForm(row, screen.kind, initial={"address": staff_of(request).mail})
    given = {
        "screen": screen,
        "now": screen.now,
        "test_form": form,
        "place": "settings",
        "focus_refusal": status != 200,
    }
    return render(request, "notify/channel.html", given, status=status)


@needs(Right.CHANNELS)
@require_POST
def test_channel(request: HttpRequest, code: str) -> HttpResponse:
    """Send a test message now; the page then shows what the other side answered."""
    row = channel_of(request, code)
    form = TestForm(row, KINDS[row.kind], request.POST)
    if not form.is_valid():
        return _page(request, row, form, UNREADABLE)
    actor = setter_of(request, Right.CHANNELS)
    text = gettext("疏导测试消息：看到它，说明“%(name)s”通了。发送人：%(who)s。") % {
        "name": row.name,
        "who": actor.name,
    }
    attempt = actions.send_test(
        actor, row, text=text, subject=gettext("疏导测试消息"), address=form.cleaned_data.get("address", ""),
        mention=form.cleaned_data.get("mention", ""),
    )  # fmt: skip
    if attempt.ok:
        messages.success(request, gettext("对方已接受测试消息。"))
    else:
        messages.error(request, gettext("对方没有接受测试消息，见下面的应答。"))
    return redirect("notify:channel", row.code)


@needs(Right.CHANNELS)
@require_POST
def do(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Pause, resume or remove a channel."""
    row = channel_of(request, code)
    verbs = {
        "pause_channel": actions.pause_channel, "resume_channel": actions.resume_channel,
        "remove_channel": actions.remove_channel,
    }  # fmt: skip
    verbs[verb](setter_of(request, Right.CHANNELS), row)
    if verb == "remove_channel":
        messages.success(request, gettext("已移除，密钥已清除；发送记录仍在。"))
        return redirect("notify:channels")
    return redirect("notify:channel", row.code)


@needs(Right.CHANNELS)
def remove_channel(request: HttpRequest, code: str) -> HttpResponse:
    """Ask before taking a channel away."""
    if request.method == "POST":
        return do(request, code, "remove_channel")
    row = channel_of(request, code)
    return render(request, "notify/remove_channel.html", {"channel": row, "place": "settings"})


@needs(Right.CHANNELS)
@require_POST
def set_link_address(request: HttpRequest) -> HttpResponse:
    """The site's own address, for links in messages."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _list(request, UNREADABLE, address_form=form)
    try:
        actions.set_link_address(setter_of(request, Right.CHANNELS), form.cleaned_data["address"])
    except Refused as refusal:
        form.refuse(refusal)
        return _list(request, CONFLICT, address_form=form)
    messages.success(request, gettext("已保存。"))
    return redirect("notify:channels")


@needs(Right.CHANNELS)
@require_POST
def set_heartbeat(request: HttpRequest) -> HttpResponse:
    """The address outside that is told that the site lives."""
    form = BeatForm(request.POST)
    if not form.is_valid():
        return _list(request, UNREADABLE, beat_form=form)
    given = form.cleaned_data
    address = "" if given["off"] else given["address"] or None
    try:
        actions.set_heartbeat(
            setter_of(request, Right.CHANNELS), address, minutes=given["minutes"], is_inside=given["is_inside"]
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _list(request, CONFLICT, beat_form=form)
    messages.success(request, gettext("已保存。"))
    return redirect("notify:channels")
