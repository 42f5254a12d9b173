"""Helping somebody in who cannot: a one-time link, a second factor taken away. Both are recorded; neither needs mail."""

import base64

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.org import actions
from shudao.org.access import needs, setter_of
from shudao.org.forms.sign_in import EntryLinkForm, ResetForm
from shudao.org.models import Right, Staff
from shudao.org.screens.sign_in import HelpScreen

ONLY = require_http_methods(["GET", "HEAD", "POST"])


@needs(Right.PEOPLE)
@require_safe
def help_in(request: HttpRequest, staff: int) -> HttpResponse:
    """What can be done for that person."""
    return _page(request, _staff(staff), EntryLinkForm(), ResetForm())


@needs(Right.PEOPLE)
@ONLY
def link(request: HttpRequest, staff: int) -> HttpResponse:
    """A link, shown this once."""
    person = _staff(staff)
    form = EntryLinkForm(_sent(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, person, form, ResetForm())
    try:
        token = actions.make_entry_link(setter_of(request, Right.PEOPLE), person)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, person, form, ResetForm(), CONFLICT)
    address = request.build_absolute_uri(reverse("org:use_entry_link", args=[token]))
    answer = render(request, "org/entry_link.html", {"person": person, "address": address, "drawn": _drawn(address)})
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Right.PEOPLE)
@ONLY
def reset(request: HttpRequest, staff: int) -> HttpResponse:
    """Take the second factors away, with a reason."""
    person = _staff(staff)
    form = ResetForm(_sent(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, person, EntryLinkForm(), form)
    try:
        actions.reset_second_factor(setter_of(request, Right.PEOPLE), person, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, person, EntryLinkForm(), form, CONFLICT)
    messages.success(request, gettext("已重置，此人在各处的登录都已结束。"))
    return redirect("org:sign_in_help", person.pk)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _staff(key: int) -> Staff:
    return get_object_or_404(Staff.objects.select_related("user"), pk=key)


def _page(
    request: HttpRequest, person: Staff, link_form: EntryLinkForm, reset_form: ResetForm, status: int = 200
) -> HttpResponse:
    told = {"screen": HelpScreen(person), "link_form": link_form, "reset_form": reset_form}
    faulty = link_form.errors or reset_form.errors
    return render(
        request, "org/sign_in_help.html", told, status=max(status, UNREADABLE if faulty and status == 200 else 0)
    )


def _drawn(address: str) -> str:
    """The link as a picture for a phone's camera."""
    import qrcode  # noqa: PLC0415 - loaded only when one is drawn
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

    picture = qrcode.make(address, image_factory=SvgPathImage).to_string()
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode()
