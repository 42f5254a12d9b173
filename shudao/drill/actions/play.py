"""自动推演 (play): a whole run without people, event by event on the run's own clock.

The clock stands and is moved to the next thing that is due: an inject, a deadline of the plan, a move of the team.
Between two such moments nothing can happen, so nothing is lost by the jump and a day takes seconds.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shudao.base import clock
from shudao.base.deadlines import next_due
from shudao.base.refusal import Refused
from shudao.drill.actions.deeds import carry_out
from shudao.drill.actions.inject import DRIVER, send_due
from shudao.drill.actions.run import finish_run, move_clock, start_run
from shudao.drill.models import Run
from shudao.drill.queries import next_inject_at, view_of
from shudao.engine.drill.model import TeamScript
from shudao.engine.drill.team import moves
from shudao.engine.drill.view import Move
from shudao.ledger.verbs import Actor
from shudao.respond.actions import fire_due
from shudao.respond.models import Deadline
from shudao.sense.actions import pull_scene

log = logging.getLogger("shudao.drill")
AGAIN = timedelta(minutes=30)
"""A team that was refused tries again after this long (assumed)."""

MOST_TURNS = 20_000
"""More than any run needs; a run that asks for more is caught in a loop."""


@dataclass
class Game:
    """一局 (game): a run under play and the moves that were refused, with the moment to try again."""

    run: Run
    team: TeamScript | None
    refused: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def moves(self) -> list[Move]:
        """What the team will do from what it sees now; what was refused waits."""
        found = moves(self.team, self.run.scenario, self.run.edition.plan, view_of(self.run))
        return [move for move in found if self._is_due(move)]

    def _is_due(self, move: Move) -> bool:
        waits = self.refused.get(_name(move))
        return waits is None or waits <= clock.now(self.run.scene)

    def do(self, move: Move) -> None:
        """Carry a move out; a refusal is an answer, not a failure."""
        try:
            carry_out(self.run, move)
        except Refused as no:
            self.refused[_name(move)] = clock.now(self.run.scene) + AGAIN
            log.info("%s by %s refused: %s", move.verb, move.post, no.why.en)

    def next_at(self, team: list[Move]) -> datetime:
        """The next moment at which anything can happen."""
        run = self.run
        ahead = [next_inject_at(run), next_due(Deadline, run.scene), run.ends_at]
        now = clock.now(run.scene)
        waits = [at for at in self.refused.values() if at > now]
        return min([at for at in ahead if at is not None] + [move.at for move in team] + waits)


def play(run: Run, team: TeamScript | None) -> Run:
    """Play a run that is ready from its start to its end; returns it finished. RuntimeError when it does not end."""
    run = start_run(Actor(run.scene, DRIVER), run, simulated=True)
    game = Game(run, team)
    for _ in range(MOST_TURNS):
        now = clock.now(run.scene)
        _let_happen(run, now)
        if run.ends_at and now >= run.ends_at:
            return finish_run(Actor(run.scene, DRIVER), run)
        team_moves = game.moves()
        if team_moves and team_moves[0].at <= now:
            game.do(team_moves[0])
        else:
            move_clock(run, max(now, game.next_at(team_moves)))
    raise RuntimeError(f"run {run.code} does not end")


def _let_happen(run: Run, now: datetime) -> None:
    """What comes of itself: injects, sensing, deadlines of the plan."""
    if (at := next_inject_at(run)) and at <= now:
        send_due(run)
        pull_scene(run.scene)
    if (at := next_due(Deadline, run.scene)) and at <= now:
        fire_due(run.scene, now, holder="drill")


def _name(move: Move) -> tuple[str, str, str]:
    return move.verb, move.on, move.step
