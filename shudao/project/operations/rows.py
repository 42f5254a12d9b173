"""Rows of every table as lines of JSON, the same from SQLite and PostgreSQL, and back again.

A line is an array of the values of the table's columns in the order its head line names them. What JSON has no form for
is written as an object with one key: `{"at": …}` a moment, `{"day": …}`, `{"time": …}`, `{"bytes": base64}`,
`{"json": …}` a JSON column, `{"number": …}` a decimal, `{"uuid": …}`.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, models
from django.db.models.sql import InsertQuery

BATCH = 500
PAGE = 2000


def is_kept(model: type[models.Model]) -> bool:
    """Whether a table's rows belong in a backup: all that are stored, but sessions, which a restored site starts anew."""
    meta = model._meta
    return meta.managed and not meta.proxy and meta.label_lower not in {"sessions.session"}


def columns_of(model: type[models.Model]) -> list[models.Field]:
    """A table's columns."""
    return list(model._meta.concrete_fields)


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """The head line, then a line for each row in the order of its key. Bounded memory."""
    columns = columns_of(model)
    yield msgspec.json.encode([column.attname for column in columns]) + b"\n"
    rows = model._base_manager.order_by("pk").values_list(*(column.attname for column in columns))
    as_json = [isinstance(column, models.JSONField) for column in columns]
    for row in rows.iterator(chunk_size=PAGE):
        cells = [{"json": value} if json else _out(value) for value, json in zip(row, as_json, strict=True)]
        yield msgspec.json.encode(cells) + b"\n"


def put_back(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Insert a table's lines as they are; returns how many rows. KeyError when a column is unknown."""
    stream = iter(lines)
    by_name = {column.attname: column for column in columns_of(model)}
    columns = [by_name[name] for name in msgspec.json.decode(next(stream))]
    count, batch = 0, []
    for line in stream:
        batch.append(_row(model, columns, msgspec.json.decode(line)))
        if len(batch) == BATCH:
            count += _insert(model, columns, batch)
            batch = []
    return count + (_insert(model, columns, batch) if batch else 0)


def empty(model: type[models.Model]) -> None:
    """Remove what a migration put into a table; the backup brings its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own tables


def set_counters(tables: Iterable[type[models.Model]]) -> None:
    """Let the next key of each table follow its largest."""
    from django.core.management.color import no_style  # noqa: PLC0415 - only here

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _row(model: type[models.Model], columns: list[models.Field], cells: list[Any]) -> models.Model:
    return model(**{column.attname: _in(cell) for column, cell in zip(columns, cells, strict=True)})


def _insert(model: type[models.Model], columns: list[models.Field], rows: list[models.Model]) -> int:
    most = connection.ops.bulk_batch_size(columns, rows)
    for start in range(0, len(rows), most):
        query = InsertQuery(model)
        query.insert_values(columns, rows[start : start + most], raw=True)  # raw: what is stored stays to the letter
        query.get_compiler(connection=connection).execute_sql()
    return len(rows)


def _out(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    for kind, name, form in (
        (datetime, "at", datetime.isoformat),
        (date, "day", date.isoformat),
        (time, "time", time.isoformat),
        (Decimal, "number", str),
        (UUID, "uuid", str),
    ):
        if isinstance(value, kind):
            return {name: form(value)}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    raise TypeError(f"a column holds a {type(value).__name__}")


_READ = {
    "at": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "number": Decimal,
    "uuid": UUID,
    "bytes": base64.b64decode,
    "json": lambda value: value,
}


def _in(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    [(name, value)] = cell.items()
    return _READ[name](value)
