"""Setting channels up. Secrets are sealed at once; the ledger hears of names and kinds, never of addresses or keys."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from shudao.base import clock
from shudao.base.models import InnerHost
from shudao.base.outgoing import read_inner
from shudao.base.refusal import refuse
from shudao.base.scene import LIVE
from shudao.base.sealing import seal
from shudao.base.write import short_write
from shudao.engine.words import BadInput
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.notify.actions.messages import only_live
from shudao.notify.channels import KINDS, Answer, Letter
from shudao.notify.models import Attempt, Channel, Delivery, Parcel
from shudao.notify.queries.channels import PURPOSE, settings_of


@verb(zh="添加渠道", en="add channel")
def add_channel(
    act: Act, kind: str, *, name: str, given: Mapping[str, str], is_inside: bool = False,
    colours: Sequence[str] | None = None, kinds: Sequence[str] | None = None,
) -> Channel:  # fmt: skip
    """Set a way out up. Refused in a drill, for an unknown kind, and for settings the kind finds wanting."""
    only_live(act.scene)
    if kind not in KINDS:
        raise refuse(f"没有渠道种类 {kind}", f"there is no kind of channel {kind}", code="kind")
    row = Channel(code=_fresh_code(kind), kind=kind, made_at=act.now)
    _fill(row, name, given, is_inside, colours, kinds)
    row.save()
    inner = _open_inside(act, row)
    act.note(channel=row.code, kind=kind, name=Erasable(name), inside=inner, colours=row.colours, kinds=row.kinds)
    return row


@verb(zh="修改渠道", en="change channel")
def change_channel(
    act: Act, row: Channel, *, name: str, given: Mapping[str, str], is_inside: bool = False,
    colours: Sequence[str] | None = None, kinds: Sequence[str] | None = None,
) -> Channel:  # fmt: skip
    """Change what is set; a secret left empty stays as it was. What waits in it is tried again at once."""
    only_live(act.scene)
    before = dict(settings_of(row))
    _close_inside(row)
    _fill(row, name, {**given, **_kept_secrets(row, given)}, is_inside, colours, kinds)
    row.hold_until = row.fault_told_at = None
    row.save()
    inner = _open_inside(act, row)
    Parcel.objects.filter(channel=row, done_at=None, lost_at=None).update(due_at=act.now, tries=0)
    after = settings_of(row)
    changed = sorted(key for key in after if after[key] != before.get(key, ""))
    act.note(channel=row.code, changed=changed, inside=inner, colours=row.colours, kinds=row.kinds)
    return row


@verb(zh="停用渠道", en="pause channel")
def pause_channel(act: Act, row: Channel) -> Channel:
    """Let it carry nothing for now; what waits in it stays and leaves when it goes on."""
    if row.paused_at:
        raise refuse("这个渠道已经停用", "this channel is paused already", code="paused")
    row.paused_at = act.now
    row.save()
    act.note(channel=row.code)
    return row


@verb(zh="启用渠道", en="resume channel")
def resume_channel(act: Act, row: Channel) -> Channel:
    """Let it carry messages again."""
    only_live(act.scene)
    if row.paused_at is None:
        raise refuse("这个渠道没有停用", "this channel is not paused", code="on")
    row.paused_at = row.hold_until = None
    row.save()
    Parcel.objects.filter(channel=row, done_at=None, lost_at=None).update(due_at=act.now)
    act.note(channel=row.code)
    return row


@verb(zh="移除渠道", en="remove channel")
def remove_channel(act: Act, row: Channel) -> Channel:
    """Take it away with its secrets. What waited in it stays in the inbox alone; the log of what was sent stays."""
    waiting = Parcel.objects.filter(channel=row, done_at=None, lost_at=None)
    lost = waiting.update(lost_at=act.now)
    Delivery.objects.filter(channel=row, done_at=None).update(done_at=act.now, why="removed")
    _close_inside(row)
    row.removed_at, row.sealed, row.settings = act.now, "", {}
    row.save()
    act.note(channel=row.code, waiting=lost)
    return row


@verb(zh="测试渠道", en="test channel")
def test_channel(act: Act, row: Channel, attempt: Attempt) -> Attempt:
    """Keep that a test message was sent and whether it was taken; see `send_test`."""
    act.note(channel=row.code, ok=bool(attempt.ok), code=attempt.code)
    return attempt


def send_test(actor: Actor, row: Channel, *, text: str, subject: str, address: str, mention: str) -> Attempt:
    """Send a test message now and keep what the other side answered. Refused in a drill."""
    only_live(actor.scene)
    now = clock.now(LIVE)
    with short_write():
        attempt = Attempt.objects.create(channel=row, began_at=now)
    mentions = (mention,) if mention else ()
    key = f"test-{attempt.pk}-{int(now.timestamp())}"
    answer = KINDS[row.kind].send(settings_of(row), Letter(key, subject, text, now, address, mentions))
    with short_write():
        end_attempt(attempt, answer, clock.now(LIVE))
    test_channel(actor, row, attempt)
    return attempt


def end_attempt(attempt: Attempt, answer: Answer, now: datetime) -> None:
    """Keep what the other side said, within the caller's write; a yes ends whatever pause and fault the channel had."""
    attempt.ended_at, attempt.ok, attempt.code, attempt.said = now, answer.ok, answer.code[:40], answer.said
    attempt.save()
    if answer.ok:
        Channel.objects.filter(pk=attempt.channel_id).update(hold_until=None, fault_told_at=None)
    elif answer.retry_after:
        Channel.objects.filter(pk=attempt.channel_id).update(hold_until=now + answer.retry_after)


def _fresh_code(kind: str) -> str:
    return f"{kind}-{Channel.objects.filter(kind=kind).count() + 1}"


def _kept_secrets(row: Channel, given: Mapping[str, str]) -> dict[str, str]:
    """Secrets that were left empty, as they are."""
    kept = settings_of(row)
    return {one.name: kept[one.name] for one in KINDS[row.kind].fields if one.is_secret and not given.get(one.name)}


def _fill(
    row: Channel, name: str, given: Mapping[str, str], is_inside: bool, colours: Sequence[str] | None,
    kinds: Sequence[str] | None,
) -> None:  # fmt: skip
    kind = KINDS[row.kind]
    values = {one.name: str(given.get(one.name, "")).strip() for one in kind.fields}
    missing = next((one for one in kind.fields if one.is_needed and not values[one.name]), None)
    if missing:
        raise refuse(f"请填写“{missing.label}”", f"{missing.name} is missing", code="missing")
    if fault := kind.fault(values):
        raise refuse(str(fault), str(fault), code="settings")
    secrets = {one.name: values.pop(one.name) for one in kind.fields if one.is_secret}
    row.name, row.settings, row.is_inside = name, values, is_inside
    row.sealed = seal(json.dumps(secrets, ensure_ascii=False), PURPOSE)
    row.colours = list(colours) if colours is not None else row.colours
    row.kinds = list(kinds) if kinds is not None else row.kinds


def _open_inside(act: Act, row: Channel) -> list[str]:
    """Let the guard visit the servers of a channel said to be inside the office's own network; returns which."""
    hosts = KINDS[row.kind].hosts(settings_of(row)) if row.is_inside else []
    for host in hosts:
        try:
            read_inner(host)
        except BadInput as error:
            raise refuse(error.what.zh, error.what.en, code="host") from None
        defaults = {"reason": _reason(row), "allowed_at": act.now, "allowed_by": act.post}
        InnerHost.objects.get_or_create(host=host, defaults=defaults)
    return hosts


def _close_inside(row: Channel) -> None:
    """Take back what was opened for this channel alone."""
    InnerHost.objects.filter(reason=_reason(row)).delete()


def _reason(row: Channel) -> str:
    return f"通知渠道 {row.code}"
