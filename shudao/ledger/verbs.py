"""动作 (verb): a row change and its ledger entry, made in one transaction or not at all.

    @verb(zh="确认级别", en="confirm level")
    def confirm_level(act, incident, *, level): ...
        act.note(level=level)

    confirm_level(Actor(LIVE, "office_head"), incident, level="II")

The function's name is the verb's one name: in the URL, the ledger, the tests and the docs.
"""

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.base.write import short_write
from shudao.engine.ledger import ROOT, canonical, commitment, link
from shudao.engine.words import Words
from shudao.ledger.models import Entry, SideRecord, Stream, stamp

SLACK = timedelta(minutes=1)
STREAMS = ("incident/", "run/")
"""How the names of streams begin, beside the one of the site; anything else an object calls its stream is none."""


@dataclass(frozen=True, slots=True)
class Actor:
    """行动者 (actor): a post acting in a scene. The person's `name` goes into a side record, never the entry."""

    scene: Scene
    post: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Erasable:
    """A text that must be erasable: the entry holds a salted commitment, the text stands in a side record."""

    text: str


@dataclass
class _Draft:
    verb: str
    data: dict[str, Any]
    happened_at: datetime | None
    post: str


@dataclass
class Act:
    """One act under way: its time, its actor, and what it will leave in the ledger."""

    actor: Actor
    verb: str
    now: datetime
    stream: str
    happened_at: datetime | None = None
    _drafts: list[_Draft] = field(default_factory=list)
    _elsewhere: list[tuple[str, _Draft]] = field(default_factory=list)
    _noted: bool = False

    @property
    def scene(self) -> Scene:
        """The scene of the act."""
        return self.actor.scene

    @property
    def post(self) -> str:
        """The acting post."""
        return self.actor.post

    @property
    def moment(self) -> datetime:
        """When it happened: as stated for what was done by telephone, else now."""
        return self.happened_at or self.now

    def use(self, stream: str) -> None:
        """Write to that stream; inside a drill run the run's own stream stays."""
        if self.scene.is_live:
            self.stream = stream

    def note(self, **data: Any) -> None:
        """What the verb's own entry says. Exactly once an act; values only."""
        if self._noted:
            raise RuntimeError(f"{self.verb} notes twice")
        self._noted = True
        if self.actor.name:
            data["by"] = Erasable(self.actor.name)
        self._drafts.insert(0, _Draft(self.verb, data, self.happened_at, self.post))

    def also(self, verb: str, /, *, happened_at: datetime | None = None, **data: Any) -> None:
        """A consequence of the act: a further entry of the same transaction, stream and acting post."""
        self._drafts.append(_Draft(verb, data, happened_at, self.post))

    def also_in(self, stream: str, verb: str, /, **data: Any) -> None:
        """A consequence in another stream (two incidents joined); inside a drill run it stands in the run's own."""
        draft = _Draft(verb, data, None, self.post)
        if self.scene.is_live and stream != self.stream:
            self._elsewhere.append((stream, draft))
        else:
            self._drafts.append(draft)

    def within(self, verb: str, post: str) -> "Act":
        """Another verb, done inside this one for that post; its entries follow this one's once it is joined."""
        return Act(replace(self.actor, post=post, name=""), verb, self.now, self.stream, self.happened_at)

    def join(self, inner: "Act", **mark: Any) -> None:
        """Take over what an inner act leaves in the ledger; `mark` is added to its own entry."""
        if not inner._noted:
            raise RuntimeError(f"{inner.verb} left no entry")
        inner._drafts[0].data.update(mark)
        self._drafts += inner._drafts
        self._elsewhere += inner._elsewhere

    def after(self, then: Callable[[], object]) -> None:
        """Run once the act is kept: the place for slow things."""
        transaction.on_commit(then)

    def keep(self) -> list[Entry]:
        """Append the noted entries; called by the decorator."""
        if not self._noted:
            raise RuntimeError(f"{self.verb} left no entry")
        by_stream: dict[str, list[_Draft]] = {self.stream: list(self._drafts)}
        for stream, draft in self._elsewhere:
            by_stream.setdefault(stream, []).append(draft)
        return [entry for name in sorted(by_stream) for entry in _append(name, self.now, by_stream[name])]


@dataclass(frozen=True)
class Verb:
    """What the registry knows of a verb."""

    name: str
    app: str
    words: Words


_registry: dict[str, Verb] = {}
acknowledged: list[Callable[[list[Entry]], object]] = []
"""Called after commit with the kept entries (the demo's witness, live pages)."""


def verbs() -> dict[str, Verb]:
    """Every declared verb by name."""
    return dict(_registry)


def verb(*, zh: str, en: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare a verb; the wrapped function takes an `Act` first, callers give an `Actor`.

    Called with an `Act` (of `within`) it is done inside that act: no transaction and no entries of its own.
    """

    def declare(body: Callable[..., Any]) -> Any:
        name = body.__name__
        package, app = body.__module__.split(".")[:2]
        _registry[name] = Verb(name, app if package == "shudao" else package, Words(zh=zh, en=en))

        @functools.wraps(body)
        def call(actor: Actor | Act, *args: Any, happened_at: datetime | None = None, **kwargs: Any) -> Any:
            if isinstance(actor, Act):
                return body(actor, *args, **kwargs)
            with short_write():
                act = _begin(name, actor, args, happened_at)
                result = body(act, *args, **kwargs)
                entries = act.keep()
                for witness in acknowledged:
                    transaction.on_commit(functools.partial(witness, entries))
            return result

        call.body = body  # type: ignore[attr-defined]
        return call

    return declare


def _begin(name: str, actor: Actor, args: tuple[Any, ...], happened_at: datetime | None) -> Act:
    now = clock.now(actor.scene)
    if happened_at and happened_at > now + SLACK:
        raise refuse("发生时间不能在将来", "it cannot have happened in the future", code="future")
    own = getattr(args[0], "stream", None) if args else None
    is_stream = isinstance(own, str) and (own == "site" or own.startswith(STREAMS))
    stream = own if is_stream and actor.scene.is_live else actor.scene.stream
    return Act(actor, name, now, stream, happened_at)


def _append(stream: str, now: datetime, drafts: list[_Draft]) -> list[Entry]:
    row, _ = Stream.objects.select_for_update().get_or_create(name=stream, defaults={"head": ROOT})
    entries, sides = [], []
    for draft in drafts:
        seq = row.length + 1
        data, side = _commit_texts(draft.data, stream, seq)
        happened = stamp(draft.happened_at) if draft.happened_at else None
        body = {"stream": stream, "seq": seq, "at": stamp(now), "happened_at": happened, "verb": draft.verb}
        value = link({**body, "post": draft.post, "data": data, "prev": row.head})
        entries.append(_entry(value, now, draft.happened_at))
        sides += side
        row.head, row.length = value["hash"], seq
    Entry.objects.bulk_create(entries)
    SideRecord.objects.bulk_create(sides)
    row.save()
    return entries


def _entry(value: dict[str, Any], at: datetime, happened_at: datetime | None) -> Entry:
    plain = {key: value[key] for key in ("stream", "seq", "verb", "post", "prev", "hash")}
    return Entry(**plain, at=at, happened_at=happened_at, data=canonical(value["data"]).decode())


def _commit_texts(data: dict[str, Any], stream: str, seq: int) -> tuple[dict[str, Any], list[SideRecord]]:
    plain, sides = {}, []
    for key, value in data.items():
        if isinstance(value, Erasable):
            salt = secrets.token_hex(16)
            sides.append(SideRecord(stream=stream, seq=seq, path=key, salt=salt, text=value.text))
            plain[key] = {"commitment": commitment(value.text, salt)}
        else:
            plain[key] = stamp(value) if isinstance(value, datetime) else value
    return plain, sides
