"""Background work of the organisation: rolling shifts out ahead, and forgetting sheets that nobody confirmed."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.actions import forget_sheets, roll_shifts
from shudao.org.models import SheetUpload
from shudao.org.queries.shifts import rules_run_dry

SYSTEM = Actor(LIVE, "system")


def _dry() -> bool:
    return rules_run_dry(clock.now(LIVE))


@job(every=900, waits=_dry)
def roll_shifts_ahead() -> None:
    """Every rule has its shifts at least 35 days ahead."""
    if _dry():
        roll_shifts(SYSTEM)


def _old_sheets() -> bool:
    return SheetUpload.objects.filter(expires_at__lt=clock.now(LIVE)).exists()


@job(every=300, waits=_old_sheets)
def forget_old_sheets() -> None:
    """Uploaded sheets that nobody confirmed live an hour."""
    forget_sheets(clock.now(LIVE))
