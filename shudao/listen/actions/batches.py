"""Batches of items: every way in ends here."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from shudao.engine.intake.clean import clean_post
from shudao.engine.post import Post, Reject
from shudao.engine.pseudonym import Masked, mask_post, pseudonym, seal_handles
from shudao.ledger.verbs import Act, verb
from shudao.listen.actions.door import door_in_force
from shudao.listen.models import DoorKey, Item, Rejection, Source
from shudao.listen.queries import known_ids


class Batch(NamedTuple):
    """一批 (batch): how a reading went. `items` are the new ones, in order; `repeated` were known before."""

    items: list[Item]
    repeated: int
    rejects: int


Told = dict[str, Any]


@verb(zh="读入一批", en="read batch")
def read_batch(
    act: Act,
    source: Source,
    results: Iterable[Post | Reject],
    *,
    also: Callable[[Act, Batch], Told] | None = None,
) -> Batch:
    """Store posts without their names, once each, and number what is no post. One ledger entry for all.

    `also` keeps, in the same transaction, what belongs to the batch (how far an import is), and says what the entry adds.
    """
    batch, told = take_in(act, source, results)
    act.note(**told, **(also(act, batch) if also else {}))
    return batch


def take_in(act: Act, source: Source, results: Iterable[Post | Reject]) -> tuple[Batch, Told]:
    """The one way into the site, inside a verb: what was stored, and what the verb's entry says of it.

    The key at the door is locked first, so that items of a scene become visible in the order of their keys.
    """
    door = door_in_force(act)
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
    told = {"source": source.code, "count": len(items), "digest": _batch_digest(items), "rejects": len(rejects)}
    return Batch(items, len(posts) - len(items), len(rejects)), told


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
