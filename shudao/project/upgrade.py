"""Bringing a database up to date, whole or not at all.

A migration is not one transaction on SQLite: a kill between its tables and its record leaves a file that no later start
can mend. So an embedded database is copied, the copy is brought up to date, and takes the old one's place by renaming.
Whoever uses a site holds a shared lock on it for as long as he runs; only one who is alone may put a file in its place.
"""

import fcntl
import sqlite3
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shudao.engine.words import BadInput, Words

_held: list[IO[bytes]] = []
"""Locks of this process; the system lets them go when it ends, however that happens."""


def bring_up_to_date() -> bool:
    """Apply what is pending; True when something was. Safe to repeat, and to be killed at any moment.

    BadInput when something is pending while another process uses the site.
    """
    file = _embedded_file()
    if file is None:
        return _migrate() if _is_behind() else False
    lock = file.with_name("site.lock").open("ab")
    _held.append(lock)
    fcntl.flock(lock, fcntl.LOCK_SH)
    if file.exists() and file.stat().st_size and not _is_behind():
        return False
    _be_alone(lock, file)
    _migrate_copy(file)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return True


def _be_alone(lock: IO[bytes], file: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        what = Words(zh="站点正在运行，不能升级数据库", en="the site is running; its database cannot be upgraded")
        mend = Words(zh="先停下它，再试一次", en="stop it first, then try again")
        raise BadInput(what, where=str(file), mend=mend) from fault


def _embedded_file() -> Path | None:
    """The database file; None for another server or a database in memory."""
    name = str(connection.settings_dict["NAME"])
    in_memory = not name or ":memory:" in name or "mode=memory" in name
    return None if connection.vendor != "sqlite" or in_memory else Path(name)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> bool:
    with redirect_stdout(StringIO()):
        call_command("migrate", interactive=False, verbosity=0)
    return True


def _migrate_copy(file: Path) -> None:
    copy = file.with_name(f"{file.name}.new")
    _forget(copy)
    connection.close()
    if file.exists():
        with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
    settings: dict[str, Any] = connection.settings_dict
    settings["NAME"] = str(copy)
    try:
        _migrate()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        settings["NAME"] = str(file)
    _forget(file, beside_only=True)
    copy.replace(file)


def _forget(file: Path, *, beside_only: bool = False) -> None:
    """Remove a database file's logs, and the file itself unless told otherwise."""
    for name in (f"{file.name}-wal", f"{file.name}-shm", *(() if beside_only else (file.name,))):
        file.with_name(name).unlink(missing_ok=True)
