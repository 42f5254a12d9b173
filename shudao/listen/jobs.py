"""Background work of listening: polling what is due, turning the key at the door."""

import logging
from datetime import datetime, timedelta

from shudao.base import clock
from shudao.base.cursor import read_cursor
from shudao.base.jobs import job
from shudao.base.scene import LIVE
from shudao.engine.intake import ocr
from shudao.engine.intake.clean import clean_text
from shudao.engine.pictures import shown
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput
from shudao.ledger.verbs import Actor
from shudao.listen import importing, store
from shudao.listen.actions import (
    claim_source,
    drop_idle_uploads,
    drop_strays,
    forget_calls,
    index_items,
    keep_words,
    put_off_source,
    read_batch,
    release_source,
    rotate_door_key,
    scrub_traces,
    tidy_index,
    wipe_seals,
)
from shudao.listen.actions.hooks import REMEMBERED
from shudao.listen.actions.imports import IDLE
from shudao.listen.actions.indexing import CURSOR
from shudao.listen.connectors import Collected, connector_of
from shudao.listen.fetch import FetchError, code_of, site_of
from shudao.listen.models import Item, Source
from shudao.listen.queries import due_sources, open_door, scenes_heard, scenes_with_doors, unread
from shudao.listen.queries.evidence import unread_pictures
from shudao.listen.queries.imports import idle_uploads
from shudao.listen.search import the_index

log = logging.getLogger("shudao.listen")
SYSTEM = Actor(LIVE, "system")
AT_ONCE = 5  # sources a turn, so that a turn stays well within its lease
PICTURES_AT_ONCE = 2
OCR_SIDE = 2_400  # pixels; more tells the recogniser nothing
MOST_WORDS = 4_000  # characters offered of one picture
LONGEST = timedelta(days=1)  # the slowest a failing source is asked; it is never given up


@job(every=5, waits=lambda: bool(due_sources(LIVE, clock.now(LIVE), 1)))
def poll_sources() -> None:
    """Read the sources whose turn it is, no site twice in one turn."""
    now = clock.now(LIVE)
    asked: set[str] = set()
    for key in due_sources(LIVE, now, AT_ONCE):
        source = claim_source(key, now)
        if source is None:
            continue
        if (site := site_of(source.address)) in asked:
            put_off_source(source, now + timedelta(seconds=5))
            continue
        asked.add(site)
        read_source(source)


@job(every=600)
def turn_door_keys() -> None:
    """Rotate the keys that are overdue and empty the seals that nobody can open any more."""
    now = clock.now(LIVE)
    for scene in scenes_with_doors(now):
        door = open_door(scene)
        if door and door.closes_at <= clock.now(scene):
            rotate_door_key(Actor(scene, "system"))
    if wipe_seals():
        scrub_traces()


@job(every=1, waits=importing.something_waits, apart=True)
def run_imports() -> None:
    """Read on in the imports that wait."""
    importing.go_on()


def pictures_wait() -> bool:
    """Whether a picture was sent that nobody has read, and the recogniser is there."""
    return ocr.is_available() and bool(unread_pictures(1))


@job(every=20, waits=pictures_wait, apart=True)
def read_pictures() -> None:
    """Read the words in pictures that were sent, where the recogniser is installed; they are offered, never taken over."""
    for evidence in unread_pictures(PICTURES_AT_ONCE):
        try:
            words = clean_text(ocr.recognise(shown(store.whole(evidence), OCR_SIDE)), MOST_WORDS)
        except BadInput:
            words = ""
        keep_words(evidence, words, clock.now(LIVE))


@job(every=3600)
def tidy_ways_in() -> None:
    """Files that nobody began to import, files without a row, and calls of hooks that could not come again anyway."""
    now = clock.now(LIVE)
    drop_idle_uploads(SYSTEM, list(idle_uploads(now - IDLE)))
    drop_strays(now - IDLE)
    forget_calls(now - REMEMBERED)


def index_waits() -> bool:
    """Any scene holds an item that the search index does not."""
    return any(Item.objects.in_scene(scene).after(read_cursor(scene, CURSOR)).exists() for scene in scenes_heard())


@job(every=2, waits=index_waits)
def index_heard() -> None:
    """Take what was heard into the search index, a few batches of a scene at a time."""
    for scene in scenes_heard():
        for _ in range(AT_ONCE):
            if not index_items(scene):
                break


@job(every=10, waits=lambda: the_index().is_dirty())
def clean_index() -> None:
    """After erasures let the index forget on the disk as well; put months that are over in order."""
    for _ in range(AT_ONCE):
        if not tidy_index():
            break


def read_source(source: Source) -> int:
    """Read one claimed source and set its next turn; returns the number of new items."""
    now = clock.now(LIVE)
    try:
        collected = connector_of(source.connector).collect(source, now)
        count = _keep(source, collected)
    except FetchError as error:
        _put_off(source, now, error.why.zh, error.wait, code_of(error))
        return 0
    except BadInput as error:
        _put_off(source, now, error.line("zh"), None, "format")
        return 0
    except Exception as error:
        log.exception("source %s could not be read", source.code)
        _put_off(source, now, type(error).__name__, None, "unknown")
        return 0
    next_at = now + max(timedelta(seconds=source.every_seconds), collected.pause)
    release_source(source, now, next_at=next_at, etag=collected.etag, last_modified=collected.last_modified)
    return count


def _keep(source: Source, collected: Collected) -> int:
    """Store what is new; a reading that brings nothing new leaves no entry."""
    posts = [result for result in collected.results if isinstance(result, Post)]
    rejects = [result for result in collected.results if isinstance(result, Reject)]
    fresh = unread(source, posts)
    if not fresh:
        return 0
    return len(read_batch(SYSTEM, source, [*fresh, *rejects]).items)


def _put_off(source: Source, now: datetime, fault: str, wait: timedelta | None, code: str) -> None:
    """The next turn of a source that failed: later each time, as late as it asked, at most a day."""
    pause = timedelta(seconds=source.every_seconds) * 2 ** min(source.failures, 8)
    release_source(source, now, next_at=now + min(max(pause, wait or pause), LONGEST), fault=fault, code=code)
