"""预警 (alert): the queue of a scene, and one alert on a page of its own: the reasons with their numbers, every post behind it
with what it copies and its tone, what was done about earlier ones like it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.engine.charts.model import VolumeChart
from shudao.engine.sense.cases import Counted
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.org.models import Post, Unit
from shudao.org.queries import post_names
from shudao.org.queries.units import unit_names
from shudao.sense.beside import Place, opened_from, taken_up
from shudao.sense.departments import passed_of
from shudao.sense.models import Alert, AlertItem, Placement, Reading, Topic, UnitWarning
from shudao.sense.queries import alerts, by_urgency, placements_of
from shudao.sense.screens import charts
from shudao.sense.screens.made import Made, counted
from shudao.sense.screens.words import COLOURS, KINDS, TONES, title_beside

PER_PAGE = 20
HOURS = 24
SIMILAR, SIMILAR_FOR = 5, timedelta(days=180)
STATES = ("open", "acknowledged", "opened", "dismissed")
STATE_WORDS = {
    "open": Words("等签收", "not taken up"),
    "acknowledged": Words("已签收", "taken up"),
    "opened": Words("已启动处置", "incident opened"),
    "dismissed": Words("已排除", "dismissed"),
}


@dataclass(frozen=True)
class Behind:
    """信息条 (item) behind an alert and where it stands."""

    item: Item
    placement: Placement | None
    counted: Counted | None = None
    is_own: bool = False

    @property
    def is_copy(self) -> bool:
        """It copied another when it was counted; for older alerts, as far as is known now."""
        if self.counted is not None:
            return self.counted.copy
        return self.placement is not None and self.placement.copy_of_id is not None

    @property
    def title(self) -> str:
        """Where the text does not say it again."""
        return title_beside(self.item)

    @property
    def tone(self) -> Words | None:
        """Its tone in words."""
        return TONES.get(self.placement.tone) if self.placement else None

    @property
    def is_corrected(self) -> bool:
        """A person said what its tone is."""
        return self.placement is not None and hasattr(self.placement, "correction")


@dataclass(frozen=True)
class AlertRow:
    """预警 (alert) in the queue: what became of it, how many posts are behind it, how its topic went in the last day."""

    alert: Alert
    place: Place | None
    posts: int
    hours: list[int]

    @property
    def title(self) -> str:
        """What an incident opened from it would be called."""
        return title_of(self.alert)

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.alert.dismissed_at:
            return "dismissed"
        return "opened" if self.place else "acknowledged" if self.alert.acknowledged_at else "open"

    @property
    def state_words(self) -> Words:
        """That in words."""
        return STATE_WORDS[self.state]

    @property
    def kind(self) -> Words:
        """What made it an alert."""
        return KINDS.get(self.alert.kind, Words(self.alert.kind, self.alert.kind))

    @property
    def colour(self) -> str:
        """Of its level hint."""
        return COLOURS.get(self.alert.level_hint, "none")

    @property
    def curve(self) -> str:
        """The small line in words."""
        return gettext("专题过去 24 小时共 %(n)d 条，最多一小时 %(most)d 条") % {
            "n": sum(self.hours),
            "most": max(self.hours),
        }


@dataclass(frozen=True)
class Wanted:
    """筛选 (wanted): what the reader asked to see."""

    state: str = ""
    topic: str = ""
    kind: str = ""
    unit: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From an address; what is not known is not asked."""
        state, kind = asked.get("state", ""), asked.get("kind", "")
        return cls(
            state if state in STATES else "",
            asked.get("topic", "")[:60],
            kind if kind in KINDS else "",
            asked.get("unit", "")[:60],
            " ".join(asked.get("q", "").split())[:80],
        )

    @property
    def is_any(self) -> bool:
        """Something was asked."""
        return bool(self.state or self.topic or self.kind or self.unit or self.words)

    @property
    def keep(self) -> str:
        """The same in the addresses of the other pages."""
        asked = {"state": self.state, "topic": self.topic, "kind": self.kind, "unit": self.unit, "q": self.words}
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"{said}&" if said else ""


class AlertsScreen:
    """The alerts of a scene: open ones first, the most urgent and then the oldest of them on top."""

    def __init__(self, scene: Scene, wanted: Wanted | None = None, page: str = "1") -> None:
        self.scene, self.wanted, self._page = scene, wanted or Wanted(), page
        self.now = clock.now(scene)

    @property
    def key(self) -> str:
        """What the live page watches."""
        return "live" if self.scene.is_live else self.scene.stream

    @cached_property
    def _taken(self) -> set[int]:
        return {int(code) for code in taken_up(self.scene) if code.isdecimal()}

    @cached_property
    def page(self) -> Page[int]:
        """A page of their keys: what is put in order is light."""
        return Paginator(by_urgency(self._found()).values_list("pk", flat=True), PER_PAGE).get_page(self._page)

    def _found(self) -> QuerySet[Alert]:
        wanted, rows = self.wanted, Alert.objects.in_scene(self.scene)
        if wanted.state:
            rows = self._in_state(rows, wanted.state)
        if wanted.topic:
            rows = rows.filter(topic__code=wanted.topic)
        if wanted.kind:
            rows = rows.filter(kind=wanted.kind)
        if wanted.unit:
            rows = rows.filter(topic__owner_post__in=Post.objects.filter(unit__code=wanted.unit).values("code"))
        for word in wanted.words.split():
            said = Q(why_zh__icontains=word) | Q(why_en__icontains=word) | Q(topic__name__icontains=word)
            rows = rows.filter(
                said | Q(story__first_item__title__icontains=word) | Q(story__first_item__text__icontains=word)
            )
        return rows

    def _in_state(self, rows: QuerySet[Alert], state: str) -> QuerySet[Alert]:
        if state == "dismissed":
            return rows.exclude(dismissed_at=None)
        rows = rows.filter(dismissed_at=None)
        if state == "open":
            return rows.filter(acknowledged_at=None)
        rows = rows.exclude(acknowledged_at=None)
        return rows.filter(number__in=self._taken) if state == "opened" else rows.exclude(number__in=self._taken)

    @cached_property
    def rows(self) -> list[AlertRow]:
        """They with what became of them."""
        keys = list(self.page)
        found = alerts(self.scene).in_bulk(keys)
        shown = [found[key] for key in keys if key in found]
        places, hours = opened_from(self.scene, shown), self._hours({row.topic.code for row in shown})
        counts = AlertItem.objects.filter(alert__in=shown).order_by().values_list("alert").annotate(n=Count("pk"))
        posts = dict(counts)
        return [AlertRow(row, places.get(row.code), posts.get(row.pk, 0), hours[row.topic.code]) for row in shown]

    def _hours(self, topics: set[str]) -> dict[str, list[int]]:
        """Topic → its posts in each of the last hours."""
        since = self.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
        found: dict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
        rows = Reading.objects.in_scene(self.scene).filter(
            topic_code__in=topics, hour_at__gte=since, hour_at__lte=self.now
        )
        for row in rows:
            found[row.topic_code][int((row.hour_at - since) / timedelta(hours=1))] += row.posts
        return found

    @cached_property
    def open(self) -> int:
        """Alerts that nobody has taken up, whatever was asked."""
        return self._in_state(Alert.objects.in_scene(self.scene), "open").count()

    @cached_property
    def topics(self) -> list[tuple[str, str]]:
        """(code, name) of the topics that ever raised one."""
        codes = Alert.objects.in_scene(self.scene).order_by().values("topic__code").distinct()
        rows = Topic.objects.filter(code__in=codes).order_by("code", "version").values_list("code", "name")
        return sorted(dict(rows).items(), key=lambda row: row[1])

    @cached_property
    def units(self) -> list[Unit]:
        """Departments that answer for a topic."""
        owners = Topic.objects.filter(retired_at=None).exclude(owner_post="").values("owner_post")
        return list(Unit.objects.filter(posts__code__in=owners).distinct().order_by("name"))

    @property
    def kinds(self) -> list[tuple[str, Words]]:
        """What can make one."""
        return list(KINDS.items())

    @property
    def states(self) -> list[tuple[str, Words]]:
        """What can become of one."""
        return list(STATE_WORDS.items())

    @property
    def sentence(self) -> str:
        """On top."""
        if not self.open:
            return gettext("没有等签收的预警")
        return ngettext("%(n)d 条预警等签收", "%(n)d 条预警等签收", self.open) % {"n": self.open}


class AlertScreen:
    """One alert."""

    def __init__(self, alert: Alert, page: str = "1") -> None:
        self.alert, self._page = alert, page
        self.scene = alert.scene_value
        self.now = clock.now(self.scene)
        self.kind = KINDS.get(alert.kind, Words(alert.kind, alert.kind))

    @property
    def title(self) -> str:
        """What an incident opened from it would be called."""
        return title_of(self.alert)

    @property
    def colour(self) -> str:
        """Of its level hint."""
        return COLOURS.get(self.alert.level_hint, "none")

    @cached_property
    def names(self) -> dict[str, str]:
        """Posts by code."""
        return post_names()

    @property
    def taken_by(self) -> str:
        """Who took it up."""
        return self.names.get(self.alert.acknowledged_by, self.alert.acknowledged_by)

    @property
    def dismissed_by(self) -> str:
        """Who dismissed it."""
        return self.names.get(self.alert.dismissed_by, self.alert.dismissed_by)

    @cached_property
    def passed(self) -> list[tuple[str, UnitWarning]]:
        """The departments it was passed to, by name."""
        rows = passed_of(self.alert)
        names = unit_names() if rows else {}
        return [(names.get(row.unit, row.unit), row) for row in rows]

    @cached_property
    def place(self) -> Place | None:
        """The incident opened from it."""
        return opened_from(self.scene, [self.alert]).get(self.alert.code)

    @cached_property
    def made(self) -> Made | None:
        """What it was made from."""
        return Made.of(self.alert)

    @cached_property
    def items(self) -> Page[int]:
        """A page of the posts behind it, by key: all that were counted."""
        rows = AlertItem.objects.filter(alert=self.alert).order_by("place").values_list("item_id", flat=True)
        return Paginator(list(self.made.posts if self.made else rows), PER_PAGE).get_page(self._page)

    @cached_property
    def behind(self) -> list[Behind]:
        """They with their placements; what retention took is no longer among them."""
        found = Item.objects.select_related("source").in_bulk(list(self.items))
        placed = placements_of(found.values())
        counted = self.made.posts if self.made else {}
        matter = self.made.case.matter if self.made else None
        return [
            Behind(found[key], placed.get(key), row := counted.get(key), row is not None and row.story == matter)
            for key in self.items
            if key in found
        ]

    @property
    def gone(self) -> int:
        """Posts of this page that retention took."""
        return len(self.items) - len(self.behind)

    @cached_property
    def readings(self) -> list[Reading]:
        """The topic hour by hour, up to the hour of the alert and a few after."""
        hour = self.alert.at.replace(minute=0, second=0, microsecond=0)
        rows = Reading.objects.in_scene(self.scene).filter(topic_code=self.alert.topic.code)
        return list(rows.filter(hour_at__gt=hour - timedelta(hours=HOURS), hour_at__lte=hour + timedelta(hours=3)))

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The numbers behind the reasons; of an older alert what its hour had, what is usual, how much repeats."""
        if self.made:
            return self.made.figures
        hour = self.alert.at.replace(minute=0, second=0, microsecond=0)
        row = next((row for row in self.readings if row.hour_at == hour), None)
        if row is None:
            return []
        said = [(gettext("这一小时"), counted(row.posts)), (gettext("同一时段通常"), counted(row.usual))]
        said.append((gettext("其中近似重复"), counted(row.copies)))
        said.append((gettext("其中偏负面"), counted(row.negative)))
        return said

    @cached_property
    def chart(self) -> VolumeChart | None:
        """The topic around the alert."""
        if sum(row.posts for row in self.readings) < charts.LEAST:
            return None
        title = gettext("专题“%(topic)s”：预警发出前后每小时的条数") % {"topic": self.alert.topic.name}
        return charts.hours([(row.hour_at, row.posts) for row in self.readings], title=title)

    @cached_property
    def before(self) -> Alert | None:
        """The alert of the same matter that this one opens again."""
        if self.alert.kind != "second_wave":
            return None
        rows = Alert.objects.in_scene(self.scene).filter(topic__code=self.alert.topic.code, story=self.alert.story)
        return rows.filter(number__lt=self.alert.number).order_by("-number").first()

    @cached_property
    def similar(self) -> list[AlertRow]:
        """Earlier alerts of the topic, with what was done about them."""
        rows = Alert.objects.in_scene(self.scene).filter(
            topic__code=self.alert.topic.code, number__lt=self.alert.number
        )
        rows = rows.filter(raised_at__gte=self.alert.raised_at - SIMILAR_FOR).order_by("-number")
        shown = list(rows.select_related("topic", "story__first_item")[:SIMILAR])
        places = opened_from(self.scene, shown)
        return [AlertRow(row, places.get(row.code), 0, [0]) for row in shown]


def title_of(alert: Alert) -> str:
    """What an incident opened from it would be called."""
    return alert.story.title if alert.story else alert.topic.name
