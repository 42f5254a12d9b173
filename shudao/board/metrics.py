"""指标 (metrics) of the site in the form Prometheus reads. Counts and ages only; no name, no text."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Min, Sum
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.board.health import State, health
from shudao.engine.respond.state import OPEN
from shudao.ledger.models import Stream
from shudao.listen.models import Item, Source
from shudao.notify.models import Message
from shudao.notify.queries.worker import PULSE
from shudao.respond.models import Demand, Incident, Task
from shudao.sense.models import Alert, Story


def page(now: datetime) -> bytes:
    """Everything measured, as text: the rows' figures now, and the servers' requests since they started."""
    registry = CollectorRegistry()
    registry.register(_Site(now))
    return generate_latest(registry) + generate_latest(_requests())


def _requests() -> CollectorRegistry:
    """Of all servers where there are several, else of this process."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


class _Site(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All gauges."""
        yield from self._stock()
        yield from self._lateness()
        found = health(self.now, whole=False)
        faults = (
            (part, sum(row.state == State.FAULT for row in found if row.part == part))
            for part in {r.part for r in found}
        )
        yield _by("shudao_faults", "Faults of the site by part, as in `shudao check --quick`", "part", sorted(faults))

    def _stock(self) -> Iterator[GaugeMetricFamily]:
        items = Item.objects.in_scene(LIVE)
        last = items.order_by("-pk").values_list("pk", flat=True).first()
        yield _one("shudao_last_item_key", "Key of the newest item: its growth is the intake", last or 0)
        states = Source.objects.in_scene(LIVE).values_list("state").annotate(n=Count("pk")).order_by("state")
        yield _by("shudao_sources", "Sources by state", "state", states)
        last = Story.objects.order_by("-pk").values_list("pk", flat=True).first()
        yield _one("shudao_last_story_key", "Key of the newest story", last or 0)
        opened = Incident.objects.filter(scene=LIVE.key, closed_at=None).count()
        yield _one("shudao_incidents_open", "Incidents not closed", opened)
        alerts = Alert.objects.filter(scene=LIVE.key, acknowledged_at=None, dismissed_at=None).count()
        yield _one("shudao_alerts_open", "Alerts neither taken up nor dismissed", alerts)
        total = Stream.objects.aggregate(n=Sum("length"))["n"] or 0
        yield _one("shudao_ledger_entries", "Entries of the ledger", total)

    def _lateness(self) -> Iterator[GaugeMetricFamily]:
        waits = JobRow.objects.filter(name=PULSE).values_list("due_at", flat=True).first()
        yield _one("shudao_worker_lag_seconds", "How long the job of messages has waited", _age(waits, self.now))
        faults = JobRow.objects.exclude(last_fault="").count()
        yield _one("shudao_jobs_failing", "Jobs whose last turn failed", faults)
        unsent = Message.objects.filter(scene=LIVE.key, done_at=None, due_at__lte=self.now)
        yield _one("shudao_outbox_waiting", "Messages due and not yet sent", unsent.count())
        oldest = unsent.aggregate(at=Min("due_at"))["at"]
        yield _one("shudao_outbox_oldest_seconds", "Age of the oldest of them", _age(oldest, self.now))
        late = Task.objects.filter(scene=LIVE.key, status__in=OPEN, due_at__lt=self.now)
        yield _one("shudao_tasks_late", "Open tasks past their time", late.count())
        open_ = Demand.objects.filter(scene=LIVE.key, state=Demand.State.OPEN)
        yield _one("shudao_demands_open", "Demands without an answer", open_.count())
        newest = Item.objects.in_scene(LIVE).order_by("-pk").values_list("read_at", flat=True).first()
        yield _one("shudao_last_item_age_seconds", "How long ago the newest item was read", _age(newest, self.now))


def _one(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)


def _by(name: str, says: str, label: str, rows: Iterable[tuple[str, int]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, count in rows:
        family.add_metric([str(value)], count)
    return family


def _age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0
