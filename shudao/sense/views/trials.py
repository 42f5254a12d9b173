"""Trials: the setup in force, what another would change, taking it into force."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base.refusal import Refused
from shudao.org.access import needs, setter_of
from shudao.org.models import Right
from shudao.sense import actions
from shudao.sense.access import trial_for
from shudao.sense.screens.trials import TrialScreen, TrialsScreen


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def trials(request: HttpRequest) -> HttpResponse:
    """How stories are told, and what was tried."""
    screen = TrialsScreen(request.GET.get("page", "1"))
    return render(request, "sense/trials.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def trial(request: HttpRequest, key: int) -> HttpResponse:
    """One trial: how far it is, or what it would change."""
    screen = TrialScreen(trial_for(key))
    return render(request, "sense/trial.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.TOPICS)
@require_POST
def begin_trial(request: HttpRequest) -> HttpResponse:
    """Ask for one."""
    try:
        with_vectors = request.POST.get("with_vectors") == "1"
        begun = actions.begin_trial(setter_of(request, Right.TOPICS), with_vectors=with_vectors)
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("sense:trial", begun.pk)


@needs(Right.TOPICS)
@require_POST
def adopt_trial(request: HttpRequest, key: int) -> HttpResponse:
    """Tell stories so from now on."""
    return _settled(request, key, actions.adopt_trial, gettext("已采用，从下一批信息起生效。以前的预警和话题不变。"))


@needs(Right.TOPICS)
@require_POST
def remove_trial(request: HttpRequest, key: int) -> HttpResponse:
    """Stop it, or take its result away."""
    return _settled(request, key, actions.remove_trial, gettext("试算已删除。"))


def _settled(request: HttpRequest, key: int, do: Callable[..., object], said: str) -> HttpResponse:
    """Do it with a trial, say so, and go back to all of them."""
    try:
        do(setter_of(request, Right.TOPICS), trial_for(key))
    except Refused as refusal:
        return _refused(request, refusal)
    messages.success(request, said)
    return redirect("sense:trials")


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.why.say(get_language() or "zh"))
    return redirect("sense:trials")
