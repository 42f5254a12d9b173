"""Registers: observers and the organisation's own accounts. What is no longer kept is ended, never deleted."""

from datetime import date

from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.changes import named, take_over
from shudao.org.models import Observer, OwnAccount, Post, Unit


@verb(zh="聘任信息员", en="add observer")
def add_observer(act: Act, *, name: str, unit: Unit, since: date | None = None) -> Observer:
    """One of the organisation's own people who reports what he sees. Refused when the unit has him already."""
    name = named(name, "请填写姓名", "give the person's name")
    if Observer.objects.filter(name=name, unit=unit, ended_on=None).exists():
        raise refuse(f"{unit.name} 已有信息员 {name}", f"{unit.name} has the observer {name} already", code="twice")
    row = Observer.objects.create(name=name, unit=unit, since=since or timezone.localdate(act.now))
    act.note(observer=Erasable(name), unit=unit.code, since=row.since.isoformat())
    return row


@verb(zh="修改信息员", en="change observer")
def change_observer(
    act: Act, row: Observer, *, name: str, unit: Unit, since: date | None = None, trained_on: date | None = None
) -> Observer:
    """Name, unit, since when, last training."""
    name = named(name, "请填写姓名", "give the person's name")
    before = take_over(row, name=name, unit=unit, since=since, trained_on=trained_on)
    act.note(observer=Erasable(before.get("was_name", name)), unit=unit.code, changed=_names(before))
    return row


@verb(zh="信息员离任", en="end observer")
def end_observer(act: Act, row: Observer) -> Observer:
    """He is one no longer; what he was trained in stays on record."""
    if row.ended_on:
        raise refuse("这位信息员已经离任", "this observer has ended already", code="ended")
    row.ended_on = timezone.localdate(act.now)
    row.save(update_fields=["ended_on"])
    act.note(observer=Erasable(row.name), unit=row.unit.code, ended_on=row.ended_on.isoformat())
    return row


@verb(zh="登记自有账号", en="add own account")
def add_own_account(
    act: Act, *, platform: str, name: str, channel: str, kind: str = OwnAccount.Kind.ACCOUNT, address: str = "",
    owner: Post | None = None,
) -> OwnAccount:  # fmt: skip
    """An account or group on which the organisation speaks in its own name. Refused when it is registered already."""
    platform, name = named(platform, "请填写平台", "name the platform"), named(name)
    if OwnAccount.objects.filter(platform=platform, name=name, retired_on=None).exists():
        raise refuse("这个账号已经登记", "this account is registered already", code="twice")
    row = OwnAccount.objects.create(
        platform=platform, name=name, channel=channel, kind=kind, address=address, owner=owner
    )
    act.note(platform=platform, name=name, channel=channel, kind=kind, owner=owner.code if owner else "")
    return row


@verb(zh="修改自有账号", en="change own account")
def change_own_account(
    act: Act, row: OwnAccount, *, platform: str, name: str, channel: str, kind: str, address: str = "",
    owner: Post | None = None,
) -> OwnAccount:  # fmt: skip
    """What it is and who answers for it."""
    platform, name = named(platform, "请填写平台", "name the platform"), named(name)
    wanted = {"platform": platform, "name": name, "channel": channel, "kind": kind, "address": address, "owner": owner}
    before = take_over(row, **wanted)
    act.note(platform=platform, name=name, channel=channel, owner=owner.code if owner else "", **before)
    return row


@verb(zh="核对自有账号", en="check own account")
def check_own_account(act: Act, row: OwnAccount) -> OwnAccount:
    """Looked at today: it is still ours, the entry is right."""
    if row.retired_on:
        raise refuse("这个账号已停用", "this account is out of use", code="retired")
    row.checked_on = timezone.localdate(act.now)
    row.save(update_fields=["checked_on"])
    act.note(platform=row.platform, name=row.name, checked_on=row.checked_on.isoformat())
    return row


@verb(zh="停用自有账号", en="retire own account")
def retire_own_account(act: Act, row: OwnAccount) -> OwnAccount:
    """The organisation speaks there no longer."""
    if row.retired_on:
        raise refuse("这个账号已停用", "this account is out of use", code="retired")
    row.retired_on = timezone.localdate(act.now)
    row.save(update_fields=["retired_on"])
    act.note(platform=row.platform, name=row.name)
    return row


def _names(before: dict[str, object]) -> list[str]:
    return sorted(key.removeprefix("was_") for key in before)
