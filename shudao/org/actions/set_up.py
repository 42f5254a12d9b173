"""Setting up the organisation from one roster."""

from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb
from shudao.org.actions.shifts import roll
from shudao.org.models import (
    Correction,
    Deputy,
    Holding,
    Observer,
    Organisation,
    Outlet,
    OwnAccount,
    Post,
    PostRight,
    Right,
    ShiftRule,
    Staff,
    Unit,
)
from shudao.org.roster import Roster


@verb(zh="建立组织", en="set up organisation")
def set_up_organisation(act: Act, roster: Roster, *, is_sample: bool = False) -> Organisation:
    """Units, posts, deputies, staff, shifts and registers from one roster. Refused when one stands already."""
    if Organisation.objects.exists():
        raise refuse("组织已经建立", "the organisation is set up already", code="exists")
    row = Organisation.objects.create(
        name=roster.name, parent=roster.parent, plan_kind=roster.plan, is_sample=is_sample
    )
    units = _make_units(roster)
    posts = _make_posts(roster, units)
    _make_rights(roster, posts)
    staff = _make_staff(roster)
    _make_deputies(roster, posts)
    _make_holdings(roster, posts, staff)
    _make_shifts(roster, posts, staff, act.now)
    _make_registers(roster, units)
    act.note(units=len(units), posts=len(posts), staff=len(staff), organisation=roster.name)
    return row


def _make_units(roster: Roster) -> dict[str, Unit]:
    units = {u.code: Unit.objects.create(code=u.code, name=u.name, kind=u.kind) for u in roster.units}
    for unit in roster.units:
        if unit.parent:
            Unit.objects.filter(code=unit.code).update(parent=units[unit.parent])
    return units


def _make_posts(roster: Roster, units: dict[str, Unit]) -> dict[str, Post]:
    on_duty = {row.post for row in roster.shifts}
    return {
        row.code: Post.objects.create(
            code=row.code, name=row.name, unit=units[row.unit], is_all_hours=row.code in on_duty
        )
        for row in roster.posts
    }


def _make_rights(roster: Roster, posts: dict[str, Post]) -> None:
    for row in roster.posts:
        PostRight.objects.bulk_create(PostRight(post=posts[row.code], right=Right(right)) for right in row.rights)


def _make_staff(roster: Roster) -> dict[str, Staff]:
    make_user = get_user_model().objects.create_user
    return {
        row.id: Staff.objects.create(user=make_user(username=row.id), name=row.name, is_administrator=row.administrator)
        for row in roster.staff
    }


def _make_deputies(roster: Roster, posts: dict[str, Post]) -> None:
    for post in roster.posts:
        for order, deputy in enumerate(post.deputies, 1):
            Deputy.objects.create(post=posts[post.code], deputy=posts[deputy], order=order)


def _make_holdings(roster: Roster, posts: dict[str, Post], staff: dict[str, Staff]) -> None:
    zone = timezone.get_default_timezone()
    for row in roster.holdings:
        start = datetime.combine(row.from_, time(), zone)
        Holding.objects.create(post=posts[row.post], staff=staff[row.staff], from_at=start)


def _make_shifts(roster: Roster, posts: dict[str, Post], staff: dict[str, Staff], now: datetime) -> None:
    """The rules, their shifts of the week before, and those ahead."""
    first = timezone.localdate(now) - timedelta(days=7)
    rules = [
        ShiftRule.objects.create(
            post=posts[row.post], staff=staff[row.staff], weekdays="".join(str(n) for n in sorted(row.weekdays)),
            from_time=time.fromisoformat(row.from_), to_time=time.fromisoformat(row.to), from_on=first,
        )
        for row in roster.shifts
    ]  # fmt: skip
    roll(rules, now, since=first)


def _make_registers(roster: Roster, units: dict[str, Unit]) -> None:
    registers = roster.registers
    for account in registers.own_accounts:
        OwnAccount.objects.create(platform=account.platform, name=account.name, channel=account.channel)
    for person in registers.observers:
        Observer.objects.create(
            name=person.name, unit=units[person.unit], since=person.since, trained_on=person.trained_on
        )
    for outlet in registers.outlets:
        row = Outlet.objects.create(name=outlet.name, kind=outlet.kind, tier=outlet.tier)
        for asked in outlet.corrections:
            told = {"claim": asked.claim, "evidence": asked.evidence, "reply": asked.reply}
            told["outcome"] = Correction.Outcome.EXPLAINED if asked.reply else Correction.Outcome.OPEN
            Correction.objects.create(outlet=row, asked_on=asked.on, review_on=asked.review_on, **told)
