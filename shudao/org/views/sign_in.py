"""Ways in: password, one-time link; out; and changing person in a sample organisation."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.access import needs, staff_of
from shudao.org.actions import switch_person, use_entry_link
from shudao.org.forms import SwitchForm

BACKEND = "django.contrib.auth.backends.ModelBackend"
sign_in = login_not_required(LoginView.as_view(template_name="org/sign_in.html"))


@login_not_required
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button first: a previewing messenger must not use the link up."""
    if request.method != "POST":
        return render(request, "org/use_link.html", {"token": token})
    try:
        staff = use_entry_link(Actor(LIVE, "system"), token)
    except Refused as refusal:
        return render(request, "org/use_link.html", {"refusal": refusal.why}, status=403)
    login(request, staff.user, backend=BACKEND)
    return redirect("/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
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
    return redirect(back if back.startswith("/") and not back.startswith("//") else "/")


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """A plain answer for whoever watches the site from outside."""
    return HttpResponse("ok\n", content_type="text/plain")
