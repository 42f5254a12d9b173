"""Before a holiday of the table a test of everybody is proposed by itself, once; a test in these days makes it needless."""

from datetime import date, timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.notify import actions, jobs
from shudao.notify.models import Message
from shudao.notify.proposals import coming_holiday, proposed_test, unproposed_test
from shudao.org.models import Holiday
from tests.site import acting, furnished, signed_in, text_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 7, 13)
"""The day on which these tests begin."""


def off(*days, name="水节"):
    Holiday.objects.bulk_create(Holiday(on=MONDAY + timedelta(days=day), kind="holiday", name=name) for day in days)


@pytest.fixture
def site(standing):
    Holiday.objects.all().delete()
    furnished(standing)
    return standing


def test_a_long_weekend_of_the_table_is_seen_four_days_before(site):
    off(4)
    found = coming_holiday(site.now())
    assert (found.first, found.last, found.days, found.name) == (date(2026, 7, 17), date(2026, 7, 19), 3, "水节")


@pytest.mark.parametrize("days", [(), (2,), (9, 10, 11)])
def test_an_ordinary_weekend_a_single_day_and_a_far_holiday_are_none(site, days):
    off(*days)
    assert coming_holiday(site.now()) is None


def test_a_make_up_workday_shortens_it(site):
    off(4)
    Holiday.objects.create(on=MONDAY + timedelta(days=5), kind="workday")
    assert coming_holiday(site.now()) is None


def test_whoever_may_start_one_is_told_once_and_the_page_says_so(site):
    off(4)
    jobs.propose_reach_tests()
    told = Message.objects.filter(matter="reach_due/2026-07-17")
    assert told.exists() and "水节将至，连休 3 天" in told[0].text
    assert Entry.objects.filter(verb="propose_reach_test").count() == 1
    jobs.propose_reach_tests()
    assert Entry.objects.filter(verb="propose_reach_test").count() == 1
    with pytest.raises(Refused):
        actions.propose_reach_test(Actor(LIVE, "system"))
    client = signed_in(told[0].post)
    assert "水节将至" in text_of(client.get("/notify/reach/"))
    assert "水节前联通测试" in text_of(client.get("/notify/reach/start_reach_test/"))
    assert "/notify/reach/start_reach_test/" in text_of(client.get("/notify/inbox/"))


def test_a_test_in_these_days_makes_it_needless(site):
    off(4)
    assert proposed_test(site.now()) and unproposed_test(site.now())
    actions.start_reach_test(acting("duty_officer"), reason="节前", within=timedelta(minutes=30))
    assert proposed_test(site.now()) is None and unproposed_test(site.now()) is None
    jobs.propose_reach_tests()
    assert not Message.objects.filter(matter__startswith="reach_due").exists()
