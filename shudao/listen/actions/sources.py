"""Sources: registering one, leasing it for a reading, its next turn."""

from datetime import datetime, timedelta

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, verb
from shudao.listen.models import Source
from shudao.org.models import Unit

LEASE = timedelta(minutes=2)


@verb(zh="登记信源", en="add source")
def add_source(
    act: Act,
    code: str,
    *,
    name: str,
    kind: str,
    connector: str,
    address: str = "",
    every_seconds: int = 900,
    terms: str = "",
    department: Unit | None = None,
) -> Source:
    """Register a source; one that is polled gets its first turn at once. Refused when its code or address is taken."""
    _refuse_taken(act, code, address)
    source = Source.objects.create(
        scene=act.scene.key,
        code=code,
        name=name,
        kind=kind,
        connector=connector,
        address=address,
        every_seconds=every_seconds,
        next_at=act.now if address else None,
        terms=terms,
        department=department,
    )
    act.note(source=code, kind=kind, connector=connector)
    return source


@verb(zh="修改信源", en="change source")
def change_source(
    act: Act,
    source: Source,
    *,
    name: str,
    kind: str,
    every_seconds: int,
    terms: str = "",
    department: Unit | None = None,
) -> Source:
    """Its name, kind, how often it is read, by what right and for whom. Its address stays: another is another source."""
    _refuse_retired(source)
    source.name, source.kind, source.every_seconds = name, kind, every_seconds
    source.terms, source.department = terms, department
    source.save(update_fields=["name", "kind", "every_seconds", "terms", "department"])
    act.note(
        source=source.code, kind=kind, every_seconds=every_seconds, department=department.code if department else ""
    )
    return source


@verb(zh="暂停信源", en="pause source")
def pause_source(act: Act, source: Source, *, reason: str = "") -> Source:
    """Leave it alone until somebody lets it go on."""
    _refuse_retired(source)
    if source.state == Source.State.PAUSED:
        raise refuse("信源已经暂停", "the source is paused already", code="state")
    source.state, source.next_at = Source.State.PAUSED, None
    source.save(update_fields=["state", "next_at"])
    act.note(source=source.code, reason=reason)
    return source


@verb(zh="恢复信源", en="resume source")
def resume_source(act: Act, source: Source) -> Source:
    """Listen to it again, from now on; a retired one too."""
    if source.is_listened_to:
        raise refuse("信源没有暂停", "the source is not paused", code="state")
    source.state, source.failures = Source.State.OK, 0
    source.next_at = act.now if source.is_polled else None
    source.save(update_fields=["state", "failures", "next_at"])
    act.note(source=source.code)
    return source


@verb(zh="停用信源", en="retire source")
def retire_source(act: Act, source: Source, *, reason: str = "") -> Source:
    """Take it out of the register; what it brought stays."""
    _refuse_retired(source)
    source.state, source.next_at = Source.State.RETIRED, None
    source.save(update_fields=["state", "next_at"])
    act.note(source=source.code, reason=reason)
    return source


@verb(zh="立即读取", en="hasten source")
def hasten_source(act: Act, source: Source) -> Source:
    """Give a source its turn now; a site's own pause and the worker's order still hold."""
    if not (source.is_polled and source.is_listened_to):
        raise refuse("这个信源现在不读取", "the source is not read now", code="state")
    source.next_at = act.now
    source.save(update_fields=["next_at"])
    act.note(source=source.code)
    return source


def _refuse_taken(act: Act, code: str, address: str) -> None:
    rows = Source.objects.in_scene(act.scene)
    if rows.filter(code=code).exists():
        raise refuse(f"代码 {code} 已经登记", f"the code {code} is taken", code="code")
    known = rows.filter(address=address).exclude(state=Source.State.RETIRED).first() if address else None
    if known:
        raise refuse(f"这个地址已登记为“{known.name}”", f"this address is registered as “{known.name}”", code="address")


def _refuse_retired(source: Source) -> None:
    if source.state == Source.State.RETIRED:
        raise refuse("信源已停用，先恢复", "the source is retired; resume it first", code="state")


def source_for(act: Act, code: str, *, name: str, kind: str) -> Source:
    """The source of a way in that the site itself offers (reports, pasted posts), registered when it is first used."""
    source = Source.objects.in_scene(act.scene).filter(code=code).first()
    if source is None:
        source = Source.objects.create(scene=act.scene.key, code=code, name=name, kind=kind, connector="file")
        act.also("add_source", source=code, kind=kind, connector="file")
    return source


def claim_source(key: int, now: datetime) -> Source | None:
    """Lease a source for one reading; None when another worker was quicker."""
    with short_write():
        source = Source.objects.select_for_update().get(pk=key)
        if source.lease_until and source.lease_until >= now:
            return None
        source.lease_until = now + LEASE
        source.save(update_fields=["lease_until"])
    return source


def put_off_source(source: Source, until: datetime) -> None:
    """Give a claimed source back unread: its site was just asked for another source."""
    with short_write():
        Source.objects.filter(pk=source.pk).update(lease_until=None, next_at=until)


def release_source(
    source: Source, now: datetime, *, next_at: datetime, fault: str = "", code: str = "", **seen: str
) -> None:
    """End a reading: the next turn, the fault if any with its kind, and the validators (`etag`, `last_modified`).

    A source that was paused or retired while it was being read stays so.
    """
    source.lease_until = None
    source.next_at, source.last_read_at = next_at, now
    source.last_fault, source.fault_code = fault[:300], code[:40] if fault else ""
    source.failures = source.failures + 1 if fault else 0
    source.state = Source.State.FAILING if fault else Source.State.OK
    source.etag = seen.get("etag", source.etag)[:300]
    source.last_modified = seen.get("last_modified", source.last_modified)[:100]
    changed = ["lease_until", "last_read_at", "last_fault", "fault_code", "failures", "etag", "last_modified"]
    with short_write():
        state = Source.objects.select_for_update().values_list("state", flat=True).get(pk=source.pk)
        if state in (Source.State.PAUSED, Source.State.RETIRED):
            source.state, source.next_at = state, None
        source.save(update_fields=[*changed, "state", "next_at"])
