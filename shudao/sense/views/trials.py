"""Trials: the setup in force, what another would change, taking it into force."""

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
    try:
        actions.adopt_trial(setter_of(request, Right.TOPICS), trial_for(key))
    except Refused as refusal:
        return _refused(request, refusal)
    messages.success(request, gettext("已采用，从下一批信息起生效。以前的预警和话题不变。"))
    return redirect("sense:trials")


@needs(Right.TOPICS)
@require_POST
def remove_trial(request: HttpRequest, key: int) -> HttpResponse:
    """Stop it, or take its result away."""
    try:
        actions.remove_trial(setter_of(request, Right.TOPICS), trial_for(key))
    except Refused as refusal:
        return _refused(request, refusal)
    messages.success(request, gettext("试算已删除。"))
    return redirect("sense:trials")


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.why.say(get_language() or "zh"))
    return redirect("sense:trials")
