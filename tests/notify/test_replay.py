"""A short replay of what `make soak PART=messages` does for thirty days."""

from datetime import timedelta

import pytest

from shudao.base import clock
from tests.soak.messages import Replay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("kills", [False, True])
def test_a_morning_of_messages_with_restarts(kills):
    before = clock.install(clock.WallClock())
    try:
        said = Replay(0.15, kills=kills, seed=7, calm=timedelta(hours=3)).run()
    finally:
        clock.install(before)
    assert said.startswith("ok "), said
