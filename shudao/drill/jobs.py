"""What goes by itself while people play: injects on the run's clock, and the end."""

from shudao.base import clock
from shudao.base.jobs import job
from shudao.drill.actions import DRIVER, finish_run, send_due
from shudao.drill.queries import running
from shudao.ledger.verbs import Actor


@job(every=2, waits=lambda: bool(running()))
def feed_runs() -> None:
    """Send what is due in every run whose clock goes, and end those whose time is over."""
    for run in running():
        send_due(run)
        if run.ends_at and clock.now(run.scene) >= run.ends_at:
            finish_run(Actor(run.scene, DRIVER), run)
