"""The drill desk: choosing, starting, steering, finishing and scoring a run. Each POST address names its verb."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.drill import actions
from shudao.drill.access import controller, inject_for, report_for, run_for
from shudao.drill.forms import PEOPLE, JumpClockForm, PlayOnForm, ResumeRunForm, StartRunForm
from shudao.drill.models import Run
from shudao.drill.screens import DeskScreen, RunScreen, scenarios, subject_of
from shudao.engine.words import BadInput
from shudao.ledger.lines import entry_page
from shudao.org.access import needs
from shudao.org.models import Right
from shudao.plan.queries import edition_in_force
from shudao.respond.queries import names_of
from shudao.review.actions import make_after_action

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs(Right.DRILL)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Scenarios and runs."""
    controller(request)
    return _desk(request, DeskScreen(request.GET.get("page", "1")))


def _desk(request: HttpRequest, screen: DeskScreen, status: int = 200) -> HttpResponse:
    return render(request, "drill/desk.html", {"screen": screen, "now": screen.now, "place": "drill"}, status=status)


@needs(Right.DRILL)
@require_safe
def run(request: HttpRequest, code: str) -> HttpResponse:
    """One run."""
    return _run(request, RunScreen(run_for(request, code), page=request.GET.get("page", "1")))


def _run(request: HttpRequest, screen: RunScreen, refusal: Refused | None = None) -> HttpResponse:
    values: dict[str, Any] = {"screen": screen, "now": screen.now, "place": "drill", "drill": screen.run.code}
    status = CONFLICT if refusal else UNREADABLE if screen.jump.is_bound else 200
    return render(request, "drill/run.html", {**values, "refusal": refusal and refusal.why}, status=status)


@needs(Right.DRILL)
@require_POST
def start_run(request: HttpRequest) -> HttpResponse:
    """Make a run of a scenario under the plan in force and start it."""
    controller(request)
    known = scenarios()
    form = StartRunForm(request.POST, scenarios=list(known))
    if not form.is_valid():
        return _desk(request, DeskScreen("1", form), UNREADABLE)
    given = form.cleaned_data
    scenario = known[given["scenario"]]
    edition = edition_in_force(scenario.plan)
    if edition is None:
        raise Http404
    seed = scenario.seed if given["seed"] is None else given["seed"]
    try:
        row = actions.make_run(scenario, edition, seed=seed, team=given["team"], speed=given["speed"])
    except BadInput as fault:
        form.add_error(None, fault.line(get_language() or "zh"))
        return _desk(request, DeskScreen("1", form), UNREADABLE)
    alone = row.team != PEOPLE
    actions.start_run(controller(request, row.scene), row, simulated=alone)
    said = gettext("演练已开始，时钟停着，由您一步步往下走。") if alone else gettext("演练已开始，时钟在走。")
    messages.success(request, said)
    return redirect("drill:run", row.code)


def _steer(request: HttpRequest, code: str, do: Callable[[Any, Run], object], said: str) -> HttpResponse:
    """Do a verb upon a run; a refusal is shown on its page."""
    row = run_for(request, code)
    try:
        do(controller(request, row.scene), row)
    except Refused as refusal:
        return _run(request, RunScreen(row), refusal)
    messages.success(request, said)
    return redirect("drill:run", row.code)


@needs(Right.DRILL)
@require_POST
def send_inject(request: HttpRequest, code: str) -> HttpResponse:
    """Send one inject now."""
    row = inject_for(request, run_for(request, code), request.POST.get("inject", ""))
    return _steer(request, code, lambda who, _: actions.send_inject(who, row), gettext("注入已发出。"))


@needs(Right.DRILL)
@require_POST
def pause_run(request: HttpRequest, code: str) -> HttpResponse:
    """Stop the exercise clock."""
    return _steer(request, code, actions.pause_run, gettext("时钟已暂停。"))


@needs(Right.DRILL)
@require_POST
def resume_run(request: HttpRequest, code: str) -> HttpResponse:
    """Let the clock go on."""
    form = ResumeRunForm(request.POST)
    speed = (form.cleaned_data["speed"] or 0) if form.is_valid() else 0
    return _steer(request, code, lambda who, row: actions.resume_run(who, row, speed=speed), gettext("时钟继续走。"))


@needs(Right.DRILL)
@require_POST
def jump_clock(request: HttpRequest, code: str) -> HttpResponse:
    """Go forward by some minutes."""
    form = JumpClockForm(request.POST)
    row = run_for(request, code)
    if not form.is_valid():
        return _run(request, RunScreen(row, jump=form))
    to = RunScreen(row).now + timedelta(minutes=form.cleaned_data["minutes"])
    return _steer(request, code, lambda who, found: actions.jump_clock(who, found, to=to), gettext("时钟已拨快。"))


@needs(Right.DRILL)
@require_POST
def play_on(request: HttpRequest, code: str) -> HttpResponse:
    """Let the scripted team play on."""
    form = PlayOnForm(request.POST)
    minutes = (form.cleaned_data["minutes"] or 0) if form.is_valid() else 0

    def go(_who: Any, row: Run) -> None:
        until = clock.now(row.scene) + timedelta(minutes=minutes) if minutes else None
        actions.play_on(row, until=until)

    return _steer(request, code, go, gettext("已走到下一刻。"))


@needs(Right.DRILL)
@require_POST
def write_after_action(request: HttpRequest, code: str) -> HttpResponse:
    """Write the after-action report of a finished run."""
    return _steer(request, code, lambda who, row: make_after_action(who, subject_of(row)), gettext("复盘报告已写成。"))


@needs(Right.DRILL)
@require_safe
def report(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """An after-action report as Word."""
    row = report_for(request, run_for(request, code), number)
    name = {"Content-Disposition": f'attachment; filename="{row.file_name}"'}
    return HttpResponse(bytes(row.document), content_type=WORD, headers=name)


@needs(Right.DRILL)
@require_POST
def finish_run(request: HttpRequest, code: str) -> HttpResponse:
    """End the run and score it."""

    def finish(who: Any, row: Run) -> None:
        actions.finish_run(who, row)
        actions.score_run(who, row)

    return _steer(request, code, finish, gettext("演练已结束并评分。"))


@needs(Right.DRILL)
@require_POST
def score_run(request: HttpRequest, code: str) -> HttpResponse:
    """Score again from the ledger."""
    return _steer(request, code, actions.score_run, gettext("已按记录重新评分。"))


@needs(Right.DRILL)
@require_safe
def entry(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """The entry behind a line."""
    row = run_for(request, code)
    values = entry_page(row.stream, seq, names_of(row.edition.plan))
    if values is None:
        raise Http404
    values |= {"now": clock.now(row.scene), "drill": code, "place": "drill"}
    return render(request, "ledger/entry.html", {**values, "back": f"../../#entry-{seq}"})
