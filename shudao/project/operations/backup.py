"""备份 (backup): one file that holds a whole site as of one moment, taken while it runs.

A zip of `backup.json` (what is inside, with hashes), `tables/<app.model>.jsonl` (see `rows`) and `files/…` (the data
folder without its database, caches and static files). The tables are read in one transaction that sees one moment and
keeps nobody from writing. The same file can be restored on SQLite and on PostgreSQL.

Keys of the door are never in it, and so no sealed handle can be opened from it: items read before the restore keep their
pseudonyms, their authors are met anew afterwards. Keys of incidents under way are in it, so that a voice stays a voice;
a backup is therefore to be kept no longer than the site's own periods (see the operating handbook).
"""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from shudao import __version__
from shudao.ledger.models import Stream
from shudao.listen.models import DoorKey, Item
from shudao.project.operations import rows

FORMAT = 1
LEFT_OUT = ("static", "cache", "tmp", "backups", "care.key")
"""Made again, or not to be kept anywhere else: a copy must not keep a care referral readable."""
LEFT_OUT_ENDS = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal", ".new", ".lock", ".partial")


class Inside(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself: `rows` and `sha256` of every member, migrations, heads of the ledger."""

    format: int
    version: str
    made_at: datetime
    migrations: list[tuple[str, str]]
    tables: dict[str, int]
    sha256: dict[str, str]
    heads: dict[str, tuple[int, str]]


def write_backup(target: Path, data: Path, now: datetime) -> Inside:
    """Write a backup of the site in `data` to `target`, whole or not at all; readable by its owner only."""
    partial = target.with_name(f"{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as zip_,
        ):
            inside = _fill(zip_, data, now)
            zip_.writestr("backup.json", msgspec.json.format(msgspec.json.encode(inside)))
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return inside


def _fill(zip_: zipfile.ZipFile, data: Path, now: datetime) -> Inside:
    counts: dict[str, int] = {}
    hashes: dict[str, str] = {}
    with _one_moment():
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
        heads = {row.name: (row.length, row.head) for row in Stream.objects.all()}
        for model in filter(rows.is_kept, apps.get_models(include_auto_created=True)):
            name = model._meta.label_lower
            lines = _without_door(model, rows.lines_of(model), now)
            counts[name], hashes[f"tables/{name}.jsonl"] = _write(zip_, f"tables/{name}.jsonl", lines)
            counts[name] -= 1  # the head line
    for path in kept_files(data):  # after the rows: a file that a row names was written before it
        place = f"files/{path.relative_to(data).as_posix()}"
        try:
            hashes[place] = _write(zip_, place, _blocks(path))[1]
        except FileNotFoundError:  # erased meanwhile, as its row will be
            continue
    told = {"version": __version__, "made_at": now, "migrations": migrations}
    return Inside(format=FORMAT, tables=counts, sha256=hashes, heads=heads, **told)


def kept_files(data: Path) -> list[Path]:
    """Files of the data folder that a backup holds."""
    found = (path for path in sorted(data.rglob("*")) if path.is_file() and not path.is_symlink())
    return [
        path
        for path in found
        if path.relative_to(data).parts[0] not in LEFT_OUT and not path.name.endswith(LEFT_OUT_ENDS)
    ]


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees one moment and holds no lock on writing."""
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "transaction_mode": "DEFERRED"}
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            connection.close()
            connection.settings_dict["OPTIONS"] = {
                **connection.settings_dict["OPTIONS"],
                "transaction_mode": "IMMEDIATE",
            }


def _without_door(model: type[models.Model], lines: Iterator[bytes], now: datetime) -> Iterator[bytes]:
    """The lines with every door shut: its key zeros, its seals empty."""
    if model not in {DoorKey, Item}:
        yield from lines
        return
    head = next(lines)
    yield head
    place = {name: number for number, name in enumerate(msgspec.json.decode(head))}
    for line in lines:
        cells: list[Any] = msgspec.json.decode(line)
        if model is Item:
            cells[place["sealed"]] = {"bytes": ""}
        else:
            cells[place["key"]] = {"bytes": ""}
            cells[place["is_wiped"]] = True
            cells[place["destroyed_at"]] = cells[place["destroyed_at"]] or {"at": now.isoformat()}
        yield msgspec.json.encode(cells) + b"\n"


def _write(zip_: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    with zip_.open(name, "w", force_zip64=True) as out:
        for block in blocks:
            out.write(block)
            digest.update(block)
            count += 1
    return count, digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block
