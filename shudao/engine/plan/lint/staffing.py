"""PL06, PL07, PL09, PL10, PL15, PL19 as far as they ask about people: with a roster; without one "not checked"."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import log
from statistics import NormalDist

from shudao.engine.plan.lint.finding import Finding, error, not_checked, quoted, warning
from shudao.engine.plan.lint.references import OWNER
from shudao.engine.plan.lint.roster import Roster
from shudao.engine.plan.lint.view import View
from shudao.engine.plan.model import Ladder
from shudao.engine.words import Words

AHEAD = 35
"""Days ahead that shifts are looked at (PL09)."""

TARGET = 0.9
"""Chance that somebody answers in time, wanted of every must step (PL15)."""

ON_SHIFT = (0.99, 2.0, 6.0)
OFF_SHIFT = (0.75, 8.0, 30.0)
"""(reach chance, median, p90 minutes to answer), assumed: research response.md §6, duty officer and night leader."""

ANY_WEEK = date(2001, 1, 1)
"""A Monday to look at weekly shifts when no day is given."""

_Z90 = 1.2816


def unchecked() -> Iterator[Finding]:
    """One line for each rule that would need a roster."""
    rows = (
        ("PL06", "必做动作的岗位有没有人", "whether the posts of must steps are held"),
        ("PL07", "一人兼岗是否过多", "whether one person covers too many posts"),
        ("PL09", "未来 35 天值班有无空档", "gaps in the next 35 days of duty"),
        ("PL10", "联系方式是否齐全、试过", "whether contacts are complete and tried"),
        ("PL15", "最坏一小时的应答把握", "the chance of an answer in the worst hour"),
        ("PL19", "各时段有无人有权定级", "whether somebody may grade at every hour"),
    )
    for rule, zh, en in rows:
        yield not_checked(rule, Words(f"未检查：{zh}（没有花名册）", f"not checked: {en} (no roster)"))


def pl06_holders(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """Every post that owns a must step is held."""
    for step in view.plan.steps:
        if step.must and step.owner in view.posts and not roster.holders_of(step.owner, today):
            name = view.posts[step.owner].name
            said = Words(f"“{name}”没有人，却负责{quoted(step)}", f"nobody holds “{name}”, which owns {quoted(step)}")
            yield error("PL06", f"post {step.owner}", said, Words("落实到人", "appoint somebody"), step.clause)


def pl07_load(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """Nobody covers three posts of one response; no deputy is the same person as the post."""
    covers: dict[str, set[str]] = {}
    for post_id in view.posts:
        for staff in roster.holders_of(post_id, today):
            covers.setdefault(staff, set()).add(post_id)
    for staff, posts in sorted(covers.items()):
        if len(posts) >= 3:
            names = "、".join(view.posts[post].name for post in sorted(posts))
            said = Words(
                f"一人（{staff}）兼 {len(posts)} 个岗位：{names}",
                f"one person ({staff}) covers {len(posts)} posts: {names}",
            )
            yield warning("PL07", f"staff {staff}", said, Words("分给别人", "share them out"))
    for post in view.plan.posts:
        own = roster.holders_of(post.id, today)
        for deputy in post.deputies:
            if len(own) == 1 and own == roster.holders_of(deputy, today):
                said = Words(f"“{post.name}”与其副岗是同一人", f"“{post.name}” and its deputy are one person")
                yield warning("PL07", f"post {post.id}: deputies", said, Words("副岗换人", "appoint another deputy"))


def pl09_gaps(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """A post with duty at all hours is on shift at every hour of the next 35 days."""
    first = today or ANY_WEEK
    begin = datetime.combine(first, datetime.min.time())
    end = begin + timedelta(days=AHEAD)
    for post in view.plan.posts:
        if not post.all_hours:
            continue
        covered = begin
        for start, stop in roster.spans(post.id, first, AHEAD):
            if start > covered:
                break
            covered = max(covered, stop)
        if covered < end:
            when = (
                covered.strftime("%Y-%m-%d %H:%M")
                if today
                else covered.strftime("%H:%M") + f" (周{covered.isoweekday()})"
            )
            said = Words(
                f"“{post.name}”应全天值班，从 {when} 起无人",
                f"“{post.name}” is to be on duty at all hours; nobody from {when}",
            )
            yield error("PL09", f"post {post.id}", said, Words("补上班次（含节假日）", "fill the shift, holidays too"))


def pl10_contacts(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """Holders are reached by two channels at least, tried not long ago."""
    if roster.contacts is None:
        yield not_checked("PL10", Words("未检查：花名册里没有联系方式", "not checked: the roster has no contacts"))
        return
    contacts = {row.staff: row for row in roster.contacts}
    test_days = min((row.test_days for row in view.plan.channels if row.test_days), default=None)
    for staff in sorted({name for post in view.posts for name in roster.holders_of(post, today)}):
        row = contacts.get(staff)
        if row is None or not row.channels:
            said = Words(f"{staff} 没有联系方式", f"{staff} has no contact")
        elif len(row.channels) == 1:
            said = Words(f"{staff} 只有一种联系方式", f"{staff} can be reached in one way only")
        elif today and test_days and (row.tested_on is None or (today - row.tested_on).days > test_days):
            said = Words(
                f"{staff} 的联系方式超过 {test_days} 天没有试过",
                f"the contact of {staff} was not tried for {test_days} days",
            )
        else:
            continue
        yield warning("PL10", f"staff {staff}", said, Words("补齐并试呼", "complete it and try it"))


def pl15_answer(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """In the worst hour of the week a must step is still answered in time, by the closed form and assumed times."""
    told: set[tuple[str, str, int]] = set()
    hours = _hours(view, roster, today)
    for step in view.plan.steps:
        ladder = view.ladders.get(step.ladder or "")
        if not step.must or step.ack_within is None or ladder is None:
            continue
        key = (step.owner, ladder.id, step.ack_within)
        if key in told:
            continue
        told.add(key)
        chance, hour = min((_chance(*key[::2], ladder, on, roster, today), hour) for hour, on in hours.items())
        if chance < TARGET:
            when = f"周{hour // 24 + 1} {hour % 24:02d}:00"
            said = Words(
                f"{quoted(step)}：最坏时段（{when}）{step.ack_within} 分钟内有人应答的把握约 {chance:.0%}（按假定应答时间）",
                f"{quoted(step)}: in the worst hour (day {hour // 24 + 1}, {hour % 24:02d}:00) {chance:.0%} answer (assumed)",
            )
            mend = Words("加副岗，或缩短各级间隔", "add a deputy, or shorten the rungs")
            yield warning("PL15", f"step {step.id}: ladder", said, mend, step.clause)


def _hours(view: View, roster: Roster, today: date | None) -> dict[int, frozenset[str]]:
    """Hour of the week -> posts on shift then."""
    first = today or ANY_WEEK
    first -= timedelta(days=first.isoweekday() - 1)
    spans = {post: roster.spans(post, first, 7) for post in view.posts}
    hours = {}
    for hour in range(168):
        moment = datetime.combine(first, datetime.min.time()) + timedelta(hours=hour, minutes=30)
        hours[hour] = frozenset(post for post, rows in spans.items() if any(a <= moment < b for a, b in rows))
    return hours


def _chance(owner: str, within: int, ladder: Ladder, on: frozenset[str], roster: Roster, today: date | None) -> float:
    """1 − Π(1 − pᵢ·Fᵢ(D − tᵢ)) over the posts of the rungs."""
    silent = 1.0
    called: set[str] = set()
    for rung in ladder.rungs:
        for name in rung.posts:
            post = owner if name == OWNER else name
            left = within - rung.after_min
            if post in called or left <= 0 or not (roster.holders_of(post, today) or post in on):
                continue
            called.add(post)
            reach, median, p90 = ON_SHIFT if post in on else OFF_SHIFT
            spread = log(p90 / median) / _Z90
            silent *= 1 - reach * NormalDist().cdf(log(left / median) / spread)
    return 1 - silent


def pl19_hours(view: View, roster: Roster, today: date | None) -> Iterator[Finding]:
    """Somebody with authority for each level is appointed, and on shift or on call at every hour."""
    severity = view.plan.severity
    if severity is None:
        return
    for place, level in enumerate(view.plan.levels):
        posts = [
            name for name in severity.confirm_by
            if name in view.posts and view.rank.get(view.posts[name].authority.grade_max or "", 99) <= place
        ]  # fmt: skip
        if posts and not any(roster.holders_of(post, today) for post in posts):
            said = Words(
                f"有权确认级别 {level.code} 的岗位都没有人", f"nobody holds a post that may confirm level {level.code}"
            )
            yield error("PL19", "severity: confirm_by", said, Words("落实到人", "appoint somebody"))
