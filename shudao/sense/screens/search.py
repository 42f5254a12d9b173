"""检索 (search): the office's own look into all that was heard, in the language of topics.

The index says where to look; every post shown is held against the query itself, which also says where its words stand.
What the index can answer by itself is counted in full; of the rest (patterns, distances, words with signs in them) the
newest posts that may hold are looked at, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.engine.sense.marked import Piece, marked
from shudao.engine.sense.match import Folded, TopicMatch, TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import Node, QueryError, Topic, leaves, parse
from shudao.engine.sense.wanted import Wanted, wanted
from shudao.engine.text.segment import apart
from shudao.listen.models import Item
from shudao.listen.search import Within, the_index
from shudao.sense.models import Placement
from shudao.sense.queries import placements_of, topics_in_force
from shudao.sense.screens.words import MEDIA, title_beside

PER_PAGE = 20
MOST = 10_000
"""Hits that are counted and can be turned over to."""
LOOKED = 2_000
"""Posts looked at where the index cannot answer by itself."""
LONGEST = 500  # characters of a query typed here
AT_ONCE = 250


class Asked(NamedTuple):
    """所问 (asked): what the form says."""

    query: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    topic: str = ""

    @classmethod
    def of(cls, form: QueryDict) -> "Asked":
        """From an address; what cannot be read counts as not said."""
        kind = form.get("kind", "")
        return cls(
            form.get("q", "").strip()[:LONGEST],
            kind if kind in MEDIA else "",
            _day(form.get("since", "")),
            _day(form.get("until", "")),
            form.get("topic", "")[:100],
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words is asked."""
        return any((self.kind, self.since, self.until, self.topic))


@dataclass(frozen=True)
class Row:
    """结果 (row): a post with what was found marked, its story, the topics that caught it."""

    item: Item
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    placement: Placement | None

    @property
    def topics(self) -> list[str]:
        """Names of topics that caught it."""
        return [hit.topic.name for hit in self.placement.hits.all()] if self.placement else []


class SearchScreen:
    """One search and a page of what it found."""

    def __init__(self, scene: Scene, asked: Asked, page: str = "1") -> None:
        self.scene, self.asked, self._page = scene, asked, page
        self.now = clock.now(scene)
        self.fault: QueryError | None = None
        self.node: Node | None = None
        if asked.query:
            try:
                self.node = parse(asked.query)
            except QueryError as fault:
                self.fault = fault

    @cached_property
    def topics(self) -> list[tuple[str, str]]:
        """Topics to choose among."""
        return [(row.code, row.name) for row in topics_in_force(self.scene)]

    @property
    def kinds(self) -> list[tuple[str, str | Promise]]:
        """Kinds of sources to choose among."""
        return list(MEDIA.items())

    @property
    def keep(self) -> str:
        """What was asked, in the addresses of the other pages."""
        asked = self.asked
        given = {"q": asked.query, "kind": asked.kind, "since": asked.since, "until": asked.until, "topic": asked.topic}
        return f"{urlencode({name: value for name, value in given.items() if value})}&"

    @cached_property
    def found(self) -> "Found":
        """The keys of what holds, as far as they were looked for."""
        assert self.node is not None  # noqa: S101 - asked only of a query that was read
        return Found(self.scene, self.asked, wanted(self.node))

    @cached_property
    def page(self) -> Page[int]:
        """A page of keys."""
        return Paginator(self.found, PER_PAGE).get_page(self._page)  # type: ignore[arg-type]

    @cached_property
    def rows(self) -> list[Row]:
        """The posts of the page, their words marked."""
        pairs = _held(self.asked.query, list(self.page))
        placed = placements_of([item for item, _ in pairs])
        return [_row(item, match, placed.get(item.pk)) for item, match in pairs]

    @cached_property
    def sentence(self) -> str:
        """On top."""
        if self.fault:
            return gettext("这条检索式读不懂")
        if self.node is None:
            return gettext("在收到的全部信息里检索")
        count = self.page.paginator.count
        if not count:
            return gettext("没有找到")
        if count >= MOST:
            return gettext("找到 %(n)s 条以上，新读到的在前") % {"n": MOST}
        return ngettext("找到 %(n)d 条", "找到 %(n)d 条，新读到的在前", count) % {"n": count}

    @property
    def apart(self) -> str:
        """The same words with spaces between them, where they were written in one."""
        if self.node is None or len(leaves(self.node)) != 1:
            return ""
        words = apart(self.asked.query)
        return " ".join(words) if len(words) > 1 and "".join(words) == self.asked.query else ""

    @property
    def fault_parts(self) -> tuple[str, str, str]:
        """The query before, at and behind the place it cannot be read at."""
        assert self.fault is not None  # noqa: S101 - asked only of a refused query
        query, at = self.fault.query, self.fault.at
        return query[:at], query[at : at + 1], query[at + 1 :]


class Found:
    """所得 (found): keys of items, to be cut into pages; a sequence as the paginator understands it."""

    def __init__(self, scene: Scene, asked: Asked, want: Wanted) -> None:
        self.scene, self.asked, self.want = scene, asked, want
        self.within = _within(asked)
        self.is_whole = True
        """False when older posts were not looked at."""

    @property
    def is_exact(self) -> bool:
        """The index answers by itself."""
        return self.want.exact and self.want.wish is not None

    def __len__(self) -> int:
        return self._count if self.is_exact else len(self._looked)

    def __getitem__(self, part: slice) -> list[int]:
        if not self.is_exact or self.want.wish is None:
            return self._looked[part]
        start, stop = part.start or 0, min(part.stop or MOST, MOST)
        return the_index().find(self.scene.key, self.want.wish, self.within, start, max(0, stop - start))

    @cached_property
    def _count(self) -> int:
        wish = self.want.wish
        return the_index().count(self.scene.key, wish, self.within, MOST) if wish is not None else 0

    @cached_property
    def _looked(self) -> list[int]:
        """Those among the newest that may hold which do hold."""
        keys = self._may_hold()
        self.is_whole = len(keys) <= LOOKED
        held: list[int] = []
        keys = keys[:LOOKED]
        for start in range(0, len(keys), AT_ONCE):
            held += [item.pk for item, _ in _held(self.asked.query, keys[start : start + AT_ONCE])]
        return held

    def _may_hold(self) -> list[int]:
        if self.want.wish is not None:
            return the_index().find(self.scene.key, self.want.wish, self.within, 0, LOOKED + 1)
        sql = f"SELECT i.id FROM listen_item i WHERE i.scene = %s{' AND ' if self.within.sql else ''}{self.within.sql}"  # noqa: S608 - fixed words
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY i.id DESC LIMIT %s", [self.scene.key, *self.within.values, LOOKED + 1])
            return [row[0] for row in cursor.fetchall()]


def _within(asked: Asked) -> Within:
    """The conditions on an item, as SQL."""
    parts: list[tuple[str, object]] = []
    if asked.kind:
        parts.append(("i.kind = %s", asked.kind))
    if asked.since:
        parts.append(("i.published_at >= %s", _moment(asked.since)))
    if asked.until:
        parts.append(("i.published_at < %s", _moment(asked.until + timedelta(days=1))))
    if asked.topic:
        parts.append((_CAUGHT, asked.topic))
    return Within(" AND ".join(sql for sql, _ in parts), tuple(value for _, value in parts))


_CAUGHT = (
    "EXISTS (SELECT 1 FROM sense_placement p JOIN sense_hit h ON h.placement_id = p.id"
    " JOIN sense_topic t ON t.id = h.topic_id WHERE p.item_id = i.id AND t.code = %s)"
)


def _moment(day: date) -> object:
    """The beginning of a day here, as the database keeps moments."""
    local = timezone.make_aware(datetime.combine(day, time()))
    return connection.ops.adapt_datetimefield_value(local.astimezone(UTC))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def _held(query: str, keys: Sequence[int]) -> list[tuple[Item, TopicMatch]]:
    """Of these items those for which the query holds, in the order given."""
    known = Item.objects.filter(pk__in=list(keys)).select_related("source").in_bulk()
    items = [known[key] for key in keys if key in known]
    topics = TopicSet.compile([Topic(id="q", name="q", query=query)])
    found = topics.match_all([Folded(_post(item)) for item in items])
    return [(item, hits[0]) for item, hits in zip(items, found, strict=True) if hits]


def _post(item: Item) -> SensePost:
    return SensePost(
        id=str(item.pk),
        at=item.published_at,
        source=item.outlet or item.source.name,
        kind=item.kind,
        title=item.title,
        text=item.text,
    )


def _row(item: Item, match: TopicMatch, placement: Placement | None) -> Row:
    spans = {
        field: [(s.clause, s.start, s.end) for s in match.spans if s.field == field] for field in ("title", "text")
    }
    title = marked(item.title, spans["title"]) if title_beside(item) else ()
    return Row(item, title, marked(item.text, spans["text"]), placement)
