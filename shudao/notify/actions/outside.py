"""What the site says of itself to the outside: its address in messages, and the regular word that it lives."""

from datetime import datetime, timedelta

from shudao.base.models import InnerHost
from shudao.base.outgoing import OutgoingError, ask
from shudao.base.refusal import refuse
from shudao.base.sealing import seal
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, verb
from shudao.notify.actions.messages import only_live
from shudao.notify.channels.robot import host_of
from shudao.notify.models import Outside
from shudao.notify.queries.channels import BEAT, beat_address, outside
from shudao.notify.queries.worker import late_jobs

BEAT_WITHIN = 10.0
REASON = "对外心跳"


@verb(zh="设置本站地址", en="set link address")
def set_link_address(act: Act, address: str) -> Outside:
    """The site's own address, for links in messages; empty for none."""
    only_live(act.scene)
    if address and not host_of(address):
        raise refuse("请填写完整地址，例如 https://shudao.example.cn", "give the whole address", code="address")
    row = _row()
    row.address = address.rstrip("/")
    row.save()
    act.note(address=row.address)
    return row


@verb(zh="设置对外心跳", en="set heartbeat")
def set_heartbeat(act: Act, address: str | None, *, minutes: int, is_inside: bool) -> Outside:
    """An address outside that is told every so often that the site lives; whoever waits there notices its silence.

    `address` None leaves it as it is, "" ends it. Refused for what is no address, or an interval out of 1 to 60.
    """
    only_live(act.scene)
    if not 1 <= minutes <= 60:
        raise refuse("间隔应在 1 到 60 分钟之间", "the interval must be 1 to 60 minutes", code="minutes")
    row = _row()
    stated = beat_address(row) if address is None else address.strip()
    if stated and (not stated.startswith(("http://", "https://")) or not host_of(stated)):
        raise refuse("心跳地址应以 https:// 开头", "the address must begin with https://", code="address")
    row.beat_sealed, row.beat_every, row.is_beat_inside = seal(stated, BEAT), minutes, is_inside
    row.beat_at = row.beat_ok = None
    row.beat_said = ""
    row.save()
    InnerHost.objects.filter(reason=REASON).delete()
    for host in host_of(stated) if is_inside else []:
        defaults = {"reason": REASON, "allowed_at": act.now, "allowed_by": act.post}
        InnerHost.objects.get_or_create(host=host, defaults=defaults)
    act.note(on=bool(stated), minutes=minutes, inside=is_inside)
    return row


def beat(now: datetime) -> bool | None:
    """Tell the outside that the site lives, when it is time and the jobs are on time; None when nothing was sent.

    A late sweeper sends nothing: silence is what raises the alarm out there.
    """
    row = outside()
    address = beat_address(row)
    if not address or (row.beat_at and now < row.beat_at + timedelta(minutes=row.beat_every)) or late_jobs(now):
        return None
    try:
        came = ask(address, seconds=BEAT_WITHIN, most_bytes=4096)
        ok, said = 200 <= came.status < 300, f"HTTP {came.status}"
    except OutgoingError as error:
        ok, said = False, f"{error.why.zh} / {error.why.en}"
    with short_write():
        Outside.objects.filter(pk=row.pk).update(beat_at=now, beat_ok=ok, beat_said=said)
    return ok


def _row() -> Outside:
    return Outside.objects.get_or_create(pk=1)[0]
