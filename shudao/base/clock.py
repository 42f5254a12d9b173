"""时钟 (clock): the only place that knows what time it is.

The real world runs on the wall clock, a drill run on its own (started, paused, sped up, jumped), kept as a row so that
a restart goes on to the second. Tests and the demo install a manual clock; everything else asks `now(scene)`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from shudao.base.models import SceneClock
from shudao.base.scene import LIVE, Scene


class Source(Protocol):
    """Whatever tells the real time."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The moment, with its zone."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands until it is moved; for tests and the headless demo."""

    def __init__(self, start: datetime) -> None:
        self._at = start

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`; ValueError when that is in its past."""
        if at < self._at:
            raise ValueError("a clock does not go back")
        self._at = at

    def advance(self, **length: float) -> datetime:
        """Move on by a timedelta's keywords."""
        self._at += timedelta(**length)
        return self._at


_source: Source = WallClock()


def install(source: Source) -> Source:
    """Put another source of real time in place; returns the one before."""
    global _source
    before, _source = _source, source
    return before


def now(scene: Scene) -> datetime:
    """The time in a scene, with zone UTC."""
    real = _source.now()
    if scene.is_live:
        return real
    row = SceneClock.objects.filter(scene=scene.key).first()
    return row.at(real) if row else real


def start(scene: Scene, at: datetime, *, speed: int = 1) -> None:
    """Start a run's clock at exercise time `at`; speed 0 stands still."""
    SceneClock.objects.create(scene=scene.key, scene_at=at, real_at=_source.now(), speed=speed)


def turn(scene: Scene, *, to: datetime | None = None, speed: int | None = None) -> datetime:
    """Jump a run's clock forward or change its speed (0 = pause); returns its new time. ValueError on going back."""
    row = SceneClock.objects.select_for_update().get(scene=scene.key)
    real = _source.now()
    at = row.at(real)
    if to is not None and to < at:
        raise ValueError("a clock does not go back")
    row.scene_at, row.real_at = to or at, real
    row.speed = row.speed if speed is None else speed
    row.save()
    return row.scene_at


def end(scene: Scene) -> None:
    """A run is over: its clock stands for good."""
    turn(scene, speed=0)
    SceneClock.objects.filter(scene=scene.key).update(ended_at=_source.now())


def ended_scenes(keys: Iterable[str]) -> set[str]:
    """Which of these scenes are runs that are over."""
    wanted = [key for key in keys if key != LIVE.key]
    rows = SceneClock.objects.filter(scene__in=wanted, ended_at__isnull=False) if wanted else ()
    return {row.scene for row in rows}
