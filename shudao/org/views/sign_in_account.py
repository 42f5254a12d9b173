"""One's own account: password, second factors, passkeys, single sign-on, the devices one is signed in on."""

from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.internal.flows.connect import disconnect, validate_disconnect
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import UNREADABLE
from shudao.org import actions
from shudao.org.access import needs, staff_of
from shudao.org.forms.sign_in import EndForm, PasswordForm
from shudao.org.kept import oneself
from shudao.org.screens.sign_in import AccountScreen
from shudao.org.sessions import BY_LINK, MUST_SET_PASSWORD, owes_second_factor, renew


@needs()
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """How one signs in."""
    return render(request, "org/account.html", {"screen": AccountScreen(request, owes_second_factor(request))})


@sensitive_post_parameters()
@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; other devices are signed out by it."""
    staff = staff_of(request)
    asks_old = staff.user.has_usable_password() and request.session.get(BY_LINK) != staff.user_id
    form = PasswordForm(request.POST if request.method == "POST" else None, user=staff.user, asks_old=asks_old)
    if request.method == "POST":
        if busy := ratelimit.consume_or_429(request, action="change_password", user=request.user):
            return busy
        if form.is_valid():
            ended = actions.set_password(
                oneself(staff.user), staff, form.cleaned_data["new"], keep=request.session.session_key or ""
            )
            renew(request, staff.user)
            _say_ended(request, gettext("密码已设好。"), ended)
            return redirect("org:account")
    owed = request.session.get(MUST_SET_PASSWORD) == staff.user_id
    told = {"form": form, "asks_old": asks_old, "owed": owed, "account": staff.user.get_username()}
    return render(request, "org/set_password.html", told, status=UNREADABLE if form.errors else 200)


@needs()
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out on one other device, or on all of them."""
    staff = staff_of(request)
    form = EndForm(request.POST, user=staff.user)
    if not form.is_valid():
        raise Http404
    keep = request.session.session_key or ""
    ended = actions.end_sessions(oneself(staff.user), staff, keep=keep, device=form.cleaned_data["device"])
    _say_ended(request, "", ended)
    return redirect("org:account")


@needs()
@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """Single sign-on no longer opens this account."""
    row = SocialAccount.objects.filter(user_id=request.user.pk, pk=_number(request.POST.get("account"))).first()
    if row is None:
        raise Http404
    try:
        validate_disconnect(request, row)
        disconnect(request, row)
    except ReauthenticationRequired:
        raise
    except ValidationError:
        messages.error(request, gettext("请先设一个密码，再解除绑定，否则您就进不来了。"))
    return redirect("org:account")


def _say_ended(request: HttpRequest, before: str, ended: int) -> None:
    said = ngettext("已结束另外 %(n)d 处登录。", "已结束另外 %(n)d 处登录。", ended) % {"n": ended} if ended else ""
    if before or said:
        messages.success(request, f"{before}{said}")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
