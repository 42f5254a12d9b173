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
from shudao.drill.queries import next_inject_at, seen_count, view_of
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
    """一局 (game): a run under play, what the team means to do, and what was refused, with the time to try again."""

    run: Run
    team: TeamScript | None
    meant: list[Move] | None = None
    refused: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def moves(self, now: datetime) -> list[Move]:
        """What the team will do from what it sees; looked at anew only after something that players can see."""
        if self.meant is None:
            self.meant = moves(self.team, self.run.scenario, self.run.edition.plan, view_of(self.run))
        return [move for move in self.meant if self.refused.get(_name(move), now) <= now]

    def do(self, move: Move, now: datetime) -> None:
        """Carry a move out; a refusal is an answer, not a failure."""
        self.meant = None
        try:
            carry_out(self.run, move)
        except Refused as no:
            self.refused[_name(move)] = now + AGAIN
            log.info("%s by %s refused: %s", move.verb, move.post, no.why.en)

    def let_happen(self, now: datetime) -> None:
        """What comes of itself: injects, sensing, deadlines of the plan."""
        scene = self.run.scene
        if (at := next_inject_at(self.run)) and at <= now:
            before = seen_count(self.run)
            send_due(self.run)
            pull_scene(scene)
            if seen_count(self.run) != before:
                self.meant = None
        if (at := next_due(Deadline, scene)) and at <= now:
            fire_due(scene, now, holder="drill")
            self.meant = None

    def next_at(self, team: list[Move], now: datetime) -> datetime:
        """The next moment at which anything can happen, never before now."""
        ahead = [next_inject_at(self.run), next_due(Deadline, self.run.scene), self.run.ends_at]
        again = [at for at in self.refused.values() if at > now]
        return max(now, min([at for at in ahead if at is not None] + [move.at for move in team] + again))


def play(run: Run, team: TeamScript | None) -> Run:
    """Play a run that is ready from its start to its end; returns it finished. RuntimeError when it does not end."""
    run = start_run(Actor(run.scene, DRIVER), run, simulated=True)
    game = Game(run, team)
    now = clock.now(run.scene)
    for _ in range(MOST_TURNS):
        game.let_happen(now)
        if run.ends_at and now >= run.ends_at:
            return finish_run(Actor(run.scene, DRIVER), run)
        team_moves = game.moves(now)
        if team_moves and team_moves[0].at <= now:
            game.do(team_moves[0], now)
        else:
            now = move_clock(run, game.next_at(team_moves, now))
    raise RuntimeError(f"run {run.code} does not end")


def _name(move: Move) -> tuple[str, str, str]:
    return move.verb, move.on, move.step
