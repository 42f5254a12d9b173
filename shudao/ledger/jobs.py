"""The ledger's duties: heads once a day, retention."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.ledger.actions import erase_class, record_heads
from shudao.ledger.queries import heads_are_due, periods
from shudao.ledger.verbs import Actor

PARTS = 5  # records of one class a turn, so that a turn stays within its lease


@job(every=600)
def record_heads_daily() -> None:
    """Record every stream's head once a day."""
    if heads_are_due(clock.now(LIVE)):
        record_heads(Actor(LIVE, "system"))


@job(every=600)
def apply_retention() -> None:
    """Erase what is due of the classes whose period is applied, a part at each turn."""
    now = clock.now(LIVE)
    for period in periods():
        before = period.before(now) if period.is_applied else None
        if before is not None:
            erase_class(Actor(LIVE, "system"), period.kind, before, most=PARTS)
