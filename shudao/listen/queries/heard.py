"""Reading what was heard, and who spoke as far as a key still tells."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from shudao.base.scene import Scene
from shudao.engine.intake.clean import clean_post
from shudao.engine.post import Post
from shudao.engine.pseudonym import (
    BrokenSealError,
    mask_post,
    open_handles,
    pseudonym,
    pseudonym_again,
    pseudonym_within,
    reword,
)
from shudao.listen.models import DoorKey, ErasedItem, Item, Source, erased_digest


class Heard(NamedTuple):
    """化名后的一条 (heard): an item as an incident sees it, every voice under the incident's own key."""

    voice: str
    title: str
    text: str


def items_after(scene: Scene, cursor: int, limit: int = 500) -> list[Item]:
    """The next items of a scene in the order they were read: pull with the last item's pk as the new cursor."""
    return list(Item.objects.in_scene(scene).after(cursor).select_related("source")[:limit])


def scenes_heard() -> list[Scene]:
    """Scenes in which anything was heard; one look into the index a scene, however many items there are."""
    found: list[Scene] = []
    key = Item.objects.order_by("scene").values_list("scene", flat=True).first()
    while key is not None:
        found.append(Scene(key))
        key = Item.objects.filter(scene__gt=key).order_by("scene").values_list("scene", flat=True).first()
    return found


def items_of(scene: Scene, keys: Iterable[int]) -> list[Item]:
    """Items by their keys, earliest published first."""
    return list(Item.objects.in_scene(scene).filter(pk__in=list(keys)).order_by("published_at", "pk"))


def item_by_ext_id(scene: Scene, ext_id: str) -> Item | None:
    """The item a source calls by that id; the first read when several sources do."""
    return Item.objects.in_scene(scene).filter(ext_id=ext_id).order_by("pk").first()


def source_of(scene: Scene, code: str) -> Source | None:
    """The source of that code."""
    return Source.objects.in_scene(scene).filter(code=code).first()


def source_named(scene: Scene, name: str) -> Source | None:
    """The source of that code or name."""
    return Source.objects.in_scene(scene).filter(Q(code=name) | Q(name=name)).order_by("pk").first()


def due_sources(scene: Scene, now: datetime, limit: int = 20) -> list[int]:
    """Keys of sources whose turn it is and that nobody is reading just now."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = (
        Source.objects.in_scene(scene)
        .filter(free, next_at__lte=now)
        .filter(state__in=(Source.State.OK, Source.State.FAILING))
    )
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:limit])


def unread(source: Source, posts: Iterable[Post]) -> list[Post]:
    """The posts whose id the source has not brought yet. Ids are the same under every key, so none is needed."""
    named = {mask_post(clean_post(post), lambda _: "_").id: post for post in posts}
    known = known_ids(source, named)
    return [post for ident, post in named.items() if ident not in known]


def known_ids(source: Source, idents: Iterable[str]) -> set[str]:
    """Which of these ids the source has brought before, what retention took since among them."""
    wanted = list(idents)
    rows = Item.objects.filter(source=source, scene=source.scene)
    known = {
        ident
        for start in range(0, len(wanted), 500)
        for ident in rows.filter(ext_id__in=wanted[start : start + 500]).values_list("ext_id", flat=True)
    }
    return known | _erased_ids(source, [ident for ident in wanted if ident not in known])


def _erased_ids(source: Source, idents: list[str]) -> set[str]:
    rows = ErasedItem.objects.filter(source=source)
    if not idents or not rows.exists():
        return set()
    by_digest = {erased_digest(ident): ident for ident in idents}
    digests = list(by_digest)
    return {
        by_digest[digest]
        for start in range(0, len(digests), 500)
        for digest in rows.filter(digest__in=digests[start : start + 500]).values_list("digest", flat=True)
    }


def open_door(scene: Scene) -> DoorKey | None:
    """The key in force, None before the first reading."""
    return DoorKey.objects.in_scene(scene).filter(destroyed_at=None).first()


def scenes_with_doors(now: datetime) -> list[Scene]:
    """Scenes that hold a key in force."""
    keys = DoorKey.objects.filter(destroyed_at=None, opened_at__lte=now).values_list("scene", flat=True)
    return [Scene(key) for key in keys.order_by("scene")]


def voice_under(item: Item, incident_key: bytes) -> str:
    """发声者 (voice): the item's author under an incident's key, "" for none.

    The same for every item of one author while the door key of each is alive; after that a separate voice, made from
    the item's stored pseudonym. Ask when the item is attached and keep the answer: later askings may differ.
    """
    return heard_under(item, incident_key).voice


def text_under(item: Item, incident_key: bytes) -> str:
    """The item's text with every mention under an incident's key (see `voice_under`)."""
    return heard_under(item, incident_key).text


def heard_under(item: Item, incident_key: bytes) -> Heard:
    """Voice, title and text of an item under an incident's key."""
    renamed = {before: pseudonym(incident_key, handle) for handle, before in stored_names(item).items()}

    def name(before: str) -> str:
        return renamed.get(before) or pseudonym_again(incident_key, before)

    voice = name(item.pseudonym) if item.pseudonym else ""
    return Heard(voice, reword(item.title, name), reword(item.text, name))


def stored_names(item: Item) -> dict[str, str]:
    """Handle → the pseudonym that stands for it in the stored item. Empty once the door key is destroyed."""
    if not item.door.is_alive or not item.sealed:
        return {}
    key = bytes(item.door.key)
    try:
        handles = open_handles(key, bytes(item.sealed), item.seal_name)
    except BrokenSealError:
        return {}
    if item.is_unlinked:
        return {handle: pseudonym_within(key, handle, item.seal_name) for handle in handles if handle}
    return {handle: pseudonym(key, handle) for handle in handles if handle}
