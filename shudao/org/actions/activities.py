"""Training and awareness activities of the units."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.changes import named
from shudao.org.models import Activity, Observer, Unit

MAX_FILE = 5 * 1024 * 1024


@verb(zh="登记宣教活动", en="add activity")
def add_activity(
    act: Act, *, kind: str, held_on: date, unit: Unit, subject: str, attended: int = 0, evidence: str = "",
    file: tuple[str, bytes] | None = None, observers: Sequence[Observer] = (),
) -> Activity:  # fmt: skip
    """What a unit held. The observers who came have been trained on that day. Refused for a day to come and a file that
    is too large."""
    row = Activity(kind=kind, held_on=held_on, unit=unit)
    return _keep(act, row, subject, attended, evidence, file, observers)


@verb(zh="修改宣教活动", en="change activity")
def change_activity(
    act: Act, row: Activity, *, kind: str, held_on: date, unit: Unit, subject: str, attended: int = 0,
    evidence: str = "", file: tuple[str, bytes] | None = None, observers: Sequence[Observer] = (),
) -> Activity:  # fmt: skip
    """What was written down wrongly or is added; a new file replaces the old one. Refused once it is withdrawn."""
    if row.withdrawn_at:
        raise refuse("这次活动已撤销", "this activity was withdrawn", code="withdrawn")
    row.kind, row.held_on, row.unit = kind, held_on, unit
    return _keep(act, row, subject, attended, evidence, file, observers)


@verb(zh="撤销宣教活动", en="withdraw activity")
def withdraw_activity(act: Act, row: Activity) -> Activity:
    """It was registered by mistake: it counts no more, and stays to be seen in the record."""
    if row.withdrawn_at:
        raise refuse("这次活动已撤销", "this activity was withdrawn", code="withdrawn")
    row.withdrawn_at = act.now
    row.save(update_fields=["withdrawn_at"])
    _date_training(list(row.observers.all()))
    act.note(kind=row.kind, unit=row.unit.code, held_on=row.held_on.isoformat(), attended=row.attended)
    return row


def _keep(
    act: Act, row: Activity, subject: str, attended: int, evidence: str, file: tuple[str, bytes] | None,
    observers: Sequence[Observer],
) -> Activity:  # fmt: skip
    if row.held_on > timezone.localdate(act.now):
        raise refuse("活动日期不能在将来", "it cannot have been held in the future", code="future")
    if file and len(file[1]) > MAX_FILE:
        raise refuse("佐证文件不能超过 5 MB", "the file may have 5 MB at most", code="large")
    row.subject, row.evidence = named(subject, "请填写主题", "name the subject"), evidence.strip()
    row.attended = max(attended, len(observers))
    if file:
        row.file_name, row.file = file
    before = list(row.observers.all()) if row.pk else []
    row.save()
    row.observers.set(observers)
    _date_training([*before, *observers])
    digest = sha256(bytes(row.file)).hexdigest() if row.file else ""
    told = {"kind": row.kind, "unit": row.unit.code, "held_on": row.held_on.isoformat(), "attended": row.attended}
    act.note(**told, file=digest, subject=Erasable(row.subject), evidence=Erasable(row.evidence))
    return row


def _date_training(observers: Sequence[Observer]) -> None:
    """The last training of each is the newest activity that counts; what was stated by hand before is not made older."""
    for row in {row.pk: row for row in observers}.values():
        held = row.activities.filter(kind=Activity.Kind.TRAINING, withdrawn_at=None)
        last = held.order_by("-held_on").values_list("held_on", flat=True).first()
        if last and (row.trained_on is None or last > row.trained_on):
            Observer.objects.filter(pk=row.pk).update(trained_on=last)
