"""步进 (onward): a run without people, played from the desk one moment at a time, its clock standing in between."""

from datetime import datetime

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.drill.actions.inject import DRIVER
from shudao.drill.actions.play import MOST_TURNS, Game
from shudao.drill.actions.run import finish_run, move_clock
from shudao.drill.models import Run
from shudao.engine.drill.team import team_named
from shudao.ledger.queries import head_of
from shudao.ledger.verbs import Actor


def play_on(run: Run, *, until: datetime | None = None) -> datetime:
    """Go on to the next moment in which something is done, or up to `until`; returns where the clock then stands.

    Refused for a run that people play, and for one that is not under way.
    """
    if run.team == "people" or run.state != Run.State.RUNNING:
        raise refuse("只有脚本队伍的场次可以步进", "only a run of a scripted team is played on", code="team")
    game = Game(run, team_named(run.team, run.scenario))
    now, before = clock.now(run.scene), head_of(run.stream).length
    for _ in range(MOST_TURNS):
        game.let_happen(now)
        if run.ends_at and now >= run.ends_at:
            finish_run(Actor(run.scene, DRIVER), run)
            return now
        moves = game.moves(now)
        if moves and moves[0].at <= now:
            game.do(moves[0], now)
            continue
        ahead = game.next_at(moves, now)
        if head_of(run.stream).length > before and (until is None or ahead > until):
            return now
        now = move_clock(run, ahead)
    raise RuntimeError(f"run {run.code} does not go on")
