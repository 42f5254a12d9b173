"""Evidence: put in, looked at (every look is an entry), erased in time."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Sum

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.engine.pictures import Picture
from shudao.ledger.verbs import Act, Actor, verb
from shudao.listen import store
from shudao.listen.models import Evidence, Item, Report
from shudao.listen.queries.evidence import Due, due_evidence, evidence_before
from shudao.listen.store import Stored

ERASED_AT_ONCE = 500


def keep_evidence(
    act: Act,
    stored: Stored,
    *,
    kind: str,
    media_type: str = "",
    look: str = "",
    item: Item | None = None,
    report: Report | None = None,
) -> Evidence:
    """The row of a stored file, inside another verb; the file goes when that verb comes to nothing."""
    return Evidence.objects.create(
        scene=act.scene.key,
        kind=kind,
        file=stored.file,
        wrapped=stored.wrapped,
        media_type=media_type,
        size=stored.size,
        digest=stored.digest,
        look=look,
        added_at=act.now,
        added_by=act.post,
        item=item,
        report=report,
    )


@verb(zh="存入证据", en="add evidence")
def add_evidence(act: Act, stored: Stored, picture: Picture, *, item: Item | None = None) -> Evidence:
    """Keep a picture, beside the item it shows where there is one."""
    row = keep_evidence(
        act, stored, kind=Evidence.Kind.PICTURE, media_type=picture.media_type, look=picture.look, item=item
    )
    act.note(evidence=row.pk, digest=stored.digest, size=stored.size)
    return row


@verb(zh="查看证据", en="look at evidence")
def look_at_evidence(act: Act, evidence: Evidence, *, manner: str = "shown") -> Evidence:
    """Open a piece: who looked, at what, and whether on the page, as the original, or at the words read from it."""
    if not evidence.is_kept:
        raise refuse("这份证据已按期清除", "this evidence has been erased", code="erased")
    act.note(evidence=evidence.pk, manner=manner)
    return evidence


@verb(zh="清除证据", en="erase evidence")
def erase_evidence(act: Act, *, before: datetime) -> Due:
    """Destroy the keys of what was added before a moment, then the files; nothing of them can be read again."""
    rows = evidence_before(act.scene, before)
    found = rows.aggregate(count=Count("pk"), size=Sum("size"))
    names = list(rows.values_list("file", flat=True))
    _empty(rows, act.now)
    act.note(before=before, count=found["count"], size=found["size"] or 0)
    act.after(lambda: store.drop(*names))
    return Due(found["count"], found["size"] or 0)


def erase_evidence_before(actor: Actor, before: datetime, *, dry_run: bool = False) -> Due:
    """What retention asks for: with `dry_run` only what it would take; nothing to take leaves no entry."""
    due = due_evidence(actor.scene, before)
    return due if dry_run or not due.count else erase_evidence(actor, before=before)


def forget_upload(act: Act, evidence: Evidence | None) -> None:
    """A file that was handed over for an import and has served: its key goes with the act, the file after it."""
    if evidence is None or not evidence.is_kept:
        return
    name = evidence.file
    _empty(Evidence.objects.filter(pk=evidence.pk), act.now)
    act.after(lambda: store.drop(name))


def keep_words(evidence: Evidence, words: str, at: datetime) -> None:
    """Note that a picture was read, and seal what was read from it."""
    sealed = store.sealed_words(evidence, words) if words else b""
    with short_write():
        Evidence.objects.filter(pk=evidence.pk, erased_at=None).update(words=sealed, words_at=at)


def drop_strays(before: datetime, names: Iterable[str] = ()) -> int:
    """Take away files that no row knows."""
    stray = store.strays(before, [*names, *Evidence.objects.filter(erased_at=None).values_list("file", flat=True)])
    store.drop(*stray)
    return len(stray)


def _empty(rows: object, now: datetime) -> None:
    rows.update(wrapped=b"", words=b"", digest="", look="", erased_at=now)  # type: ignore[attr-defined]
