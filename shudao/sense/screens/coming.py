"""预计 (forecast) of a topic on its page: the next hours from its hourly readings, said with how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from shudao.base.scene import Scene
from shudao.engine.sense.forecast import Expected, forecast
from shudao.sense.queries import readings_of

PAST = timedelta(days=28)
HOUR = timedelta(hours=1)
AHEAD = 6


@dataclass(frozen=True)
class Coming:
    """预计 (forecast): the hours ahead."""

    hours: Sequence[Expected]

    @property
    def sentence(self) -> str:
        """All of them in one."""
        said = {"n": len(self.hours), "count": f"{sum(row.mean for row in self.hours):.0f}"}
        return gettext("接下来 %(n)d 小时大约 %(count)s 条") % said

    @property
    def rows(self) -> list[tuple[datetime, str, str]]:
        """Hour, about how many, between what."""
        return [(timezone.localtime(moment(row.at)), f"{row.mean:.1f}", f"{row.low}–{row.high}") for row in self.hours]


def moment(at: float) -> datetime:
    """A moment of the engine."""
    return datetime.fromtimestamp(at, timezone.get_current_timezone())


def coming(scene: Scene, code: str, added: datetime, now: datetime) -> Coming | None:
    """What the next hours may bring; None from too short a past."""
    end = now.replace(minute=0, second=0, microsecond=0)
    readings = {row.hour_at: row.posts for row in readings_of(scene, code, end - PAST)}
    start = min([hour for hour in readings if hour < end], default=end)
    start = max(end - PAST, min(start, added.replace(minute=0, second=0, microsecond=0)))
    whole = int((end - start) / HOUR)
    counts = [float(readings.get(start + HOUR * number, 0)) for number in range(whole)]
    if not any(counts):
        return None
    offset = (timezone.localtime(now).utcoffset() or timedelta()).total_seconds()
    hours = forecast(counts, start.timestamp(), AHEAD, offset)
    return Coming(hours) if hours else None
