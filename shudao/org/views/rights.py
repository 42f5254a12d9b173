"""Rights by post, and the office's rules of signing in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base.pages import UNREADABLE
from shudao.base.refusal import Refused
from shudao.org import actions
from shudao.org.access import needs, setter_of, staff_of
from shudao.org.forms.sign_in import RightForm, RulesForm
from shudao.org.models import Right
from shudao.org.queries.sign_in import sign_in_rules
from shudao.org.screens.rights import MatrixScreen


@needs(Right.PEOPLE)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Which post may do what, and who has that now."""
    return render(
        request, "org/rights.html", {"screen": MatrixScreen(request.GET.get("q", ""), request.GET.get("page"))}
    )


@needs(Right.PEOPLE)
@require_POST
def grant(request: HttpRequest) -> HttpResponse:
    """Give a post a right."""
    asked = _asked(request)
    return _done(
        request, lambda actor: actions.grant_right(actor, **asked, giver=staff_of(request)), gettext("已授予。")
    )


@needs(Right.PEOPLE)
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take it back."""
    asked = _asked(request)
    return _done(request, lambda actor: actions.withdraw_right(actor, **asked), gettext("已收回。"))


@needs(Right.PEOPLE)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What the office asks of everybody who signs in."""
    row = sign_in_rules()
    form = RulesForm(initial={"second_factor": row.second_factor, "makes_staff": row.makes_staff})
    return render(request, "org/sign_in_rules.html", {"form": form, "rules": row})


@needs(Right.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_rules(request: HttpRequest) -> HttpResponse:
    """Change that."""
    if request.method != "POST":
        return redirect("org:sign_in_rules")
    form = RulesForm(request.POST)
    if not form.is_valid():
        told = {"form": form, "rules": sign_in_rules()}
        return render(request, "org/sign_in_rules.html", told, status=UNREADABLE)
    actions.set_sign_in_rules(setter_of(request, Right.PEOPLE), **form.cleaned_data)
    messages.success(request, gettext("登录规定已更新。"))
    return redirect("org:sign_in_rules")


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = RightForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def _done(request: HttpRequest, do: Any, said: str) -> HttpResponse:
    """Back to the line it was done at, with what came of it."""
    try:
        do(setter_of(request, Right.PEOPLE))
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.why.say(get_language() or "zh"))
    back = request.POST.get("back", "")
    return redirect(
        reverse("org:rights") + (f"?{back}" if back.isascii() and "\n" not in back else "") + _place(request)
    )


def _place(request: HttpRequest) -> str:
    code = request.POST.get("post", "")
    return f"#post-{code}"
