"""外面 (outlook): what the board shows beside the matters: what was published in the last day, sources in trouble, drills that
run, and the note of the shift before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from shudao.base.scene import Scene
from shudao.drill.models import Run
from shudao.engine.charts.model import VolumeChart
from shudao.listen.models import Source
from shudao.org.models import HandOver, Post
from shudao.sense.screens import charts, numbers

DAY = timedelta(days=1)
SLOT = 5
"""Minutes for which one count of the last day serves every reader."""
MOST_RUNS = 5
_counted: dict[str, tuple[datetime, list[numbers.Tally]]] = {}


class Trouble(NamedTuple):
    """信源 (sources) that do not work as they should, of how many."""

    failing: int
    paused: int
    all: int


def volume(scene: Scene, now: datetime) -> VolumeChart | None:
    """The chart of the last day, up to the last full five minutes: counted once for everybody."""
    slot = now.replace(minute=now.minute // SLOT * SLOT, second=0, microsecond=0)
    kept = _counted.get(scene.key)
    if kept is None or kept[0] != slot:
        kept = _counted[scene.key] = (slot, numbers.volume(scene, slot - DAY, slot))
    return charts.day_volume(kept[1], now)


def forget() -> None:
    """Count anew at the next asking."""
    _counted.clear()


def trouble(scene: Scene) -> Trouble:
    """How the sources are."""
    rows = Source.objects.in_scene(scene).exclude(state=Source.State.RETIRED).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    return Trouble(counts.get(Source.State.FAILING, 0), counts.get(Source.State.PAUSED, 0), sum(counts.values()))


def drills() -> list[Run]:
    """Runs that are under way."""
    under_way = Run.objects.filter(state__in=(Run.State.RUNNING, Run.State.PAUSED))
    return list(under_way.defer("scenario_json").order_by("-pk")[:MOST_RUNS])


def notes(posts: Sequence[str], now: datetime) -> list[HandOver]:
    """Notes of the shift before that nobody has taken note of yet, for these posts."""
    held = Post.objects.filter(code__in=posts).values("pk")
    rows = HandOver.objects.filter(post__in=held, acknowledged_at=None, written_at__gt=now - 2 * DAY)
    return list(rows.select_related("post", "writer").order_by("-written_at", "-pk")[:3])
