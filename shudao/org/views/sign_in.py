"""Ways in: password, passkey, single sign-on, one-time link; out; and changing person in a sample organisation."""

import logging
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from shudao.base.pages import TOO_MANY
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.access import needs, staff_of
from shudao.org.actions import switch_person, use_entry_link
from shudao.org.forms import SwitchForm
from shudao.org.models import Organisation, Staff
from shudao.org.queries.sign_in import has_another_way_in
from shudao.org.sessions import BY_LINK, MUST_SET_PASSWORD

log = logging.getLogger("shudao.org.sign_in")
FOUND = 302
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class SignIn(LoginView):
    """The sign-in page: the library's, in our look."""

    template_name = "org/sign_in.html"
    http_method_names = ("get", "head", "post", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the single sign-on that is set up, if any."""
        return {**super().get_context_data(**kwargs), "providers": get_social_adapter().list_providers(self.request)}

    def form_invalid(self, form: Any) -> HttpResponse:
        """Too many tries are said with the status that says so."""
        answer = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            answer.status_code = TOO_MANY
        return answer


def _sign_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    return SignIn.as_view()(request, *args, **kwargs)


sign_in = login_not_required(_sign_in)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button first: a previewing messenger must not use the link up."""
    if request.method != "POST":
        return _private(render(request, "org/use_link.html", {"token": token}))
    if busy := ratelimit.consume_or_429(request, action="use_entry_link"):
        return busy
    try:
        staff = use_entry_link(Actor(LIVE, "system"), token)
    except Refused as refusal:
        return _private(render(request, "org/use_link.html", {"refusal": refusal.why}, status=403))
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, staff.user, "link")
    answer = perform_login(request, Login(user=staff.user))
    _owe_password(request, staff)
    return _private(answer)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or break off a sign-in half done."""
    logout(request)
    return redirect("org:sign_in")


@needs()
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Go on as another person of the sample organisation."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise Http404
    me = staff_of(request)
    try:
        staff = switch_person(Actor(LIVE, "system", me.name), form.cleaned_data["staff"])
    except Refused as refusal:
        raise Http404 from refusal
    login(request, staff.user, backend=BACKEND)
    back = request.POST.get("next", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """A plain answer for whoever watches the site from outside."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """An account that is switched off, or belongs to nobody here."""
    return render(request, "org/inactive.html", status=403)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the office's single sign-on: by a page of our own, since our forms are sent to this site alone."""
    if request.method != "POST":
        return redirect("org:sign_in")
    answer = _careful(request, oidc.login, provider_id)
    if answer.status_code != FOUND:
        return answer
    page = render(request, "org/sign_in_away.html", {"address": answer["Location"]})
    page["Refresh"] = f"0; url={answer['Location']}"
    return page


@login_not_required
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there."""
    if busy := ratelimit.consume_or_429(request, action="single_sign_on", limit_get=True):
        return busy
    return _careful(request, oidc.callback, provider_id)


def _careful(request: HttpRequest, view: Any, provider_id: str) -> HttpResponse:
    """A provider that does not answer, or answers nonsense, is no fault of this site's."""
    try:
        return view(request, provider_id=provider_id)
    except (RequestException, OAuth2Error, KeyError, ValueError) as fault:
        log.warning("single sign-on failed: %s", type(fault).__name__)
        return render(request, "socialaccount/authentication_error.html", status=502)


def _owe_password(request: HttpRequest, staff: Staff) -> None:
    """A link is for coming in once: on a real site a password comes next, and a forgotten one may be set anew."""
    request.session[BY_LINK] = staff.user_id
    if not Organisation.objects.filter(is_sample=True).exists() and not has_another_way_in(staff.user_id):
        request.session[MUST_SET_PASSWORD] = staff.user_id


def _private(answer: HttpResponse) -> HttpResponse:
    """The address holds the token: it is not passed on to another site. (`no-referrer` would make a browser send the
    page's own form with the origin `null`, which is refused.)"""
    answer["Referrer-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store"
    return answer
