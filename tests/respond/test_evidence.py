"""A proposed level shows every criterion with its values and where each comes from; changing a level needs its reason."""

import pytest

from shudao.respond.actions import add_fact, attach_items, confirm_level, propose_level
from shudao.respond.models import Fact
from shudao.respond.queries.measuring import measured
from shudao.respond.screens import RoomScreen
from tests.respond.items import hear
from tests.site import acting, furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


def values(incident):
    """(measure, value, what it rests on, place) of every criterion."""
    rows = RoomScreen(incident, {"head": "主任"}).criteria
    return {
        (one.name.zh, getattr(one.value, "zh", one.value), getattr(one.basis, "zh", one.basis), one.place, one.by)
        for row in rows
        for one in row.values
    }


def test_every_criterion_is_shown_held_or_not(incident, as_post):
    propose_level(as_post("duty"), incident, facts={"posts_1h": 25})
    screen = RoomScreen(incident, {})
    assert [(row.clause, row.holds) for row in screen.criteria] == [("3.1", None), ("3.2", True)]
    assert [row.clause for row in screen.evidence] == ["3.2"] and [row.clause for row in screen.others] == ["3.1"]
    assert [words.en for words in screen.missing] == ["people are said to be hurt or ill"]


def test_a_value_says_who_stated_it_and_upon_which_fact(incident, as_post):
    add_fact(as_post("duty"), incident, status="known", text="两人烫伤送医")
    fact = Fact.objects.get()
    propose_level(as_post("duty"), incident, facts={"harm": True}, bases={"harm": f"fact:{fact.pk}"})
    assert ("有人员受伤或健康受损的说法", "是", "两人烫伤送医", f"#fact-{fact.pk}", "duty") in values(incident)


def test_a_value_that_did_not_change_keeps_where_it_came_from(incident, as_post):
    propose_level(as_post("duty"), incident, facts={"posts_1h": 3}, bases={"posts_1h": "posts"})
    propose_level(as_post("head"), incident, facts={"posts_1h": 3, "harm": False})
    rows = {row[0]: row for row in values(incident)}
    assert rows["一小时内的信息条数"][2:] == ("数自关联信息", "#posts", "duty")
    assert rows["有人员受伤或健康受损的说法"][4] == "head"
    propose_level(as_post("head"), incident, facts={"posts_1h": 9})
    assert {row[0]: row for row in values(incident)}["一小时内的信息条数"][4] == "head"


def test_what_can_be_counted_is_counted_from_the_attached_posts(standing):
    furnished(standing)
    row = opened()
    assert measured(row, standing.now()) == {}
    attach_items(acting("duty_officer"), row, hear("甲", "乙", "丙"))
    found = measured(row, standing.now())
    assert (found["posts_total"], found["posts_1h"], found["sources"], found["duration_h"]) == (3, 3, 1, 0)
    assert "media_tier" not in found and "harm" not in found


def test_changing_a_level_without_a_proposal_needs_a_reason(incident, as_post, refused):
    confirm_level(as_post("head"), incident, level="II")
    assert refused(confirm_level, as_post("head"), incident, level="III") == "reason"
    assert confirm_level(as_post("head"), incident, level="III", reason="已恢复供水").level == "III"
    assert confirm_level(as_post("leader"), incident, level="I", reason="影响医院").level == "I"


def test_the_room_shows_the_evidence_and_calls_the_scale_the_offices_own(standing):
    furnished(standing)
    row = opened()
    room = f"/respond/incidents/{row.number}/"
    officer = signed_in("duty_officer")
    officer.post(f"{room}add_fact/", {"status": "known", "text": "一人触电轻伤", "post": "duty_officer"})
    fact = Fact.objects.get()
    form = text_of(officer.get(f"{room}propose_level/"))
    assert "依据的事实" in form and "一人触电轻伤" in form
    given = {"harm": "yes", "basis_harm": f"fact:{fact.pk}", "post": "duty_officer"}
    assert officer.post(f"{room}propose_level/", given).status_code == 302
    page = text_of(officer.get(room))
    assert f'href="#fact-{fact.pk}"' in page and f'id="fact-{fact.pk}"' in page
    assert "本单位自定的级别，不是法定突发事件等级" in page and ">自定</i>" in page
