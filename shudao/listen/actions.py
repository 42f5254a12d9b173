"""The writes of listening: sources, batches of items, and the key at the door."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import connection

from shudao.base.write import short_write
from shudao.engine.intake.clean import clean_post
from shudao.engine.post import Post, Reject
from shudao.engine.pseudonym import (
    KEY_BYTES,
    Masked,
    mask_post,
    pseudonym,
    pseudonym_within,
    reword,
    seal_handles,
)
from shudao.ledger.verbs import Act, verb
from shudao.listen.models import DoorKey, Item, Rejection, Source
from shudao.listen.queries import known_ids, stored_names

DOOR_DAYS = 7
LEASE = timedelta(minutes=2)
WIPE_AT_ONCE = 2000  # rows whose seals are emptied in one short write


class Batch(NamedTuple):
    """一批 (batch): how a reading went. `items` are the new ones, in order; `repeated` were known before."""

    items: list[Item]
    repeated: int
    rejects: int


@verb(zh="登记信源", en="add source")
def add_source(
    act: Act, code: str, *, name: str, kind: str, connector: str, address: str = "", every_seconds: int = 900
) -> Source:
    """Register a source; one that is polled gets its first turn at once."""
    source = Source.objects.create(
        scene=act.scene.key,
        code=code,
        name=name,
        kind=kind,
        connector=connector,
        address=address,
        every_seconds=every_seconds,
        next_at=act.now if address else None,
    )
    act.note(source=code, kind=kind, connector=connector)
    return source


@verb(zh="读入一批", en="read batch")
def read_batch(act: Act, source: Source, results: Iterable[Post | Reject]) -> Batch:
    """Store posts without their names, once each, and number what is no post. One ledger entry for all.

    The key at the door is locked first, so that items of a scene become visible in the order of their keys.
    """
    door = _door(act)
    posts, rejects = _sort_out(results)
    name = partial(pseudonym, bytes(door.key))
    masked: dict[str, tuple[Masked, Post]] = {}
    for post in posts:
        made = mask_post(clean_post(post), name)
        masked.setdefault(made.id, (made, post))
    known = known_ids(source, masked)
    fresh = [_item(act, source, door, *pair) for ident, pair in masked.items() if ident not in known]
    items = Item.objects.bulk_create(fresh, batch_size=200)
    Rejection.objects.bulk_create(
        [_rejection(act, source, door, reject) for reject in rejects], batch_size=200, ignore_conflicts=True
    )
    if items:
        Source.objects.filter(pk=source.pk).update(last_item_at=act.now)
    act.note(source=source.code, count=len(items), digest=_batch_digest(items), rejects=len(rejects))
    return Batch(items, len(posts) - len(items), len(rejects))


@verb(zh="轮换门钥", en="rotate door key")
def rotate_door_key(act: Act) -> DoorKey:
    """Destroy the key in force and open the next; what was sealed under the old one is lost for good."""
    DoorKey.objects.select_for_update().in_scene(act.scene).filter(destroyed_at=None).update(
        key=bytes(KEY_BYTES), destroyed_at=act.now
    )
    door = _new_door(act)
    act.note(opened_at=door.opened_at, closes_at=door.closes_at)
    act.after(scrub_traces)
    return door


def unlink_voices(items: Iterable[Item]) -> None:
    """Give items voices that hold in each of them alone. Call it, inside the act, for what an incident attached.

    Otherwise two items of one author, attached to two incidents, would join the incidents by their door pseudonym.
    """
    for item in items:
        if item.is_unlinked:
            continue
        renamed = stored_names(item)
        key = bytes(item.door.key) if item.door.is_alive else secrets.token_bytes(KEY_BYTES)
        own = {before: pseudonym_within(key, handle, item.seal_name) for handle, before in renamed.items()}
        name = partial(_own_name, own, key, item.seal_name)
        item.pseudonym = name(item.pseudonym) if item.pseudonym else ""
        item.title, item.text = reword(item.title, name), reword(item.text, name)
        item.is_unlinked = True
        item.save(update_fields=["pseudonym", "title", "text", "is_unlinked"])


def wipe_seals() -> int:
    """Empty the seals that nobody can open any more, a part at a time; returns how many were emptied."""
    emptied = 0
    for door in DoorKey.objects.exclude(destroyed_at=None).filter(is_wiped=False):
        rows = Item.objects.filter(door=door).exclude(sealed=b"")
        while keys := list(rows.values_list("pk", flat=True)[:WIPE_AT_ONCE]):
            with short_write():
                emptied += Item.objects.filter(pk__in=keys).update(sealed=b"")
        with short_write():
            DoorKey.objects.filter(pk=door.pk).update(is_wiped=True)
    return emptied


def scrub_traces() -> None:
    """Let the database forget old pages that still hold a destroyed key (its write-ahead log). Outside transactions."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def claim_source(key: int, now: datetime) -> Source | None:
    """Lease a source for one reading; None when another worker was quicker."""
    with short_write():
        source = Source.objects.select_for_update().get(pk=key)
        if source.lease_until and source.lease_until >= now:
            return None
        source.lease_until = now + LEASE
        source.save(update_fields=["lease_until"])
    return source


def put_off_source(source: Source, until: datetime) -> None:
    """Give a claimed source back unread: its site was just asked for another source."""
    with short_write():
        Source.objects.filter(pk=source.pk).update(lease_until=None, next_at=until)


def release_source(source: Source, now: datetime, *, next_at: datetime, fault: str = "", **seen: str) -> None:
    """End a reading: the next turn, the fault if any, and the validators (`etag`, `last_modified`) for the next."""
    source.lease_until = None
    source.next_at, source.last_read_at = next_at, now
    source.last_fault = fault[:300]
    source.failures = source.failures + 1 if fault else 0
    source.state = Source.State.FAILING if fault else Source.State.OK
    source.etag = seen.get("etag", source.etag)[:300]
    source.last_modified = seen.get("last_modified", source.last_modified)[:100]
    changed = ["lease_until", "next_at", "last_read_at", "last_fault", "failures", "state", "etag", "last_modified"]
    with short_write():
        source.save(update_fields=changed)


def _door(act: Act) -> DoorKey:
    """The key in force, locked; opened when there is none, rotated when it is overdue."""
    door = DoorKey.objects.select_for_update().in_scene(act.scene).filter(destroyed_at=None).first()
    if door and door.closes_at > act.now:
        return door
    if door:
        door.key, door.destroyed_at = bytes(KEY_BYTES), act.now
        door.save(update_fields=["key", "destroyed_at"])
        act.after(scrub_traces)
    fresh = _new_door(act)
    act.also("rotate_door_key", opened_at=fresh.opened_at, closes_at=fresh.closes_at)
    return fresh


def _new_door(act: Act) -> DoorKey:
    days = getattr(settings, "DOOR_KEY_DAYS", DOOR_DAYS)
    return DoorKey.objects.create(
        scene=act.scene.key,
        key=secrets.token_bytes(KEY_BYTES),
        opened_at=act.now,
        closes_at=act.now + timedelta(days=days),
    )


def _sort_out(results: Iterable[Post | Reject]) -> tuple[list[Post], list[Reject]]:
    posts: list[Post] = []
    rejects: list[Reject] = []
    for result in results:
        if isinstance(result, Post):
            posts.append(result)
        else:
            rejects.append(result)
    return posts, rejects


def _item(act: Act, source: Source, door: DoorKey, masked: Masked, post: Post) -> Item:
    item = Item(
        scene=act.scene.key,
        source=source,
        ext_id=masked.id,
        kind=post.kind,
        outlet="" if masked.source == "unknown" else masked.source[:200],
        url=masked.url,
        title=masked.title,
        text=masked.text,
        published_at=post.published_at,
        read_at=act.now,
        door=door,
        pseudonym=masked.pseudonym,
        counts=msgspec.to_builtins(post.counts) if post.counts else {},
        digest=hashlib.sha256(f"{masked.title}\0{masked.text}".encode("utf-8", "replace")).hexdigest(),
    )
    if any(masked.handles):
        item.sealed = seal_handles(bytes(door.key), masked.handles, item.seal_name)
    return item


def _rejection(act: Act, source: Source, door: DoorKey, reject: Reject) -> Rejection:
    seen = f"{reject.line}\0".encode() + reject.raw
    return Rejection(
        scene=act.scene.key,
        source=source,
        line=reject.line,
        why_zh=reject.why.zh[:300],
        why_en=reject.why.en[:300],
        digest=hmac.new(bytes(door.key), seen, hashlib.sha256).hexdigest(),
        at=act.now,
    )


def _batch_digest(items: Sequence[Item]) -> str:
    whole = hashlib.sha256()
    for item in items:
        whole.update(f"{item.ext_id}\0{item.digest}\n".encode("utf-8", "replace"))
    return whole.hexdigest()


def _own_name(own: dict[str, str], key: bytes, item: str, before: str) -> str:
    return own.get(before) or pseudonym_within(key, before, item)
