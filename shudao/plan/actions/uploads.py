"""Written plans that were handed over: kept, read (a large one by the worker), thrown away."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.engine.plan.read.reading import Reading
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.plan.models import Upload

LEASE = timedelta(minutes=10)
"""A reading is bounded in time; one that was cut off by a restart is taken up again after so long."""

PARTS = (
    "units", "posts", "duties", "limits", "levels", "steps", "reports", "sign_offs", "channels", "vague",
    "not_executable",
)  # fmt: skip


@verb(zh="上传预案", en="upload plan")
def upload_plan(act: Act, *, name: str, data: bytes) -> Upload:
    """Keep a written plan; it is read next."""
    digest = hashlib.sha256(data).hexdigest()
    row = Upload.objects.create(
        name=name[-200:], digest=digest, size=len(data), data=data, uploaded_at=act.now, uploaded_by=act.post
    )
    act.note(digest=digest, bytes=len(data), name=Erasable(row.name))
    return row


@verb(zh="删去上传件", en="discard upload")
def discard_upload(act: Act, upload: Upload) -> None:
    """Throw a written plan and its reading away; drafts made from it stay."""
    act.note(digest=upload.digest)
    upload.delete()


def claim_upload(key: int, now: datetime) -> Upload | None:
    """Lease a written plan for its reading; None when somebody else has it or it is read."""
    with short_write():
        row = Upload.objects.select_for_update().filter(pk=key, state=Upload.State.WAITING).first()
        if row is None or (row.lease_until and row.lease_until >= now):
            return None
        row.lease_until = now + LEASE
        row.save(update_fields=["lease_until"])
    return row


def keep_reading(upload: Upload, reading: Reading, now: datetime) -> None:
    """Keep what was understood beside the file."""
    upload.reading_json = msgspec.json.encode(reading).decode()
    upload.counts = {part: len(getattr(reading, part)) for part in PARTS} | {
        "paragraphs": len(reading.paragraphs),
        "unread": reading.unread,
    }
    _end(upload, Upload.State.READ, now)


def keep_fault(upload: Upload, fault: Words, now: datetime) -> None:
    """Keep why it could not be read."""
    upload.fault_zh, upload.fault_en = fault.zh[:300], fault.en[:300]
    _end(upload, Upload.State.FAILED, now)


def _end(upload: Upload, state: str, now: datetime) -> None:
    upload.state, upload.read_at, upload.lease_until = state, now, None
    with short_write():
        if not Upload.objects.filter(pk=upload.pk).exists():
            raise refuse("上传件已删去", "the upload is gone", code="gone")
        upload.save()
