"""Bringing a database up to date, whole or not at all.

A migration is not one transaction on SQLite: a kill between its tables and its record leaves a file that no later start
can mend. So an embedded database is copied, the copy is brought up to date, and takes the old one's place by renaming.
"""

import sqlite3
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date() -> bool:
    """Apply what is pending; True when something was. Safe to repeat, and to be killed at any moment."""
    file = _embedded_file()
    if file is None:
        return _migrate() if _is_behind() else False
    if file.exists() and file.stat().st_size and not _is_behind():
        return False
    _migrate_copy(file)
    return True


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
