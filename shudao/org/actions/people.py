"""Staff and holdings: who works with the site, who holds which post."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Q

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.changes import ACCOUNT, keep_an_administrator, named, take_over
from shudao.org.actions.ending import end_holdings_of, end_shifts_of
from shudao.org.models import Holding, Post, Staff

OWN_DATA = ("was_name", "was_phone", "was_mail")


@verb(zh="登记人员", en="add staff")
def add_staff(
    act: Act, *, name: str, account: str = "", phone: str = "", mail: str = "", is_administrator: bool = False
) -> Staff:
    """A person with an account that has no password yet: he comes in by a one-time link. Refused for a taken account."""
    account = account.strip() or free_account()
    if not ACCOUNT.fullmatch(account):
        raise refuse("账号只能用字母、数字和 . @ + - _", "an account has letters, digits and . @ + - _", code="account")
    users = get_user_model().objects
    if users.filter(username__iexact=account).exists():
        raise refuse(f"账号 {account} 已经有了", f"the account {account} is taken", code="taken")
    name = named(name, "请填写姓名", "give the person's name")
    row = Staff.objects.create(
        user=users.create_user(username=account), name=name, phone=phone.strip(), mail=mail.strip(),
        is_administrator=is_administrator,
    )  # fmt: skip
    act.note(staff=Erasable(name), administrator=is_administrator)
    return row


@verb(zh="修改人员信息", en="change staff")
def change_staff(
    act: Act, row: Staff, *, name: str, phone: str = "", mail: str = "", is_administrator: bool | None = None
) -> Staff:
    """Name, number, address, and whether he administers the site. Refused for the last administrator."""
    administers = row.is_administrator if is_administrator is None else is_administrator
    if row.is_administrator and not administers:
        keep_an_administrator(row)
    name = named(name, "请填写姓名", "give the person's name")
    before = take_over(row, name=name, phone=phone.strip(), mail=mail.strip(), is_administrator=administers)
    old_name = before.get("was_name", name)
    changed = sorted(key.removeprefix("was_") for key in before)
    act.note(staff=Erasable(old_name), changed=changed, administrator=row.is_administrator)
    return row


@verb(zh="人员离开", en="retire staff")
def retire_staff(act: Act, row: Staff) -> Staff:
    """He has left: the account is shut, his holdings end, his coming shifts are dropped. Refused for the last
    administrator."""
    if row.left_at:
        raise refuse("此人已经离开", "this person has left already", code="left")
    keep_an_administrator(row)
    holdings, shifts = end_holdings_of(act, staff=row), end_shifts_of(act, staff=row)
    row.left_at, row.is_administrator = act.now, False
    row.save(update_fields=["left_at", "is_administrator"])
    row.user.is_active = False
    row.user.save(update_fields=["is_active"])
    act.note(staff=Erasable(row.name), holdings=holdings, shifts=shifts)
    return row


@verb(zh="人员返回", en="restore staff")
def restore_staff(act: Act, row: Staff) -> Staff:
    """He is back, with his account and without any post."""
    if row.left_at is None:
        raise refuse("此人没有离开", "this person has not left", code="here")
    row.left_at = None
    row.save(update_fields=["left_at"])
    row.user.is_active = True
    row.user.save(update_fields=["is_active"])
    act.note(staff=Erasable(row.name))
    return row


@verb(zh="任职", en="start holding")
def start_holding(
    act: Act, *, post: Post, staff: Staff, from_at: datetime | None = None, to_at: datetime | None = None
) -> Holding:
    """A person holds a post from a moment on. Refused where he holds it already, has left, or the post is retired."""
    from_at = from_at or act.now
    if post.retired_at:
        raise refuse(f"{post.name} 已停用", f"{post.name} is out of service", code="retired")
    if staff.left_at:
        raise refuse(f"{staff.name} 已经离开", f"{staff.name} has left", code="left")
    _refuse_order(from_at, to_at)
    _refuse_twice(post, staff, from_at, to_at)
    row = Holding.objects.create(post=post, staff=staff, from_at=from_at, to_at=to_at)
    act.note(post=post.code, staff=Erasable(staff.name), from_at=from_at, to_at=to_at or "")
    return row


@verb(zh="更正任职时间", en="change holding")
def change_holding(act: Act, row: Holding, *, from_at: datetime, to_at: datetime | None = None, reason: str) -> Holding:
    """What was written down wrongly. The entry keeps both; refused without a reason."""
    if not reason.strip():
        raise refuse("请写明更正的缘由", "say why it is corrected", code="reason")
    _refuse_order(from_at, to_at)
    _refuse_twice(row.post, row.staff, from_at, to_at, but=row.pk)
    before = take_over(row, from_at=from_at, to_at=to_at)
    who = {"post": row.post.code, "staff": Erasable(row.staff.name), "reason": Erasable(reason.strip())}
    act.note(**who, from_at=from_at, to_at=to_at or "", **before)
    return row


@verb(zh="结束任职", en="end holding")
def end_holding(act: Act, row: Holding, *, to_at: datetime | None = None) -> Holding:
    """He holds it until then (now, unless another moment is given). Refused before it began and when it has ended."""
    if row.to_at and row.to_at <= act.now:
        raise refuse("这项任职已经结束", "this holding has ended", code="ended")
    ends = to_at or act.now
    if ends < row.from_at:
        raise refuse("不能早于任职开始", "it cannot end before it began", code="order")
    row.to_at = ends
    row.save(update_fields=["to_at"])
    act.note(post=row.post.code, staff=Erasable(row.staff.name), from_at=row.from_at, to_at=ends)
    return row


def free_account(taken: set[str] | None = None) -> str:
    """An account name nobody has: u and a number."""
    names = taken if taken is not None else set(get_user_model().objects.values_list("username", flat=True))
    number = next(n for n in range(len(names) + 1, 2 * len(names) + 3) if f"u{n:04d}" not in names)
    return f"u{number:04d}"


def _refuse_order(from_at: datetime, to_at: datetime | None) -> None:
    if to_at and to_at <= from_at:
        raise refuse("结束要晚于开始", "it ends after it begins", code="order")


def _refuse_twice(post: Post, staff: Staff, from_at: datetime, to_at: datetime | None, but: int = 0) -> None:
    rows = Holding.objects.filter(Q(to_at=None) | Q(to_at__gt=from_at), post=post, staff=staff).exclude(pk=but)
    if (rows.filter(from_at__lt=to_at) if to_at else rows).exists():
        raise refuse(f"{staff.name} 这段时间已任此职", f"{staff.name} holds the post then already", code="twice")
