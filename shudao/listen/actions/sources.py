"""Sources: registering one, leasing it for a reading, its next turn."""

from datetime import datetime, timedelta

from shudao.base.write import short_write
from shudao.ledger.verbs import Act, verb
from shudao.listen.models import Source

LEASE = timedelta(minutes=2)


@verb(zh="登记信源", en="add source")
def add_source(
    act: Act, code: str, *, name: str, kind: str, connector: str, address: str = "", every_seconds: int = 900
) -> Source:
    """Register a source; one that is polled gets its first turn at once."""
    source = Source.objects.create(
        scene=act.scene.key,
        code=code,
        name=name,
        kind=kind,
        connector=connector,
        address=address,
        every_seconds=every_seconds,
        next_at=act.now if address else None,
    )
    act.note(source=code, kind=kind, connector=connector)
    return source


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


def release_source(source: Source, now: datetime, *, next_at: datetime, fault: str = "", **seen: str) -> None:
    """End a reading: the next turn, the fault if any, and the validators (`etag`, `last_modified`) for the next."""
    source.lease_until = None
    source.next_at, source.last_read_at = next_at, now
    source.last_fault = fault[:300]
    source.failures = source.failures + 1 if fault else 0
    source.state = Source.State.FAILING if fault else Source.State.OK
    source.etag = seen.get("etag", source.etag)[:300]
    source.last_modified = seen.get("last_modified", source.last_modified)[:100]
    changed = ["lease_until", "next_at", "last_read_at", "last_fault", "failures", "state", "etag", "last_modified"]
    with short_write():
        source.save(update_fields=changed)
