"""What every test may ask for: a standing clock, actors, a small organisation."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from shudao.base import clock
from shudao.base.scene import LIVE, Scene

# The machine may be busy: a slow example is no failure, only a wrong one is.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("house")

START = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in China


@pytest.fixture
def standing():
    """A manual clock, standing at START until moved."""
    manual = clock.ManualClock(START)
    before = clock.install(manual)
    yield manual
    clock.install(before)


@pytest.fixture
def duty(standing):
    """The duty officer in the real world."""
    from shudao.ledger.verbs import Actor

    return Actor(LIVE, "duty_officer", "陈立")


@pytest.fixture
def run_scene():
    """The scene of a drill run."""
    return Scene.run("0001")


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly():
    """PostgreSQL empties a hundred nearly empty tables sooner row by row than by TRUNCATE, which makes each file anew."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return

    def sql_flush(style: object, tables: list, *, reset_sequences: bool = False, allow_cascade: bool = False) -> list:
        gone = [f"DELETE FROM {connection.ops.quote_name(table)};" for table in tables]
        return ["SET session_replication_role = replica;", *gone, "SET session_replication_role = DEFAULT;"]

    connection.ops.sql_flush = sql_flush
