"""结束与跟踪 (ending and following): what stands against closing, the watch and what it found, the sealed bundles;
and the archive of what is closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.pages import Asked
from shudao.base.scene import LIVE
from shudao.base.templatetags.words import lasting
from shudao.engine.plan.model import Level
from shudao.engine.respond.closing import Reason
from shudao.engine.words import Words
from shudao.follow import forms, queries
from shudao.follow.models import Archive, Closure, Recurrence, Watch
from shudao.ledger.lines import PER_PAGE as LINES
from shudao.ledger.lines import Line, Turning, lines, page_number
from shudao.ledger.queries import Head, head_of
from shudao.respond.models import Attachment, Demand, Document, Incident, PlanCopy, warm_plans
from shudao.respond.queries import (
    demands_of,
    documents_of,
    milestone_name,
    milestones_of,
    names_of,
    search_words,
    why_not_close_now,
)
from shudao.respond.screens.closing import OpenRow, open_rows, room_of
from shudao.respond.screens.times import TimesPart, times_of

PER_PAGE = 10
ARCHIVE_PAGE = 20
ARCHIVE_STATES = {
    "sealed": Words("已封存", "sealed"),
    "unsealed": Words("未封存", "not sealed"),
    "following": Words("跟踪中", "being watched"),
}
WHY = {
    "copy": Words("近似重复", "near-copies"),
    "claim": Words("同一说法", "the same claim"),
    "story": Words("同一话题", "the same story"),
}
FORMS = {
    form.verb: form
    for form in (
        forms.SettleIncidentForm,
        forms.CloseIncidentForm,
        forms.WatchIncidentForm,
        forms.SealIncidentForm,
        forms.EndWatchForm,
    )
}


@dataclass(frozen=True)
class ArchiveRow:
    """档案 (archived incident) in the list."""

    incident: Incident
    level: Level | None
    took: timedelta
    around: str
    sealed_at: datetime | None
    back: int
    demands: int
    answered: int

    @property
    def colour(self) -> str:
        """Of its edge."""
        return self.level.colour if self.level else "none"


class FollowScreen:
    """One incident after handling. `bound`: a form that was sent and comes back."""

    why = WHY

    def __init__(
        self, incident: Incident, posts: Mapping[str, str], *, page: str = "1", bound: forms.FollowForm | None = None
    ) -> None:
        self.incident, self.posts, self._page = incident, posts, page
        self.scene = incident.scene_value
        self.now = clock.now(self.scene)
        self.bound = bound

    @property
    def acting(self) -> dict[str, str]:
        """Posts of the reader, those that may end the response first."""
        plan = self.incident.plan
        ending = [*(plan.ending.by if plan.ending else ()), *(post.id for post in plan.posts if post.authority.close)]
        first = [code for code in dict.fromkeys(ending) if code in self.posts]
        return {code: self.posts[code] for code in [*first, *self.posts]}

    @cached_property
    def forms(self) -> dict[str, forms.FollowForm]:
        """Every form; the one that came back as it was sent."""
        fresh = {verb: form(posts=self.acting) for verb, form in FORMS.items()}
        return {**fresh, **({self.bound.verb: self.bound} if self.bound else {})}

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What stands against closing."""
        return why_not_close_now(self.incident, self.now) if self.incident.is_open else ()

    @cached_property
    def open_rows(self) -> list[OpenRow]:
        """The same, each with the place where it is dealt with."""
        return open_rows(self.reasons, self.incident, room_of(self.incident))

    @cached_property
    def closure(self) -> Closure | None:
        """How it was closed."""
        return queries.closure_of(self.incident)

    @cached_property
    def watch(self) -> Watch | None:
        """The watch over it."""
        return queries.watch_of(self.incident)

    @cached_property
    def recurrences(self) -> Page[Recurrence]:
        """A page of what came back, the newest first."""
        rows = queries.recurrences_of(self.incident).order_by("-found_at", "-pk")
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def archives(self) -> list[Archive]:
        """The sealed bundles."""
        return queries.archives_of(self.incident)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.incident.is_open:
            count = len(self.reasons)
            if not count:
                return gettext("都已了结，可以结束")
            return ngettext("还有一件事未了，暂不能结束", "还有 %(n)d 件事未了，暂不能结束", count) % {"n": count}
        if self.watch is None:
            return gettext("响应已结束，等转入跟踪")
        count = self.recurrences.paginator.count
        if not self.watch.is_open:
            return gettext("跟踪已结束，密钥已销毁")
        return (
            ngettext("跟踪中，发现一次再现", "跟踪中，发现 %(n)d 次再现", count) % {"n": count}
            if count
            else gettext("跟踪中，没有再现")
        )


class ArchiveScreen:
    """档案 (archive): closed incidents, found by year, plan, level and words."""

    names = ("year", "plan", "level", "state", "q")

    def __init__(self, given: Mapping[str, str]) -> None:
        self.asked = Asked(given, self.names)
        self.now = clock.now(LIVE)
        self._page = given.get("page", "1")

    @cached_property
    def page(self) -> Page[Incident]:
        """A page of those asked for."""
        asked = self.asked
        rows = queries.find_archive(
            year=asked["year"], level=asked["level"], plan=asked["plan"], state=asked["state"], words=asked["q"]
        )
        return Paginator(rows, ARCHIVE_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[ArchiveRow]:
        """They with what the list says beside each."""
        shown = list(self.page)
        warm_plans(row.plan_copy_id for row in shown)
        keys = [row.pk for row in shown]
        beside = queries.beside_archives(keys)
        words = search_words(self.asked["q"])
        around = queries.words_around(keys, words[0]) if words else {}
        return [self._row(row, beside[row.pk], around.get(row.pk, "")) for row in shown]

    def _row(self, row: Incident, beside: Mapping[str, Any], around: str) -> ArchiveRow:
        level = next((level for level in row.plan.levels if level.code == row.level), None)
        took = (row.closed_at or self.now) - row.opened_at
        return ArchiveRow(row, level, took, around, **beside)

    @cached_property
    def years(self) -> list[int]:
        """Years there are."""
        return queries.archive_years()

    @cached_property
    def plans(self) -> list[tuple[str, str]]:
        """Plans that closed incidents were handled under."""
        kept = PlanCopy.objects.filter(incidents__scene=LIVE.key, incidents__closed_at__isnull=False)
        return sorted(dict(kept.order_by("plan_id", "-pk").values_list("plan_id", "title").distinct()).items())

    @cached_property
    def levels(self) -> list[tuple[str, str]]:
        """Levels they had."""
        closed = Incident.objects.in_scene(LIVE).filter(closed_at__isnull=False).exclude(level="")
        codes = sorted(set(closed.order_by().values_list("level", flat=True).distinct()))
        named = {level.code: level.name for row in self.rows for level in row.incident.plan.levels}
        return [(code, named.get(code, code)) for code in codes]

    @property
    def states(self) -> list[tuple[str, Words]]:
        """States to choose from."""
        return list(ARCHIVE_STATES.items())

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        count = self.page.paginator.count
        if self.asked.any:
            return ngettext("找到 %(n)d 件", "找到 %(n)d 件", count) % {"n": count}
        return (
            ngettext("档案里有 %(n)d 件", "档案里有 %(n)d 件", count) % {"n": count}
            if count
            else gettext("档案里还没有事件")
        )


class ArchivedScreen(Turning):
    """档案页 (one archived incident): what happened, what it cost, what was learned, and whether it can be trusted."""

    why = WHY

    def __init__(self, incident: Incident, *, page: str = "1", checked: Mapping[str, Any] | None = None) -> None:
        self.incident, self.plan = incident, incident.plan
        self.now = clock.now(LIVE)
        self.page = page_number(page)
        self.checked = checked

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return names_of(self.plan)

    @property
    def level(self) -> Level | None:
        """The last level in force."""
        return next((row for row in self.plan.levels if row.code == self.incident.level), None)

    @cached_property
    def closure(self) -> Closure | None:
        """How it was closed."""
        return queries.closure_of(self.incident)

    @cached_property
    def watch(self) -> Watch | None:
        """The watch over it."""
        return queries.watch_of(self.incident)

    @cached_property
    def recurrences(self) -> list[Recurrence]:
        """What came back, the newest first, a handful."""
        return list(queries.recurrences_of(self.incident).order_by("-found_at", "-pk")[:PER_PAGE])

    @cached_property
    def archives(self) -> list[Archive]:
        """The sealed bundles, the newest first."""
        return queries.archives_of(self.incident)[::-1]

    @cached_property
    def milestones(self) -> list[tuple[Words, datetime, timedelta]]:
        """When each was reached, and how long after the first."""
        rows = list(milestones_of(self.incident).items())
        start = rows[0][1] if rows else self.incident.opened_at
        return [(milestone_name(name, self.plan), at, at - start) for name, at in rows]

    @cached_property
    def times(self) -> TimesPart:
        """How long it took from one to another, and which were not reached."""
        return times_of(self.incident)

    @cached_property
    def documents(self) -> list[Document]:
        """Papers that were sent."""
        return list(documents_of(self.incident).defer("content"))

    @cached_property
    def demands(self) -> list[Demand]:
        """What was asked and answered."""
        return list(demands_of(self.incident)[:ARCHIVE_PAGE])

    @cached_property
    def lessons(self) -> list[dict[str, Any]]:
        """What was learned, as the record says it."""
        return queries.lessons_told(self.incident.stream)

    @cached_property
    def attached(self) -> tuple[int, int]:
        """How many items are attached, and how many of them still hold their words."""
        rows = Attachment.objects.filter(incident=self.incident)
        return rows.count(), rows.exclude(title="", text="").count()

    @property
    def key_is_alive(self) -> bool:
        """Whether voices can still be told."""
        key = getattr(self.incident, "key_row", None)
        return bool(key and key.is_alive)

    @cached_property
    def head(self) -> Head:
        """Head and length of the stream."""
        return head_of(self.incident.stream)

    @cached_property
    def timeline(self) -> list[Line]:
        """A page of the record, the newest first."""
        return lines(self.incident.stream, self.names, quiet=("call_post",), first=self.skipped, most=LINES)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        took = lasting((self.incident.closed_at or self.now) - self.incident.opened_at)
        if not self.archives:
            return gettext("历时%(took)s，尚未封存") % {"took": took}
        return gettext("历时%(took)s，已封存") % {"took": took}
