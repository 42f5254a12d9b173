"""Signing in: passwords, second factors, devices, and the office's rules about them."""

from datetime import datetime, timedelta
from importlib import import_module

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.models import Device, EntryLink, SignInRules, Staff

KEPT_LINKS = timedelta(days=30)


@verb(zh="登录", en="sign in")
def sign_in(act: Act, manner: str, *, second: str = "") -> None:
    """A person came in: by what, and what he proved besides."""
    act.note(manner=manner, second=second)


@verb(zh="设置密码", en="set password")
def set_password(act: Act, staff: Staff, password: str, *, keep: str = "") -> int:
    """Give an account its password; ends the person's other sessions. Returns how many."""
    staff.user.set_password(password)
    staff.user.save()
    ended = _end(staff.user_id, keep)
    act.note(ended=ended)
    return ended


@verb(zh="添加二次验证", en="add second factor")
def add_second_factor(act: Act, kind: str) -> None:
    """A code, a passkey or recovery codes were set up by the person himself."""
    act.note(kind=kind)


@verb(zh="停用二次验证", en="remove second factor")
def remove_second_factor(act: Act, kind: str) -> None:
    """The person gave one up."""
    act.note(kind=kind)


@verb(zh="更换恢复码", en="renew recovery codes")
def renew_recovery_codes(act: Act) -> None:
    """New recovery codes; the old ones are void."""
    act.note(kind="recovery_codes")


@verb(zh="重置二次验证", en="reset second factor")
def reset_second_factor(act: Act, staff: Staff, *, reason: str) -> int:
    """Take away every second factor of another person, who has lost his, and end his sessions. Returns how many factors.

    Refused without a reason and when there is none.
    """
    if not reason.strip():
        raise refuse("请写明原因", "say why", code="reason")
    count, _ = Authenticator.objects.filter(user_id=staff.user_id).delete()
    if not count:
        raise refuse("此人没有启用二次验证", "this person has no second factor", code="none")
    _end(staff.user_id)
    act.note(staff=Erasable(staff.name), count=count, reason=Erasable(reason.strip()))
    return count


@verb(zh="结束登录", en="end sessions")
def end_sessions(act: Act, staff: Staff, *, keep: str = "", device: Device | None = None) -> int:
    """Sign a person out: on one device, or on all but the one kept. Returns how many."""
    ended = _end(staff.user_id, keep, device)
    act.note(staff=Erasable(staff.name), count=ended)
    return ended


@verb(zh="绑定统一身份", en="connect account")
def connect_account(act: Act, provider: str) -> None:
    """An account of the office's single sign-on opens this one from now on."""
    act.note(provider=provider)


@verb(zh="解除统一身份", en="disconnect account")
def disconnect_account(act: Act, provider: str) -> None:
    """It no longer does."""
    act.note(provider=provider)


@verb(zh="统一身份建档", en="admit staff")
def admit_staff(act: Act, user: AbstractBaseUser, name: str) -> Staff:
    """A member of staff for an account that single sign-on made; holds no post. Refused unless the office allows it."""
    if not SignInRules.objects.filter(makes_staff=True).exists():
        raise refuse("本单位没有开启自动建档", "the office has not turned this on", code="closed")
    act.note(staff=Erasable(name))
    return Staff.objects.create(user=user, name=name)


@verb(zh="设定登录规定", en="set sign-in rules")
def set_sign_in_rules(act: Act, *, second_factor: str, makes_staff: bool) -> SignInRules:
    """Of whom a second factor is asked; whether single sign-on makes staff."""
    row = SignInRules.objects.first() or SignInRules()
    row.second_factor, row.makes_staff = SignInRules.Asked(second_factor), makes_staff
    row.save()
    act.note(second_factor=second_factor, makes_staff=makes_staff)
    return row


def remember_device(user_id: int, key: str, *, agent: str, address: str, now: datetime) -> None:
    """Where somebody signed in."""
    told = {"user_id": user_id, "agent": agent[:200], "address": address[:45], "since": now, "seen_at": now}
    Device.objects.update_or_create(key=key, defaults=told)


def touch_device(key: str, now: datetime) -> None:
    """It was used."""
    Device.objects.filter(key=key).update(seen_at=now)


def forget_device(key: str) -> None:
    """He signed out."""
    Device.objects.filter(key=key).delete()


def clear_ended(now: datetime, machine_now: datetime) -> None:
    """Clear away sessions that ran out, devices without one, and links long past."""
    Session.objects.filter(expire_date__lt=machine_now).delete()
    Device.objects.exclude(key__in=Session.objects.values("session_key")).delete()
    EntryLink.objects.filter(expires_at__lt=now - KEPT_LINKS).delete()


def _end(user_id: int, keep: str = "", device: Device | None = None) -> int:
    rows = Device.objects.filter(user_id=user_id).exclude(key=keep)
    rows = rows.filter(pk=device.pk) if device else rows
    keys = list(rows.values_list("key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)
    rows.delete()
    return len(keys)
