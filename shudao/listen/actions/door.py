"""The key at the door: turned in time, destroyed, and the voices of what an incident attached."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection

from shudao.base.write import short_write
from shudao.engine.pseudonym import KEY_BYTES, pseudonym_within, reword
from shudao.ledger.verbs import Act, verb
from shudao.listen.actions.indexing import reindexed
from shudao.listen.models import DoorKey, Item
from shudao.listen.queries import stored_names

DOOR_DAYS = 7
WIPE_AT_ONCE = 2000  # rows whose seals are emptied in one short write


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
    linked = [item for item in items if not item.is_unlinked]
    with reindexed(linked):
        for item in linked:
            if not item.is_unlinked:  # the same item may have been named twice
                _unlink(item)


def _unlink(item: Item) -> None:
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


def scrub_traces(*tables: str) -> None:
    """Let the database forget old pages that still hold a destroyed key or an erased text. Outside transactions only.

    SQLite: its write-ahead log is emptied into the file, where what was deleted is overwritten. PostgreSQL: the small
    tables that hold keys (`tables` beside the door's) are written anew; larger ones are left to its own cleaning.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            for table in (DoorKey._meta.db_table, *tables):
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")


def door_in_force(act: Act) -> DoorKey:
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


def _own_name(own: dict[str, str], key: bytes, item: str, before: str) -> str:
    return own.get(before) or pseudonym_within(key, before, item)
