"""Imports: handed over, columns confirmed, read part by part in the background, ended with their counts."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from django.db.models import F

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.engine.intake.clean import clean_line
from shudao.engine.intake.setting import Layout
from shudao.engine.intake.sniff import Sniffed
from shudao.engine.post import Post, Reject
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.listen import store
from shudao.listen.actions.batches import Batch, read_batch
from shudao.listen.actions.evidence import forget_upload, keep_evidence
from shudao.listen.actions.sources import source_for
from shudao.listen.models import ColumnMemory, Evidence, ImportReject, ImportRun, Source
from shudao.listen.queries import source_named
from shudao.listen.store import Stored

PART = 500  # rows a ledger entry; small enough to keep the write lock short
LEASE = timedelta(seconds=60)
IDLE = timedelta(days=1)  # a file handed over and never begun is not kept longer


class Lost(Exception):
    """Another worker has the import, or somebody stopped it: what was read here is not kept."""


@verb(zh="上传导入文件", en="upload import")
def upload_import(act: Act, stored: Stored, *, file_name: str, source: str, sniffed: Sniffed) -> ImportRun:
    """Keep a file sealed until its columns are confirmed. The first look at it is sealed with it."""
    evidence = keep_evidence(act, stored, kind=Evidence.Kind.UPLOAD)
    evidence.words = store.sealed_words(evidence, msgspec.json.encode(sniffed).decode())
    evidence.save(update_fields=["words"])
    run = ImportRun.objects.create(
        scene=act.scene.key,
        source=named_source(act, source, kind="web"),
        evidence=evidence,
        file_name=_file_name(file_name),
        form=sniffed.form,
        total=sniffed.count,
        uploaded_at=act.now,
        uploaded_by=act.post,
    )
    act.note(
        run=run.pk,
        source=run.source.code,
        form=run.form,
        size=stored.size,
        digest=stored.digest,
        file=Erasable(run.file_name),
    )
    return run


@verb(zh="开始导入", en="start import")
def start_import(
    act: Act,
    run: ImportRun,
    *,
    layout: Layout | None = None,
    fingerprint: str = "",
    sheet: str = "",
    kind: str = "",
    total: int = 0,
) -> ImportRun:
    """Hand the file to the worker as its columns were confirmed, and remember them for the next such file."""
    row = _locked(run, ImportRun.State.MAPPING)
    kept = msgspec.to_builtins(layout) if layout else None
    row.layout, row.sheet, row.kind, row.total = kept, sheet, kind, total or row.total
    row.state, row.started_at = ImportRun.State.WAITING, act.now
    row.save(update_fields=["layout", "sheet", "kind", "total", "state", "started_at"])
    if kept and fingerprint:
        told = {"layout": kept, "kind": kind, "used_at": act.now}
        ColumnMemory.objects.update_or_create(source=row.source, fingerprint=fingerprint, defaults=told)
    columns = {field: list(places) for field, places in layout.columns.items()} if layout else {}
    act.note(run=row.pk, source=row.source.code, columns=columns, kind=kind)
    return row


@verb(zh="停止导入", en="stop import")
def stop_import(act: Act, run: ImportRun) -> ImportRun:
    """Stop for good: what was read stays, the file goes."""
    return _end(
        act, run, ImportRun.State.STOPPED, ImportRun.State.MAPPING, ImportRun.State.WAITING, ImportRun.State.RUNNING
    )


@verb(zh="完成导入", en="finish import")
def finish_import(act: Act, run: ImportRun) -> ImportRun:
    """Every row was read: the counts stand, the file goes."""
    return _end(act, run, ImportRun.State.DONE, ImportRun.State.RUNNING)


@verb(zh="导入未完成", en="fail import")
def fail_import(act: Act, run: ImportRun, *, fault: BadInput) -> ImportRun:
    """The file could not be read to its end: what was read stays, and why is said."""
    run.fault_zh, run.fault_en = fault.line("zh")[:400], fault.line("en")[:400]
    run.save(update_fields=["fault_zh", "fault_en"])
    return _end(act, run, ImportRun.State.FAILED, ImportRun.State.WAITING, ImportRun.State.RUNNING)


def claim_import(key: int, worker: str, now: datetime) -> ImportRun | None:
    """Lease an import to a worker; None when another has it."""
    with short_write():
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("source", "evidence").get(pk=key)
        taken = run.lease_until and run.lease_until >= now and run.claimed_by != worker
        if taken or not run.is_under_way:
            return None
        run.state, run.claimed_by, run.lease_until = ImportRun.State.RUNNING, worker, now + LEASE
        run.save(update_fields=["state", "claimed_by", "lease_until"])
    return run


def release_import(run: ImportRun, worker: str) -> None:
    """Let another worker go on at once."""
    with short_write():
        ImportRun.objects.filter(pk=run.pk, claimed_by=worker).update(lease_until=None)


def read_part(actor: Actor, run: ImportRun, results: Sequence[Post | Reject], worker: str) -> Batch:
    """Keep the next rows, and in the same transaction how far the import is. Raises Lost."""
    batch: Batch = read_batch(actor, run.source, results, also=partial(_advance, run, results, worker))
    run.refresh_from_db(fields=["place", "added", "repeated", "rejected", "last_item"])
    return batch


def drop_idle_uploads(actor: Actor, runs: Sequence[ImportRun]) -> int:
    """Stop what nobody began."""
    for run in runs:
        stop_import(actor, run)
    return len(runs)


def named_source(act: Act, name: str, *, kind: str) -> Source:
    """The source of that name or code, registered when it is new."""
    known = source_named(act.scene, name)
    return known or source_for(act, source_code(name), name=name, kind=kind)


def source_code(name: str) -> str:
    """A code for a source that somebody only named."""
    is_code = re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name) is not None
    return name if is_code else f"file-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _advance(run: ImportRun, results: Sequence[Post | Reject], worker: str, act: Act, batch: Batch) -> dict[str, Any]:
    held = ImportRun.objects.filter(pk=run.pk, claimed_by=worker, state=ImportRun.State.RUNNING, place=run.place)
    moved = held.update(
        place=F("place") + len(results),
        added=F("added") + len(batch.items),
        repeated=F("repeated") + batch.repeated,
        rejected=F("rejected") + batch.rejects,
        last_item=batch.items[-1].pk if batch.items else F("last_item"),
        lease_until=act.now + LEASE,
    )
    if not moved:
        raise Lost
    rejects = [result for result in results if isinstance(result, Reject)]
    ImportReject.objects.bulk_create(
        [ImportReject(run=run, line=one.line, why_zh=one.why.zh[:300], why_en=one.why.en[:300]) for one in rejects],
        batch_size=200,
    )
    return {"run": run.pk}


def _end(act: Act, run: ImportRun, state: str, *before: str) -> ImportRun:
    row = _locked(run, *before)
    row.state, row.ended_at, row.lease_until = state, act.now, None
    row.total = row.place if state == ImportRun.State.DONE else row.total
    row.save(update_fields=["state", "ended_at", "lease_until", "total"])
    forget_upload(act, row.evidence)
    act.note(run=row.pk, source=row.source.code, count=row.added, repeated=row.repeated, rejects=row.rejected)
    return row


def _locked(run: ImportRun, *states: str) -> ImportRun:
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("source", "evidence").get(pk=run.pk)
    if row.state not in states:
        raise refuse("这次导入已开始或已结束", "this import has begun or ended already", code="state")
    return row


def _file_name(name: str) -> str:
    """A name to know the file by, without what might be somebody's handle."""
    return strip_handles(clean_line(name, 200)) or "file"
