"""Reports as the duty officer meets them: the queue, one report, taking it up; and the links of observers."""

import base64

import qrcode
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.listen import actions
from shudao.listen.access import report_in_queue
from shudao.listen.forms.reports import TakeInReportForm
from shudao.listen.models import Report
from shudao.listen.screens.reports import ObserversScreen, OneReportScreen, QueueScreen
from shudao.org.access import actor_of, needs
from shudao.org.models import Observer, Right


@needs(Right.RECEIVE)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for the duty officer."""
    screen = QueueScreen(request.GET.get("show", ""), request.GET.get("page", "1"))
    around = {"screen": screen, "now": screen.now, "place": "report", "keep": "show=all&" if screen.is_all else ""}
    return render(request, "listen/reports.html", around)


def _one(request: HttpRequest, row: Report, status: int = 200, **more: object) -> HttpResponse:
    screen = OneReportScreen(row)
    around = {"screen": screen, "now": screen.now, "place": "report", "form": TakeInReportForm(), **more}
    return render(request, "listen/one_report.html", around, status=status)


@needs(Right.RECEIVE)
@require_safe
def one_report(request: HttpRequest, key: int) -> HttpResponse:
    """One report with all that was joined to it."""
    row = report_in_queue(key)
    return redirect("listen:one_report", key=row.joined_to_id) if row.joined_to_id else _one(request, row)


@needs(Right.RECEIVE)
@require_POST
def take_in_report(request: HttpRequest, key: int) -> HttpResponse:
    """Take it up."""
    row, form = report_in_queue(key), TakeInReportForm(request.POST)
    if not form.is_valid():
        return _one(request, row, UNREADABLE, form=form)
    try:
        actions.take_in_report(actor_of(request, LIVE), row, words=form.cleaned_data["words"])
    except Refused as refusal:
        return _one(request, row, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("已受理。上报人会看到。"))
    return redirect("listen:one_report", key=row.pk)


@needs(Right.RECEIVE)
@require_POST
def mark_report_seen(request: HttpRequest, key: int) -> HttpResponse:
    """It was read and asks for nothing."""
    row = report_in_queue(key)
    try:
        actions.mark_report_seen(actor_of(request, LIVE), row)
    except Refused as refusal:
        return _one(request, row, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("已标为已阅。上报人会看到。"))
    return redirect("listen:reports")


def _observers(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    screen = ObserversScreen(request.GET.get("page", "1"))
    around = {"screen": screen, "now": screen.now, "place": "registers", **more}
    return render(request, "listen/observers.html", around, status=status)


@needs(Right.REGISTERS)
@require_safe
def observers(request: HttpRequest) -> HttpResponse:
    """Observers of the register and whether they have a link."""
    return _observers(request)


@needs(Right.REGISTERS)
@require_POST
def invite_observer(request: HttpRequest, key: int) -> HttpResponse:
    """A link for one observer: shown now, with a picture to scan, and never again."""
    observer = _observer(key)
    try:
        token = actions.invite_observer(actor_of(request, LIVE), observer)
    except Refused as refusal:
        return _observers(request, CONFLICT, refusal=refusal.why)
    address = request.build_absolute_uri(reverse("listen:open_observer_link", args=[token]))
    shown = {"observer": observer, "address": address, "code": _scan(address), "place": "registers"}
    answer = render(request, "listen/observer_invited.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Right.REGISTERS)
@require_http_methods(["POST"])
def withdraw_observer_link(request: HttpRequest, key: int) -> HttpResponse:
    """The link ends at once, on whatever phone."""
    try:
        actions.withdraw_observer_link(actor_of(request, LIVE), _observer(key))
    except Refused as refusal:
        return _observers(request, CONFLICT, refusal=refusal.why)
    messages.success(request, gettext("链接已收回，立即失效。"))
    return redirect("listen:observers")


def _observer(key: int) -> Observer:
    try:
        return Observer.objects.select_related("unit").get(pk=key)
    except ObjectDoesNotExist:
        raise Http404 from None


def _scan(address: str) -> str:
    """The address as a picture to scan, as a data address the page may show."""
    drawn = qrcode.make(address, image_factory=SvgPathImage, box_size=12).to_string()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()
