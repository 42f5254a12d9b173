"""留痕页 (ledger pages): the streams, one stream with its entries and its check, one entry with the texts beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.pages import Asked
from shudao.base.scene import LIVE
from shudao.drill.models import Run
from shudao.engine.ledger import canonical
from shudao.engine.words import Words
from shudao.ledger import looking
from shudao.ledger.lines import Line, line_of, page_number, words_of
from shudao.ledger.models import Entry, Stream
from shudao.org.queries import post_names
from shudao.respond.models import Incident
from shudao.respond.queries import names_of

PER_PAGE = 20
KINDS = {
    "incident": Words("事件", "incidents"),
    "run": Words("演练场次", "drill runs"),
    "site": Words("本站", "the site"),
}
PLACES = {
    "by": Words("办理人", "who did it"),
    "text": Words("内容", "words"),
    "reason": Words("理由", "reason"),
    "title": Words("标题", "title"),
    "told": Words("谁告诉谁", "who told whom"),
    "decision": Words("决定", "decision"),
    "proof": Words("凭据", "proof"),
    "source": Words("出处", "source"),
    "note": Words("交接事项", "note"),
    "agenda": Words("议题", "agenda"),
}


@dataclass(frozen=True)
class StreamRow:
    """记录流 (stream) in the list."""

    stream: Stream
    title: str
    recorded: Mapping[str, Any] | None

    @property
    def address(self) -> str:
        """Its page."""
        return f"/ledger/streams/{self.stream.name}/"


class LedgerScreen:
    """All streams that the reader may see. `kinds`: of which kinds."""

    def __init__(self, given: Mapping[str, str], kinds: list[str]) -> None:
        self.asked = Asked(given, ("kind", "q"))
        self.allowed = kinds
        self.now = clock.now(LIVE)
        self._page = given.get("page", "1")

    @property
    def kinds(self) -> list[tuple[str, Words]]:
        """Kinds to choose from."""
        return [(code, words) for code, words in KINDS.items() if code in self.allowed]

    @cached_property
    def page(self) -> Page[Stream]:
        """A page of the streams asked for."""
        wanted = [self.asked["kind"]] if self.asked["kind"] in self.allowed else self.allowed
        rows = looking.find_streams(wanted, self.asked["q"])
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[StreamRow]:
        """They with their titles and the head recorded last."""
        shown = list(self.page)
        titles = titles_of(shown)
        heads = looking.recorded_heads(self.heads)
        return [StreamRow(row, titles.get(row.name, row.name), heads.get(row.name)) for row in shown]

    @cached_property
    def heads(self) -> Entry | None:
        """The last entry that records all heads."""
        return looking.last_heads()

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        count = self.page.paginator.count
        return ngettext("%(n)d 条记录流", "%(n)d 条记录流", count) % {"n": count} if count else gettext("还没有记录")


def titles_of(streams: list[Stream]) -> dict[str, str]:
    """What each stream is about; two questions at most."""
    numbers = [row.name.partition("/")[2] for row in streams if row.name.startswith("incident/")]
    runs = [row.name.partition("/")[2] for row in streams if row.name.startswith("run/")]
    found = {"site": gettext("本站")}
    for number, title in Incident.objects.in_scene(LIVE).filter(number__in=numbers).values_list("number", "title"):
        found[f"incident/{number}"] = title
    for run in Run.objects.filter(code__in=runs):
        found[f"run/{run.code}"] = run.scenario.title
    return found


class StreamScreen:
    """One stream: its entries, found by verb, post and day, and a check of its chain."""

    def __init__(self, name: str, given: Mapping[str, str]) -> None:
        self.name = name
        self.asked = Asked(given, ("verb", "post", "since", "until"))
        self.now = clock.now(LIVE)
        self.page_number = page_number(given.get("page", "1"))
        self._check = given.get("check", "")

    @cached_property
    def stream(self) -> Stream | None:
        """Its head and length."""
        return Stream.objects.filter(name=self.name).first()

    @cached_property
    def title(self) -> str:
        """What it is about."""
        return titles_of([self.stream]).get(self.name, self.name) if self.stream else self.name

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Posts and steps by code."""
        return names_in(self.name)

    @cached_property
    def entries(self) -> list[Entry]:
        """A page of the entries asked for and one more, the newest first."""
        asked = self.asked
        rows = looking.find_entries(
            self.name, verb=asked["verb"], post=asked["post"], since=day(asked["since"]), until=day(asked["until"])
        )
        start = (self.page_number - 1) * PER_PAGE
        return list(rows[start : start + PER_PAGE + 1])

    @cached_property
    def lines(self) -> list[Line]:
        """They in words."""
        shown = self.entries[:PER_PAGE]
        texts = looking.texts_beside(self.name, shown)
        return [line_of(row, texts.get(row.seq, {}), self.names) for row in shown]

    @property
    def older(self) -> int | None:
        """Number of the page with older entries."""
        return self.page_number + 1 if len(self.entries) > PER_PAGE else None

    @property
    def newer(self) -> int | None:
        """Number of the page with newer entries."""
        return self.page_number - 1 if self.page_number > 1 else None

    @cached_property
    def verbs(self) -> list[tuple[str, Words]]:
        """Verbs to choose from."""
        return [(verb, words_of(verb)) for verb in looking.verbs_of(self.name)]

    @property
    def posts(self) -> list[tuple[str, str]]:
        """Posts to choose from."""
        return sorted(post_names().items(), key=lambda pair: pair[1])

    @cached_property
    def recorded(self) -> looking.Recorded | None:
        """The head recorded last in the site stream."""
        return looking.recorded_of(self.name)

    @cached_property
    def checked(self) -> looking.Part | None:
        """The part of the chain that was checked for this page."""
        first = int(self._check) if self._check.isdecimal() and len(self._check) < 10 else 0
        return looking.check_part(self.name, first) if first else None

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.checked is not None:
            return self._told(self.checked)
        length = self.stream.length if self.stream else 0
        return ngettext("%(n)d 条记录，环环相扣", "%(n)d 条记录，环环相扣", length) % {"n": length}

    def _told(self, part: looking.Part) -> str:
        if not part.ok:
            return gettext("第 %(seq)d 条起对不上") % {"seq": part.at_seq or part.first}
        said = {"first": part.first, "last": part.last}
        if part.next:
            return gettext("第 %(first)d 到 %(last)d 条核验无误，还没有核完") % said
        return gettext("第 %(first)d 到 %(last)d 条核验无误，到链头为止") % said


class EntryScreen:
    """One entry: the line, every text beside it or that it was erased, and what was hashed."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.now = clock.now(LIVE)
        self.texts = looking.texts_beside(entry.stream, [entry]).get(entry.seq, {})
        self.line = line_of(entry, self.texts, names_in(entry.stream))

    @property
    def sides(self) -> list[tuple[Words, str | None]]:
        """Texts beside it by place; None where it was erased."""
        return [(PLACES.get(name, Words(name, name)), self.texts.get(name)) for name in looking.places_of(self.entry)]

    @property
    def canonical(self) -> str:
        """What was hashed, without the hash itself."""
        return canonical(self.entry.as_value()).decode()


def names_in(stream: str) -> Mapping[str, str]:
    """What has a code in a stream, by its name: the posts, and for an incident or a run all that its plan names."""
    kind, _, number = stream.partition("/")
    if kind == "incident":
        row = Incident.objects.in_scene(LIVE).filter(number=number).first()
        return names_of(row.plan) if row else post_names()
    run = Run.objects.select_related("edition").filter(code=number).first() if kind == "run" else None
    return names_of(run.edition.plan) if run else post_names()


def day(text: str) -> date | None:
    """A day as browsers write it; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
