"""The list of the office's own servers that may be visited; for whoever runs the site."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base import clock
from shudao.base.models import InnerHost
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.words import BadInput
from shudao.listen.actions.inner import allow_inner_host as allow
from shudao.listen.actions.inner import withdraw_inner_host as withdraw
from shudao.listen.forms.inner import AllowInnerHostForm
from shudao.org.access import needs, setter_of
from shudao.org.models import Right

PER_PAGE = 20


@needs(Right.SITE)
@require_safe
def inner_hosts(request: HttpRequest) -> HttpResponse:
    """The servers that may be visited, and the form to name one more."""
    return _page(request, AllowInnerHostForm(initial={"host": request.GET.get("host", "")}))


@needs(Right.SITE)
@require_POST
def allow_inner_host(request: HttpRequest) -> HttpResponse:
    """Name one more."""
    form = AllowInnerHostForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNREADABLE)
    try:
        allow(setter_of(request, Right.SITE), form.cleaned_data["host"], reason=form.cleaned_data["reason"])
    except BadInput as fault:
        form.add_error("host", fault.line(get_language() or "zh"))
        return _page(request, form, UNREADABLE)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, form, CONFLICT)
    messages.success(request, gettext("已许可。"))
    return redirect("listen:inner_hosts")


@needs(Right.SITE)
@require_POST
def withdraw_inner_host(request: HttpRequest, key: int) -> HttpResponse:
    """Take one off the list."""
    row = InnerHost.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    withdraw(setter_of(request, Right.SITE), row)
    messages.success(request, gettext("已撤回。"))
    return redirect("listen:inner_hosts")


def _page(request: HttpRequest, form: AllowInnerHostForm, status: int = 200) -> HttpResponse:
    rows = Paginator(InnerHost.objects.all(), PER_PAGE).get_page(request.GET.get("page", "1"))
    values = {"rows": rows, "form": form, "now": clock.now(LIVE), "place": "settings"}
    return render(request, "listen/inner_hosts.html", values, status=status)
