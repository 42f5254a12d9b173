"""看一眼 (looking): what stands at an address, before it becomes a source. Fetched once, through the guard; nothing is kept."""

from datetime import datetime, timedelta

import msgspec

from shudao.engine.intake.clean import clean_post
from shudao.engine.intake.discover import feeds_of, is_gate, is_page
from shudao.engine.intake.feed import read_feed
from shudao.engine.intake.setting import Setting
from shudao.engine.post import Post
from shudao.engine.pseudonym import mask_post
from shudao.engine.words import BadInput
from shudao.listen.connectors.feed import ACCEPT
from shudao.listen.fetch import Answer, FetchError, code_of, fetch, site_of
from shudao.listen.robots import require_allowed

PATIENCE = 8.0
"""Seconds for each of the two questions (the site's rules, the address): a person waits."""

SHOWN = 5
HIDDEN = "···"
"""What stands for a name: before a source is registered there is no key to name anybody under."""


class Glimpse(msgspec.Struct, frozen=True):
    """一条 (glimpse): one of the latest entries, without its author."""

    title: str
    at: datetime
    is_dated: bool


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """所见 (sight): what was found, or the kind of fault. `feeds`: what a web page offers instead, (title, address)."""

    address: str
    fault: str = ""
    said: str = ""
    title: str = ""
    count: int = 0
    rejects: int = 0
    latest: tuple[Glimpse, ...] = ()
    pause: timedelta = timedelta()
    is_broken: bool = False
    feeds: tuple[tuple[str, str], ...] = ()

    @property
    def host(self) -> str:
        """Host and port of the address."""
        return site_of(self.address)

    @property
    def is_good(self) -> bool:
        """It can be listened to."""
        return not self.fault


def look(address: str, now: datetime) -> Sight:
    """What stands at an address. Never raises for what the other side does."""
    try:
        pause = require_allowed(address, now, PATIENCE)
        answer = fetch(address, now=now, accept=ACCEPT, seconds=PATIENCE)
    except FetchError as error:
        return Sight(address=address, fault=code_of(error), said=error.why.zh)
    return _read(address, answer, pause, now)


def _read(address: str, answer: Answer, pause: timedelta, now: datetime) -> Sight:
    setting = Setting(source="", at=now, now=now)
    named = {name: answer.headers[name] for name in ("content-type", "content-language") if name in answer.headers}
    try:
        reading = read_feed(answer.body, setting, headers={"content-location": answer.url, **named})
    except BadInput:
        return _no_feed(address, answer)
    posts = [row for row in reading.results if isinstance(row, Post)]
    if not posts and is_page(answer.body):
        return _no_feed(address, answer)
    newest = sorted(posts, key=lambda post: post.published_at, reverse=True)[:SHOWN]
    return Sight(
        address=address,
        title=reading.title[:200],
        count=len(posts),
        rejects=len(reading.results) - len(posts),
        latest=tuple(_glimpse(post, now) for post in newest),
        pause=pause,
        is_broken=reading.is_broken,
        fault="" if reading.results or not is_page(answer.body) else "page",
    )


def _no_feed(address: str, answer: Answer) -> Sight:
    if is_gate(answer.body):
        return Sight(address=address, fault="gate")
    if not is_page(answer.body):
        return Sight(address=address, fault="format")
    return Sight(address=address, fault="page", feeds=tuple(feeds_of(answer.body, answer.url)))


def _glimpse(post: Post, now: datetime) -> Glimpse:
    masked = mask_post(clean_post(post), lambda _handle: HIDDEN)
    words = " ".join((masked.title or masked.text).split())
    return Glimpse(words[:120], post.published_at, post.published_at != now)
