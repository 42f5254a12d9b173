"""Demands of ordinary days: taken up, passed on, joined to an incident, answered, looked at again, found."""

from datetime import date, timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.ledger.queries import entries_of
from shudao.org.models import Deputy, Post
from shudao.respond.actions import (
    answer_demand,
    decline_demand,
    erase_contact,
    follow_up_demand,
    keep_contact,
    link_demand,
    pass_demand,
    receive_demand,
    tell_demand_late,
)
from shudao.respond.models import Demand, DemandContact
from shudao.respond.queries import counts_of_demands, find_demands, why_not_close_now
from tests.conftest import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(office, as_post):
    """Take one up: `take("…", owner="service")`."""

    def go(text="几时来水", **more):
        return receive_demand(as_post("duty"), **{"text": text, "owner": "service", "channel": "hotline", **more})

    return go


def site(verb):
    return [row["data"] for row in entries_of("site") if row["verb"] == verb]


def test_it_is_numbered_by_year_and_its_limit_says_where_it_comes_from(take):
    one, two = take(), take("水费多收了")
    assert (one.code, two.code) == ("D2026-0001", "D2026-0002")
    assert one.due_at == START + timedelta(days=3) and one.due_source == "assumed"
    own = take(due_at=START + timedelta(hours=1))
    assert own.due_at == START + timedelta(hours=1) and own.due_source == ""
    assert [row["demand"] for row in site("receive_demand")] == ["D2026-0001", "D2026-0002", "D2026-0003"]
    assert "几时来水" not in str(site("receive_demand"))


@pytest.mark.parametrize(
    ("more", "code"),
    [({"text": " "}, "text"), ({"owner": "nobody"}, "owner"), ({"channel": "pigeon"}, "channel"),
     ({"due_at": START}, "due")],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(take, refused, more, code):
    assert refused(take, **more) == code
    assert not Demand.objects.exists() and not site("receive_demand")


def test_numbers_that_lead_to_a_person_are_masked(take):
    demand = take("请回电 13800138000，几时来水")
    assert "13800138000" not in demand.text + demand.words and "几时来水" in demand.text


def test_only_owner_taker_and_deputies_end_it(take, as_post, refused):
    Deputy.objects.create(post=Post.objects.get(code="legal"), deputy=Post.objects.get(code="deputy"))
    demand = take(owner="legal")
    assert refused(answer_demand, as_post("speaker"), demand, text="办了") == "not_yours"
    answer_demand(as_post("deputy"), demand, text="办了", proof="工单 7")
    row = Demand.objects.get()
    assert (row.state, row.proof, row.answered_by) == ("answered", "工单 7", "deputy")
    assert refused(decline_demand, as_post("legal"), demand, reason="x") == "state"


def test_passing_on_keeps_the_limit_and_says_from_whom(take, as_post, refused):
    demand = take()
    assert refused(pass_demand, as_post("speaker"), demand, to="legal", reason="x") == "not_yours"
    assert refused(pass_demand, as_post("service"), demand, to="service", reason="x") == "owner"
    assert refused(pass_demand, as_post("service"), demand, to="legal", reason=" ") == "reason"
    passed = pass_demand(as_post("service"), demand, to="legal", reason="合同的事")
    move = passed.moves.get()
    assert (passed.owner, passed.due_at, move.from_post, move.to_post) == ("legal", demand.due_at, "service", "legal")


def test_joined_to_an_incident_it_stands_against_closing(take, incident, as_post, refused, standing, said):
    demand = take()
    linked = link_demand(as_post("duty"), demand, incident=incident)
    assert linked.stream == incident.stream and linked.code == demand.code
    assert refused(link_demand, as_post("duty"), demand, incident=incident) == "linked"
    assert [row["demand"] for row in said("add_demand")] == [demand.code]
    assert any(demand.code in row.subject for row in why_not_close_now(incident, standing.now()))
    answer_demand(as_post("service"), linked, text="今晚八时")
    assert [row["demand"] for row in said("answer_demand")] == [demand.code]
    assert not any(demand.code in row.subject for row in why_not_close_now(incident, standing.now()))


def test_an_answer_is_looked_at_again_once(take, as_post, refused):
    demand = take()
    assert refused(follow_up_demand, as_post("service"), demand, text="好了") == "state"
    answer_demand(as_post("service"), demand, text="换了阀门", follow_up_on=date(2026, 7, 20))
    follow_up_demand(as_post("service"), demand, text="未再停水")
    assert refused(follow_up_demand, as_post("service"), demand, text="又好了") == "state"


def test_late_it_is_told_once_to_owner_and_taker(take, as_post, standing, refused):
    from shudao.notify.queries import inbox

    demand = take()
    assert refused(tell_demand_late, as_post("duty"), demand) == "told"
    standing.advance(days=4)
    tell_demand_late(as_post("duty"), demand)
    assert refused(tell_demand_late, as_post("duty"), demand) == "told"
    for post in ("service", "duty"):
        assert "demand_late" in {row.kind for row in inbox(LIVE, [post])}


def test_a_contact_is_sealed_in_no_entry_and_erased_for_good(take, as_post, refused):
    demand = take(has_contact=True)
    assert refused(keep_contact, as_post("speaker"), demand, text="13800138000") == "not_yours"
    keep_contact(as_post("service"), demand, text="13800138000")
    row = DemandContact.objects.get()
    assert "13800138000" not in row.sealed and "13800138000" not in str(list(entries_of("site")))
    erase_contact(as_post("service"), demand)
    row.refresh_from_db()
    assert row.sealed == "" and row.erased_at and refused(erase_contact, as_post("service"), demand) == "none"


class TestFinding:
    def test_two_characters_are_enough_and_width_case_and_script_do_not_matter(self, take):
        take("WiFi 断网，路由器坏了")
        take("充電樁跳閘")
        for words, found in (("断网", 1), ("ＷＩＦＩ", 1), ("充电桩", 1), ("断网 充电", 0), ("", 2), ("没有", 0)):
            assert find_demands(LIVE, words=words).count() == found, words

    def test_states_owners_channels(self, take, as_post, standing):
        open_, done, gone = take(), take("水费"), take("水压", owner="legal", channel="mailbox")
        answer_demand(as_post("service"), done, text="已退", follow_up_on=date(2026, 7, 1))
        decline_demand(as_post("legal"), gone, reason="不属本单位")

        def codes(**asked):
            return {row.code for row in find_demands(LIVE, now=standing.now(), **asked)}

        assert codes(state="open") == {open_.code} and codes(state="look") == {done.code}
        assert codes(state="late") == set() and codes(channel="mailbox") == {gone.code}
        assert codes(owners=["legal"]) == {gone.code} and codes(owners=[]) == set()
        standing.advance(days=4)
        assert codes(state="late") == {open_.code}
        (service, *_) = [row for row in counts_of_demands(LIVE, standing.now()) if row["owner"] == "service"]
        assert {name: service[name] for name in ("open", "late", "answered", "in_time")} == {
            "open": 1, "late": 1, "answered": 1, "in_time": 1,
        }  # fmt: skip

    def test_a_demand_of_a_drill_is_not_found_in_the_real_world(self, take, run_scene):
        take()
        assert not find_demands(run_scene).exists()
