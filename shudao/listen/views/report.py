"""Reports as the one who saw something meets them: the form, sending it, thanks, and the way in by an observer's link."""

import json

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.listen import store
from shudao.listen.access import LINK, acting_reporter, for_reporters, own_report, reporter_of
from shudao.listen.actions import send_report as keep_report
from shudao.listen.actions.reports import Sight
from shudao.listen.forms.reports import SendReportForm
from shudao.listen.models import Report
from shudao.listen.queries.reports import observer_by_link, report_by_token
from shudao.listen.screens.reports import ReportScreen, with_fates

LINK_LASTS = 180 * 86400  # seconds a phone stays known; the link can be withdrawn at any moment


def _page(request: HttpRequest, form: SendReportForm, status: int = 200) -> HttpResponse:
    reporter = reporter_of(request)
    assert reporter is not None  # noqa: S101 - every caller stands behind for_reporters
    screen = ReportScreen(reporter, request.GET.get("page", "1"))
    around = {"screen": screen, "form": form, "now": screen.now, "place": "report", "who": _mark(request)}
    return render(request, "listen/report.html", around, status=status)


@for_reporters
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The form; what another app shared stands in it already."""
    shared = {name: request.GET.get(name, "") for name in ("title", "text", "url")}
    words = "\n".join(part for part in (shared["title"], shared["text"]) if part)
    return _page(request, SendReportForm(initial={"words": words[:4000], "link": shared["url"][:2000]}))


@for_reporters
@require_POST
def send_report(request: HttpRequest) -> HttpResponse:
    """Send it. The same token a second time is answered as the first time; a script is answered in JSON."""
    form = SendReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _faults(request, form) if _wants_json(request) else _page(request, form, UNREADABLE)
    known = report_by_token(form.cleaned_data["token"])
    if known is not None:
        return _thanks(request, known)
    try:
        return _thanks(request, _keep(request, form))
    except Refused as refusal:
        form.refuse(refusal)
        return _faults(request, form, CONFLICT) if _wants_json(request) else _page(request, form, CONFLICT)


@for_reporters
@require_safe
def thanks(request: HttpRequest, key: int) -> HttpResponse:
    """Thanks, what happens now, and what became of it since."""
    row = own_report(request, key)
    [mine] = with_fates([row])
    around = {"mine": mine, "times": _times(row), "now": clock.now(LIVE), "place": "report"}
    return render(request, "listen/thanks.html", around)


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The form as a phone keeps it: the same for everybody, saved on the phone until there is a network."""
    return render(request, "listen/report_offline.html", {"form": SendReportForm(initial={"token": ""}), "who": ""})


@login_not_required
@require_GET
def report_door(request: HttpRequest) -> HttpResponse:
    """What a phone needs to send what it saved: the token against forgery, and whose session this is. A stranger gets nothing."""
    who = _mark(request)
    answer = JsonResponse({"who": who, "token": get_token(request)} if who else {"who": "", "token": ""})
    answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_observer_link(request: HttpRequest, token: str) -> HttpResponse:
    """An observer's own link: a button first, since messengers look at links; then this phone is known."""
    link = observer_by_link(token)
    if link is None:
        return render(request, "listen/observer_link.html", {"is_unknown": True}, status=404)
    if request.method != "POST":
        return render(request, "listen/observer_link.html", {"observer": link.observer})
    request.session[LINK] = link.pk
    request.session.set_expiry(LINK_LASTS)
    return redirect("listen:report")


def _keep(request: HttpRequest, form: SendReportForm) -> Report:
    """Pictures into the store first, the row after; what comes to nothing leaves no file."""
    actor, reporter = acting_reporter(request)
    given = form.cleaned_data
    pictures = [(store.put([body]), picture) for body, picture in given["pictures"]]
    sight = Sight(
        given["token"], form.moment(clock.now(LIVE)), given["link"], given["words"], given["place"], tuple(pictures)
    )
    try:
        return keep_report(actor, reporter, sight).report
    except BaseException as fault:
        store.drop(*(stored.file for stored, _ in pictures))
        known = report_by_token(given["token"])
        if known is not None and isinstance(fault, Refused | IntegrityError):
            return known
        raise


def _thanks(request: HttpRequest, row: Report) -> HttpResponse:
    if not _wants_json(request):
        return redirect("listen:thanks", key=row.pk)
    sent = date_format(timezone.localtime(row.sent_at), gettext("H:i"))
    return JsonResponse({"report": row.pk, "sent_at": sent, "address": reverse("listen:thanks", args=[row.pk])})


def _faults(request: HttpRequest, form: SendReportForm, status: int = UNREADABLE) -> HttpResponse:
    said = [fault["message"] for faults in json.loads(form.errors.as_json()).values() for fault in faults]
    return JsonResponse({"faults": said, "language": get_language()}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _times(row: Report) -> int:
    first = row.joined_to or row
    return 1 + first.joined.count()


def _mark(request: HttpRequest) -> str:
    """Who fills the form in, as a mark for the phone: what one saved there is not sent in another's name."""
    reporter = reporter_of(request)
    if reporter is None:
        return ""
    return f"s{reporter.staff.pk}" if reporter.staff else f"o{reporter.observer.pk}" if reporter.observer else ""
