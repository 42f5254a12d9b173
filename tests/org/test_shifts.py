"""Shifts: rules roll on for ever, hands may change what comes, the past stays, gaps are said in words."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.respond.duty import Calendar
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.jobs import roll_shifts_ahead
from shudao.org.models import HandOver, Holding, Post, Shift, ShiftRule, ShiftSwap, Staff
from shudao.org.queries import who_holds
from shudao.org.queries.shifts import gaps_between, hand_overs_for, rules_run_dry, together
from shudao.org.rolling import days_of, minus, span_of, uncovered
from shudao.org.roster import load_roster
from shudao.org.templatetags.orgwords import gap_words, rule_words
from tests.org.test_org import SMALL

pytestmark = pytest.mark.django_db
HEAD = Actor(LIVE, "head", "丙")
MOMENTS = st.integers(0, 600).map(
    lambda minute: datetime(2026, 7, 1, tzinfo=timezone.get_default_timezone()) + timedelta(minutes=minute)
)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).filter(lambda pair: pair[0] < pair[1]), max_size=8)


@pytest.fixture
def office(duty):
    actions.set_up_organisation(duty, load_roster(SMALL.encode(), "small.yaml"))


def person(name):
    return Staff.objects.get(name=name)


def post(code="duty_officer"):
    return Post.objects.get(code=code)


def coming(name, now, nth=0):
    return Shift.objects.standing().filter(staff__name=name, start_at__gt=now)[nth]


def rows():
    return set(Shift.objects.standing().values_list("post__code", "staff__name", "start_at", "end_at"))


def test_after_a_year_there_are_still_shifts(office, standing):
    for _week in range(54):
        standing.advance(days=7)
        roll_shifts_ahead()
    assert who_holds("duty_officer", standing.now()) == [person("甲")]
    ahead = standing.now() + timedelta(days=35)
    assert Shift.objects.between(ahead - timedelta(days=2), ahead).exists() and not rules_run_dry(standing.now())


def test_rolling_twice_makes_nothing_twice_and_writes_no_second_entry(office, standing):
    standing.advance(days=20)
    roll_shifts_ahead()
    before, entries = rows(), len(list(entries_of("site")))
    roll_shifts_ahead()
    assert rows() == before and len(list(entries_of("site"))) == entries
    assert actions.roll_shifts(HEAD) == 0


def test_what_was_changed_by_hand_is_not_brought_back(office, standing):
    dropped, given_away = coming("乙", standing.now()), coming("乙", standing.now(), 1)
    actions.drop_shift(HEAD, dropped)
    actions.change_shift(HEAD, given_away, staff=person("丙"), start_at=given_away.start_at, end_at=given_away.end_at)
    before = rows()
    actions.roll_shifts(HEAD)
    assert rows() == before
    assert who_holds("duty_officer", given_away.start_at) == [person("丙")]


def test_a_rule_is_rolled_out_at_once_over_midnight_and_every_second_week(office, standing):
    rule = actions.add_shift_rule(
        HEAD, post=post("lawyer"), staff=person("丙"), weekdays="25", from_time=time(22), to_time=time(6),
        from_on=date(2026, 7, 14), every_weeks=2,
    )  # fmt: skip
    starts = [timezone.localtime(row.start_at) for row in rule.shifts.all()]
    assert [at.date() for at in starts][:4] == [
        date(2026, 7, 14),
        date(2026, 7, 17),
        date(2026, 7, 28),
        date(2026, 7, 31),
    ]
    assert all(row.end_at - row.start_at == timedelta(hours=8) for row in rule.shifts.all())
    assert rule_words(rule) == "周二、周五 22:00–次日 06:00 每 2 周一轮"


def test_a_rule_that_ends_takes_its_coming_shifts_along(office, standing):
    rule = ShiftRule.objects.get(staff__name="甲")
    kept = coming("甲", standing.now(), 3)
    actions.change_shift(HEAD, kept, staff=person("丙"), start_at=kept.start_at, end_at=kept.end_at)
    actions.end_shift_rule(HEAD, rule)
    assert not Shift.objects.standing().filter(staff__name="甲", start_at__gt=standing.now()).exists()
    assert Shift.objects.filter(pk=kept.pk).exists()
    actions.roll_shifts(HEAD)
    standing.advance(days=1)
    with pytest.raises(Refused):
        actions.end_shift_rule(HEAD, rule)


def test_a_night_that_has_begun_is_covered_by_a_rule_made_now(office, standing):
    standing.advance(hours=16)  # 02:00
    actions.add_shift_rule(
        HEAD, post=post("lawyer"), staff=person("丙"), weekdays="1234567", from_time=time(20), to_time=time(8),
        from_on=timezone.localdate(standing.now()) - timedelta(days=1),
    )  # fmt: skip
    assert who_holds("lawyer", standing.now()) == [person("丙")]


def test_who_was_on_duty_is_not_written_anew(office, standing):
    over = Shift.objects.filter(end_at__lt=standing.now()).first()
    for verb in (lambda: actions.drop_shift(HEAD, over),
                 lambda: actions.change_shift(HEAD, over, staff=person("丙"), start_at=over.start_at, end_at=over.end_at)):  # fmt: skip
        with pytest.raises(Refused):
            verb()
    past = standing.now() - timedelta(hours=5)
    with pytest.raises(Refused):
        actions.add_shift(HEAD, post=post(), staff=person("丙"), start_at=past, end_at=past + timedelta(hours=1))


def test_a_running_shift_is_handed_on_from_now(office, standing):
    running = Shift.objects.at(standing.now()).get()
    began, ends = running.start_at, running.end_at
    actions.change_shift(HEAD, running, staff=person("丙"), start_at=began, end_at=ends)
    assert who_holds("duty_officer", standing.now()) == [person("丙")]
    assert who_holds("duty_officer", standing.now() - timedelta(minutes=1)) == [person("甲")]
    assert who_holds("duty_officer", ends - timedelta(minutes=1)) == [person("丙")]


@pytest.mark.parametrize("hours", [0, -1, 100])
def test_a_shift_has_an_end_and_is_not_too_long(office, standing, hours):
    start, length = standing.now() + timedelta(hours=1), timedelta(hours=hours)
    with pytest.raises(Refused):
        actions.add_shift(HEAD, post=post(), staff=person("丙"), start_at=start, end_at=start + length)


def test_nobody_is_on_one_duty_twice(office, standing):
    there = coming("甲", standing.now())
    with pytest.raises(Refused):
        actions.add_shift(HEAD, post=post(), staff=person("甲"), start_at=there.start_at, end_at=there.end_at)


def test_a_swap_is_accepted_by_the_one_who_was_asked(office, standing):
    mine, his = coming("甲", standing.now()), coming("乙", standing.now(), 2)
    swap = actions.ask_swap(HEAD, mine, asker=person("甲"), asked=person("乙"), back=his, reason="出差")
    assert "出差" not in str(list(entries_of("site"))[-1])
    with pytest.raises(Refused):
        actions.accept_swap(HEAD, swap, by=person("甲"))
    actions.accept_swap(HEAD, swap, by=person("乙"))
    assert Shift.objects.get(pk=mine.pk).staff == person("乙") and Shift.objects.get(pk=his.pk).staff == person("甲")
    with pytest.raises(Refused):
        actions.approve_swap(HEAD, swap)
    before = rows()
    actions.roll_shifts(HEAD)
    assert rows() == before


def test_a_head_settles_a_swap_and_the_asker_may_withdraw_it(office, standing):
    one, other = coming("甲", standing.now()), coming("甲", standing.now(), 1)
    actions.approve_swap(HEAD, actions.ask_swap(HEAD, one, asker=person("甲"), asked=person("丙")))
    assert Shift.objects.get(pk=one.pk).staff == person("丙")
    swap = actions.ask_swap(HEAD, other, asker=person("甲"), asked=person("丙"))
    with pytest.raises(Refused, match="已在申请"):
        actions.ask_swap(HEAD, other, asker=person("甲"), asked=person("乙"))
    with pytest.raises(Refused):
        actions.withdraw_swap(HEAD, swap, by=person("丙"))
    actions.withdraw_swap(HEAD, swap, by=person("甲"))
    again = actions.ask_swap(HEAD, other, asker=person("甲"), asked=person("乙"))
    actions.decline_swap(HEAD, again)
    assert Shift.objects.get(pk=other.pk).staff == person("甲")


def test_what_cannot_be_swapped(office, standing):
    mine, his = coming("甲", standing.now()), coming("乙", standing.now())
    over = Shift.objects.filter(staff__name="甲", end_at__lt=standing.now()).first()
    wrong = [
        {"shift": his, "asked": person("乙")}, {"shift": mine, "asked": person("甲")}, {"shift": over, "asked": person("乙")},
        {"shift": mine, "asked": person("丙"), "back": his},
    ]  # fmt: skip
    for given_ in wrong:
        with pytest.raises(Refused):
            actions.ask_swap(HEAD, given_.pop("shift"), asker=person("甲"), **given_)
    assert not ShiftSwap.objects.exists()


def test_a_shift_that_goes_away_takes_its_swap_along(office, standing):
    mine = coming("甲", standing.now())
    swap = actions.ask_swap(HEAD, mine, asker=person("甲"), asked=person("乙"))
    actions.drop_shift(HEAD, mine)
    swap.refresh_from_db()
    assert swap.state == ShiftSwap.State.WITHDRAWN


def test_the_note_of_who_leaves_waits_for_who_comes(office, standing):
    with pytest.raises(Refused):
        actions.write_hand_over(HEAD, post=post(), writer=person("丙"), text="不在班")
    with pytest.raises(Refused):
        actions.write_hand_over(HEAD, post=post(), writer=person("甲"), text="  ")
    note = actions.write_hand_over(HEAD, post=post(), writer=person("甲"), text="等调度回电")
    assert "调度" not in str(list(entries_of("site"))[-1])
    now = standing.now()
    assert hand_overs_for(person("乙"), now) == [] and hand_overs_for(person("甲"), now) == []
    standing.advance(hours=9)  # 19:00, an hour before his shift
    assert hand_overs_for(person("乙"), standing.now()) == [note]
    with pytest.raises(Refused):
        actions.acknowledge_hand_over(HEAD, note, reader=person("甲"))
    actions.acknowledge_hand_over(HEAD, note, reader=person("乙"))
    assert hand_overs_for(person("乙"), standing.now()) == [] and HandOver.objects.get().reader == person("乙")
    with pytest.raises(Refused):
        actions.acknowledge_hand_over(HEAD, note, reader=person("丙"))


def test_gaps_are_said_in_words(office, standing):
    now = standing.now()
    found = gaps_between(now, now + timedelta(days=7))
    vacant = [gap for gap in found if gap.post.code == "lawyer"]
    assert len(vacant) == 1 and vacant[0].holders == ()
    weekend = [gap for gap in found if gap.post.code == "duty_officer"]
    assert [gap_words(gap) for gap in weekend] == ["7月18日 08:00–20:00 值班员", "7月19日 08:00–20:00 值班员"]
    assert weekend[0].holders == ("甲",)
    Holding.objects.filter(post__code="duty_officer").update(to_at=now)
    month = together(gap for gap in gaps_between(now, now + timedelta(days=35)) if gap.post.code == "duty_officer")
    assert sum(len(same) for _gap, same in month) == 10 and all(not gap.holders for gap, _same in month)
    assert [gap_words(*line) for line in month] == ["7月18日至8月16日 共 10 次 08:00–20:00 值班员"]


def test_gaps_know_holidays(office, standing):
    actions.end_shift_rule(HEAD, ShiftRule.objects.get(staff__name="甲"))
    actions.add_shift_rule(
        HEAD,
        post=post(),
        staff=person("甲"),
        days="workdays",
        from_time=time(8),
        to_time=time(20),
        from_on=date(2026, 7, 14),
    )
    table = [(date(2026, 7, 15), "holiday", "试放"), (date(2026, 7, 18), "workday", "试补")]
    actions.put_holidays(HEAD, table)
    found = gaps_between(standing.now() + timedelta(days=1), standing.now() + timedelta(days=6))
    days = [gap_words(gap) for gap in found if gap.post.code == "duty_officer"]
    assert "7月15日 08:00–20:00 值班员" in days and not any(text.startswith("7月18日") for text in days)
    actions.put_holidays(HEAD, [(date(2026, 10, 1), "holiday", "国庆节")])
    again = gaps_between(standing.now() + timedelta(days=1), standing.now() + timedelta(days=6))
    texts = [gap_words(gap) for gap in again if gap.post.code == "duty_officer"]
    assert any(text.startswith("7月18日") for text in texts) and not any(text.startswith("7月15日") for text in texts)


@given(SPANS, MOMENTS, MOMENTS)
def test_a_minute_is_either_covered_or_a_gap(spans, one, other):
    start, end = min(one, other), max(one, other)
    gaps = uncovered(spans, start, end)
    for minute in range(0, int((end - start).total_seconds() // 60), 7):
        at = start + timedelta(minutes=minute)
        covered = any(begins <= at < ends for begins, ends in spans)
        assert covered is not any(begins <= at < ends for begins, ends in gaps)
    assert minus(gaps, spans) == gaps and all(begins < ends for begins, ends in gaps)


class Rule:
    def __init__(self, **given_):
        self.__dict__ |= {"days": "weekdays", "weekdays": "", "every_weeks": 1, "from_time": time(8), "to_time": time(20),
                          "from_on": date(2026, 1, 1), "to_on": None, **given_}  # fmt: skip


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.integers(0, 60),
    st.sets(st.sampled_from("1234567")),
    st.integers(1, 5),
)
def test_a_rule_falls_on_its_days_alone(first, length, weekdays, every):
    rule, last = (
        Rule(weekdays="".join(weekdays), every_weeks=every, to_on=date(2026, 11, 1)),
        first + timedelta(days=length),
    )
    found = list(days_of(rule, first, last, Calendar()))
    assert found == sorted(set(found)) and all(first <= on <= min(last, rule.to_on) for on in found)
    assert {str(on.isoweekday()) for on in found} <= weekdays
    if every == 1 and length >= 7 and last <= rule.to_on:
        assert {str(on.isoweekday()) for on in found} == weekdays


def test_working_days_and_days_off_share_the_calendar():
    calendar = Calendar(frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}), frozenset({2026}))
    first, last = date(2026, 9, 28), date(2026, 10, 11)
    work = list(days_of(Rule(days="workdays"), first, last, calendar))
    off = list(days_of(Rule(days="days_off"), first, last, calendar))
    assert date(2026, 10, 10) in work and date(2026, 10, 1) in off and len(work) + len(off) == 14


def test_a_shift_lasts_to_the_next_day_when_it_ends_no_later_than_it_began():
    for end, hours in ((time(8), 24), (time(7), 23), (time(9), 1)):
        begins, ends = span_of(date(2026, 7, 1), time(8), end)
        assert ends - begins == timedelta(hours=hours)
