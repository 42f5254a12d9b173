"""Background work of the organisation: rolling shifts out ahead, and forgetting sheets that nobody confirmed."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.actions import forget_sheets, roll_shifts
from shudao.org.queries.shifts import rules_run_dry

SYSTEM = Actor(LIVE, "system")


@job(every=900)
def roll_shifts_ahead() -> None:
    """Every rule has its shifts at least 35 days ahead."""
    if rules_run_dry(clock.now(LIVE)):
        roll_shifts(SYSTEM)


@job(every=300)
def forget_old_sheets() -> None:
    """Uploaded sheets live an hour."""
    forget_sheets(clock.now(LIVE))
