"""The writes of drills."""

from shudao.drill.actions.inject import DRIVER, release_wave, send_due, send_inject, skip_inject
from shudao.drill.actions.onward import play_on
from shudao.drill.actions.play import play
from shudao.drill.actions.run import (
    finish_run,
    jump_clock,
    make_run,
    move_clock,
    pause_run,
    resume_run,
    score_run,
    start_run,
)

__all__ = [
    "DRIVER", "finish_run", "jump_clock", "make_run", "move_clock", "pause_run", "play", "play_on", "release_wave", "resume_run",
    "score_run", "send_due", "send_inject", "skip_inject", "start_run",
]  # fmt: skip
