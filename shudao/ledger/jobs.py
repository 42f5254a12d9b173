"""The ledger's daily duty."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.ledger.actions import record_heads
from shudao.ledger.queries import heads_are_due
from shudao.ledger.verbs import Actor


@job(every=600)
def record_heads_daily() -> None:
    """Record every stream's head once a day."""
    if heads_are_due(clock.now(LIVE)):
        record_heads(Actor(LIVE, "system"))
