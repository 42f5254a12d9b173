"""导入进行 (importing): imports read part by part, a few seconds at a time, so that nothing else of the worker waits.

How far an import is stands in its row and moves in the transaction that keeps the rows. A worker that was killed loses
only what it had not kept: the next one reads the file again from its beginning and passes over what is there.
"""

import logging
import os
import secrets
import time
from collections.abc import Iterator
from itertools import islice

import msgspec

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.intake.files import READERS, form_of
from shudao.engine.intake.grid import main_sheet, open_sheets
from shudao.engine.intake.headings import SEARCHED_ROWS, fingerprint, guess_layout
from shudao.engine.intake.moments import date_in_name
from shudao.engine.intake.setting import Layout, Setting
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput, Words
from shudao.ledger.verbs import Actor
from shudao.listen import store
from shudao.listen.actions import claim_import, fail_import, finish_import, read_part
from shudao.listen.actions.imports import PART, Lost
from shudao.listen.models import ImportRun
from shudao.listen.queries import source_named
from shudao.listen.queries.imports import due_imports, layout_in, memory_of

log = logging.getLogger("shudao.listen")
SLICE = 3.0  # seconds of one turn
WORKER = f"{os.getpid()}-{secrets.token_hex(4)}"
_open: dict[int, Iterator[Post | Reject]] = {}


def go_on(*, seconds: float = SLICE, worker: str = WORKER) -> int:
    """Read on in the imports that wait, for about so many seconds; returns how many rows were read."""
    until = time.monotonic() + seconds
    count = 0
    due = due_imports(clock.now(LIVE), worker)
    for gone in _open.keys() - set(due):
        del _open[gone]
    for key in due:
        run = claim_import(key, worker, clock.now(LIVE))
        if run is None:
            _open.pop(key, None)
            continue
        count += _read_on(run, until, worker)
        if time.monotonic() >= until:
            break
    return count


def something_waits() -> bool:
    """Whether an import waits for this worker."""
    return bool(due_imports(clock.now(LIVE), WORKER))


def remembered(source: str, name: str, data: bytes) -> Layout | None:
    """How a sheet with these headings was confirmed for a source before; None for another kind of file, or the first time."""
    known = source_named(LIVE, source)
    if known is None or not known.column_memories.exists() or form_of(name, data) != "table":
        return None
    main = main_sheet(open_sheets(data, where=name), where=name)
    guess = guess_layout(main.rows[: SEARCHED_ROWS * 2])
    memory = memory_of(known, fingerprint(main.rows[guess.heading_row])) if main.rows else None
    return layout_in(memory.layout) if memory else None


def forget() -> None:
    """Drop what is open, as a worker that ends does."""
    _open.clear()


def results_of(run: ImportRun) -> Iterator[Post | Reject]:
    """Everything the file of an import holds, as its columns were confirmed. BadInput when it cannot be read."""
    if run.evidence is None:
        raise BadInput(Words("文件已不在", "the file is gone"))
    return iter(READERS[run.form](store.whole(run.evidence), setting_of(run), where=run.file_name))


def setting_of(run: ImportRun) -> Setting:
    """How the file of an import is read: what it does not say itself, and what a person confirmed."""
    plain = Setting(source=run.source.name, at=run.uploaded_at, now=clock.now(LIVE))
    dated = date_in_name(run.file_name.rsplit(".", 1)[0], plain.zone) or run.uploaded_at
    told = {"at": dated, "kind": run.kind or None, "layout": layout_in(run.layout), "sheet": run.sheet or None}
    return msgspec.structs.replace(plain, **told)


def _read_on(run: ImportRun, until: float, worker: str) -> int:
    actor, count = Actor(run.scene_value, run.uploaded_by), 0
    try:
        while count == 0 or time.monotonic() < until:
            results = _results(run)
            part = list(islice(results, PART))
            if not part:
                finish_import(actor, run)
                _open.pop(run.pk, None)
                break
            read_part(actor, run, part, worker)
            count += len(part)
    except Lost:
        _open.pop(run.pk, None)
    except BadInput as fault:
        _open.pop(run.pk, None)
        fail_import(actor, run, fault=fault)
    except Exception as error:
        log.exception("import %s could not be read", run.pk)
        _open.pop(run.pk, None)
        name = type(error).__name__
        fail_import(actor, run, fault=BadInput(Words(f"读取时出错（{name}）", f"reading went wrong ({name})")))
    return count


def _results(run: ImportRun) -> Iterator[Post | Reject]:
    """The reading that is open, or a new one that has passed over what is kept already."""
    if run.pk not in _open:
        results = results_of(run)
        next(islice(results, run.place, run.place), None)
        _open[run.pk] = results
    return _open[run.pk]
