"""How the site itself is: for those who run it, and for the machine that watches it."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.board import metrics as measured
from shudao.board.health import health
from shudao.board.screens.operations import OperationsScreen
from shudao.org.access import may, needs
from shudao.org.models import Right


@needs(Right.SITE)
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Part by part how the site is, what to do, and how it is watched from outside."""
    screen = OperationsScreen(health(clock.now(LIVE), whole=False), has_token=bool(settings.METRICS_TOKEN))
    return render(request, "board/operations.html", {"screen": screen, "place": "settings"})


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in the form of Prometheus: by the token of SHUDAO_METRICS_TOKEN, or for who may run the site."""
    if not (_has_token(request) or (request.user.is_authenticated and may(request, Right.SITE))):
        raise Http404
    return HttpResponse(measured.page(clock.now(LIVE)), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
