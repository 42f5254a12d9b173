"""专题 (topics): what is watched for, how much it catches, and what a wording would have caught."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.sense.check import TopicFinding, check_topics
from shudao.engine.sense.marked import Piece, marked
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.preview import Caught, Preview, preview
from shudao.engine.sense.query import QueryError
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.org.queries import post_names
from shudao.sense.actions.feeding import watched
from shudao.sense.models import Hit, Topic
from shudao.sense.queries import alerts_by_topic, hits_by_topic, hits_of_topic, items_between, readings_of
from shudao.sense.screens.coming import Coming, coming

PER_PAGE = 20
WINDOW = timedelta(days=7)
RULES = {
    "contradictory": Words("互相矛盾", "contradictory"),
    "dead": Words("永远用不上", "never matters"),
    "runaway": Words("什么都抓", "catches nearly everything"),
    "unclear": Words("可能写错", "may mean something else"),
}


@dataclass(frozen=True)
class TopicRow:
    """专题 (topic) in the list: what it caught and raised in seven days."""

    topic: Topic
    owner: str
    is_owner_missing: bool
    hits: int
    alerts: int


class TopicsScreen:
    """The topics in force, or those that were retired. `ask`: words to be found in name, code or query."""

    def __init__(self, *, ask: str = "", retired: bool = False, page: str = "1") -> None:
        self.now, self.ask, self.retired, self._page = clock.now(LIVE), ask.strip()[:100], retired, page

    @cached_property
    def rows(self) -> QuerySet[Topic]:
        """The topics asked for."""
        live = Topic.objects.in_scene(LIVE)
        rows = live.filter(retired_at=None)
        if self.retired:
            rows = live.exclude(retired_at=None).exclude(code__in=rows.values("code"))
        if self.ask:
            rows = rows.filter(Q(name__icontains=self.ask) | Q(code__icontains=self.ask) | Q(query__icontains=self.ask))
        return rows.order_by("name", "code", "-version")

    @cached_property
    def page(self) -> Page[Topic]:
        """A page of them."""
        return Paginator(self.rows, PER_PAGE).get_page(self._page)

    @cached_property
    def cards(self) -> list[TopicRow]:
        """They with their figures."""
        shown, names = list(self.page), post_names()
        codes, since = [row.code for row in shown], self.now - WINDOW
        hits, raised = hits_by_topic(LIVE, codes, since), alerts_by_topic(LIVE, codes, since)
        return [
            TopicRow(
                topic=row,
                owner=names.get(row.owner_post, row.owner_post),
                is_owner_missing=bool(row.owner_post) and row.owner_post not in names,
                hits=hits.get(row.code, 0),
                alerts=raised.get(row.code, 0),
            )
            for row in shown
        ]

    @cached_property
    def total(self) -> int:
        """All topics in force."""
        return Topic.objects.in_scene(LIVE).filter(retired_at=None).count()

    @property
    def keep(self) -> str:
        """What the other pages of the list are asked with."""
        told = {"ask": self.ask, "state": "retired" if self.retired else ""}
        found = urlencode({name: value for name, value in told.items() if value})
        return f"{found}&" if found else ""

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.total:
            return gettext("还没有专题：站点什么都不会留意")
        return ngettext("正在留意一个专题", "正在留意 %(n)d 个专题", self.total) % {"n": self.total}


@dataclass(frozen=True)
class Shown:
    """抓到的一条 (post) with its words marked."""

    url: str
    source: str
    at: datetime
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class FindingRow:
    """发现 (finding) with the query cut at its place."""

    finding: TopicFinding
    before: str
    marked: str
    after: str

    @property
    def rule(self) -> Words:
        """What kind of fault."""
        return RULES[self.finding.rule]


class PreviewScreen:
    """试抓 (preview) of a wording over the last seven days. `before`: the version in force, to compare with."""

    def __init__(self, topic: Watched, before: Watched | None, *, most: int) -> None:
        self.topic, self.before, self.most = topic, before, most
        self.now = clock.now(LIVE)
        self.fault: QueryError | None = None

    @cached_property
    def findings(self) -> list[FindingRow]:
        """What the check says of it."""
        return [_cut(row, self.topic.query) for row in check_topics((self.topic,))]

    @property
    def faults(self) -> list[FindingRow]:
        """The findings that fail a check."""
        return [row for row in self.findings if row.finding.severity == "fault"]

    @cached_property
    def found(self) -> Preview:
        """What it would have caught."""
        rows = items_between(LIVE, self.now - WINDOW, self.now)
        before = self.before if self.before and _differs(self.before, self.topic) else None
        zone = timezone.get_current_timezone()
        return preview(_posts(rows), self.topic, before, zone=zone, days=self.days, most=self.most)

    @cached_property
    def compares(self) -> bool:
        """Whether there is another wording to compare with."""
        return self.before is not None and _differs(self.before, self.topic)

    @cached_property
    def days(self) -> list[date]:
        """The days of the window, the earliest first."""
        last = timezone.localtime(self.now).date()
        return [last - timedelta(days=back) for back in range(6, -1, -1)]

    @property
    def counts(self) -> list[tuple[date, int]]:
        """Day -> how many."""
        rows = list(self.found.per_day.items())
        return rows[-7:]

    @property
    def most_a_day(self) -> int:
        """The largest count, at least 1."""
        return max([1, *(count for _, count in self.counts)])

    @cached_property
    def shown(self) -> list[Shown]:
        """The newest posts it would have caught."""
        return _shown(self.found.shown)

    @cached_property
    def came_in(self) -> list[Shown]:
        """Posts that the wording before missed."""
        return _shown(self.found.in_shown)

    @cached_property
    def went_out(self) -> list[Shown]:
        """Posts that only the wording before would have caught."""
        return _shown(self.found.out_shown)

    @property
    def sentence(self) -> str:
        """What this would have caught."""
        told = {"n": self.found.caught, "looked": self.found.looked}
        if not self.found.looked:
            return gettext("过去 7 天站点没有收到任何信息，无从试抓")
        if self.found.is_whole:
            return gettext("过去 7 天它会抓到 %(n)d 条（共 %(looked)d 条）") % told
        return gettext("在最近的 %(looked)d 条里它会抓到 %(n)d 条；更早的没有看") % told


class TopicScreen:
    """One topic: its wording, what it caught, its versions."""

    def __init__(self, topic: Topic, *, page: str = "1") -> None:
        self.topic, self._page = topic, page
        self.now = clock.now(LIVE)
        self.owner = post_names().get(topic.owner_post, topic.owner_post)

    @cached_property
    def hits(self) -> Page[Hit]:
        """A page of what it caught in seven days."""
        return Paginator(hits_of_topic(LIVE, self.topic.code, self.now - WINDOW), PER_PAGE).get_page(self._page)

    @cached_property
    def shown(self) -> list[Shown]:
        """They with their words marked."""
        return [_of_hit(hit) for hit in self.hits]

    @cached_property
    def counts(self) -> list[tuple[date, int]]:
        """Day -> how many, over seven days."""
        last = timezone.localtime(self.now).date()
        days = {last - timedelta(days=back): 0 for back in range(6, -1, -1)}
        for row in readings_of(LIVE, self.topic.code, self.now - WINDOW):
            day = timezone.localtime(row.hour_at).date()
            if day in days:
                days[day] += row.posts
        return list(days.items())

    @property
    def most_a_day(self) -> int:
        """The largest count, at least 1."""
        return max([1, *(count for _, count in self.counts)])

    @cached_property
    def findings(self) -> list[FindingRow]:
        """What the check says of it."""
        return [_cut(row, self.topic.query) for row in check_topics((watched(self.topic),))]

    @cached_property
    def versions(self) -> list[Topic]:
        """All versions, the newest first."""
        return list(Topic.objects.in_scene(LIVE).filter(code=self.topic.code).order_by("-version")[:PER_PAGE])

    @cached_property
    def coming(self) -> Coming | None:
        """What the next hours may bring, of a topic in force."""
        return None if self.topic.retired_at else coming(LIVE, self.topic.code, self._watched_from, self.now)

    @property
    def _watched_from(self) -> datetime:
        return min(row.added_at for row in [*self.versions, self.topic])

    @cached_property
    def alerts(self) -> int:
        """Alerts of seven days."""
        return alerts_by_topic(LIVE, [self.topic.code], self.now - WINDOW).get(self.topic.code, 0)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.topic.retired_at:
            return gettext("已停用：以前抓到的仍可查阅")
        count = sum(count for _, count in self.counts)
        return ngettext("过去 7 天抓到一条", "过去 7 天抓到 %(n)d 条", count) % {"n": count}


def _differs(one: Watched, other: Watched) -> bool:
    return (one.query, one.sources, one.languages) != (other.query, other.sources, other.languages)


def _posts(rows: Iterable[Sequence[object]]) -> Iterator[SensePost]:
    for key, at, title, text, outlet, source, kind in rows:
        yield SensePost(
            id=str(key), at=at, source=str(outlet or source), kind=str(kind), title=str(title), text=str(text)  # type: ignore[arg-type]
        )  # fmt: skip


def _shown(rows: Sequence[Caught]) -> list[Shown]:
    urls = dict(Item.objects.filter(pk__in=[int(row.post.id) for row in rows]).values_list("pk", "url"))
    return [
        Shown(
            url=urls.get(int(row.post.id), ""),
            source=row.post.source,
            at=row.post.at,
            title=marked(row.post.title, [(s.clause, s.start, s.end) for s in row.spans if s.field == "title"]),
            text=marked(row.post.text, [(s.clause, s.start, s.end) for s in row.spans if s.field == "text"]),
            clauses=row.clauses,
        )
        for row in rows
    ]


def _of_hit(hit: Hit) -> Shown:
    item = hit.placement.item
    spans = [(clause, field, start, end) for clause, field, start, end in hit.spans]
    return Shown(
        url=item.url,
        source=item.outlet or item.source.name,
        at=item.published_at,
        title=marked(item.title, [(c, s, e) for c, f, s, e in spans if f == "title"]),
        text=marked(item.text, [(c, s, e) for c, f, s, e in spans if f == "text"]),
        clauses=tuple(hit.clauses),
    )


def _cut(finding: TopicFinding, query: str) -> FindingRow:
    start, end = finding.place
    return FindingRow(finding, query[:start], query[start:end], query[end:])
