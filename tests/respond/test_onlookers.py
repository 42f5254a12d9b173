"""Whoever only looks on shares one rendering of the room; what is his own in it stays his own."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.queries import last_place
from shudao.ledger.verbs import Actor
from shudao.org.models import Holding, Post, PostRight, Right, Staff, Unit
from shudao.respond.actions import add_demand, add_fact, confirm_level
from shudao.respond.actions.grade import may_confirm
from shudao.respond.models import Demand
from shudao.respond.views import onlookers
from tests.site import acting, furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PART = {"HX-Request": "true", "HX-Target": "room"}


@pytest.fixture
def room(standing):
    """Address of a room with something of everything, and its incident."""
    furnished(standing)
    incident = opened("城南片区停电")
    level = incident.plan.levels[0].code
    head = next(post.id for post in incident.plan.posts if may_confirm(incident.plan, post.id, level))
    confirm_level(Actor(LIVE, head), incident, level=level, clause="1", reason="户数")
    add_fact(acting("duty_officer"), incident, text="抢修队已到场", status="known")
    add_demand(acting("duty_officer"), incident, text="几点来电", owner="service_head")
    onlookers._kept.clear()
    return f"/respond/incidents/{incident.number}/", incident


@pytest.fixture
def made(monkeypatch):
    """How many renderings were made."""
    inner, found = onlookers._rendered, []
    monkeypatch.setattr(onlookers, "_rendered", lambda *given: found.append(1) or inner(*given))
    return found


def looking_on(name):
    """A person of a post that no plan knows, with the right to look at everything."""
    post = Post.objects.create(code=name, name=f"观察席{name}", unit=Unit.objects.first())
    PostRight.objects.create(post=post, right=Right.WATCH)
    staff = Staff.objects.create(user=get_user_model().objects.create_user(username=name), name=name)
    Holding.objects.create(post=post, staff=staff, from_at=clock.now(LIVE) - timedelta(days=1))
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.user)
    return client


def part(client, address):
    page = client.get(address, headers=PART)
    assert page.status_code == 200
    return text_of(page)


def token(text):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)


def without_tokens(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("headers", [PART, {}], ids=["live part", "whole page"])
def test_it_says_to_the_letter_what_a_page_of_ones_own_says(room, monkeypatch, made, headers):
    seat = looking_on("seat1")
    shared = text_of(seat.get(room[0], headers=headers))
    assert len(made) == 1
    monkeypatch.setattr("shudao.respond.views.room.room_for_onlookers", lambda *_: None)
    own = text_of(seat.get(room[0], headers=headers))
    assert without_tokens(shared) == without_tokens(own)
    assert onlookers.POST not in shared and onlookers.TOKEN not in shared


def test_many_are_answered_with_one_rendering_until_something_moves(room, made):
    people = [looking_on(f"seat{n}") for n in range(5)]
    for one in people:
        part(one, room[0])
    assert len(made) == 1
    add_fact(acting("duty_officer"), room[1], text="已送电一半", status="known")
    assert all("已送电一半" in part(one, room[0]) for one in people) and len(made) == 2


def test_who_was_told_of_less_than_the_rendering_holds_gets_that_one(room, made):
    seat, told = looking_on("seat1"), {**PART, "Shudao-Place": str(last_place())}
    part(seat, room[0])
    add_fact(acting("duty_officer"), room[1], text="已送电一半", status="known")
    assert "已送电一半" not in text_of(seat.get(room[0], headers=told)) and len(made) == 1
    told["Shudao-Place"] = str(last_place())
    assert "已送电一半" in text_of(seat.get(room[0], headers=told)) and len(made) == 2


@pytest.mark.parametrize("said", ["", "-1", "x", "²", "9" * 40])
def test_what_no_page_says_it_was_told_counts_for_nothing(room, made, said):
    seat = looking_on("seat1")
    part(seat, room[0])
    add_fact(acting("duty_officer"), room[1], text="已送电一半", status="known")
    assert "已送电一半" in text_of(seat.get(room[0], headers={**PART, "Shudao-Place": said}))


def test_a_rendering_too_old_is_made_again_whatever_one_was_told(room, made, monkeypatch):
    seat, told = looking_on("seat1"), {**PART, "Shudao-Place": "0"}
    part(seat, room[0])
    monkeypatch.setattr(onlookers, "LASTS", -1.0)
    seat.get(room[0], headers=told)
    assert len(made) == 2


def test_each_gets_his_own_token_and_acts_in_his_own_post(room):
    first, second = looking_on("seat1"), looking_on("seat2")
    part(first, room[0])
    text = part(second, room[0])
    assert "seat2" in text and "seat1" not in text
    given = {"csrfmiddlewaretoken": token(text), "post": "seat2", "text": "路口有人聚集", "status": "not_known"}
    assert second.post(f"{room[0]}add_fact/", given).status_code == 302
    stolen = {**given, "csrfmiddlewaretoken": token(part(first, room[0]))}
    assert second.post(f"{room[0]}add_fact/", stolen).status_code == 403


def test_whoever_acts_or_may_act_gets_a_page_of_his_own(room, made):
    part(signed_in("duty_officer"), room[0])
    assert made == []
    seat = looking_on("seat1")
    part(seat, room[0])
    add_fact(Actor(LIVE, "seat1"), room[1], text="我看到了", status="known")
    part(seat, room[0])
    assert len(made) == 1


def test_a_post_that_a_demand_was_given_to_sees_its_button(room):
    seat = looking_on("seat1")
    assert "answer_demand/?demand" not in part(seat, room[0])
    Demand.objects.update(owner="seat1")
    add_fact(acting("duty_officer"), room[1], text="转给观察席", status="known")
    assert "answer_demand/?demand" in part(seat, room[0])


def test_another_view_of_the_room_is_never_shared(room, made):
    looking_on("seat1").get(f"{room[0]}?all=1", headers=PART)
    assert made == []


def test_each_language_has_its_own(room):
    seat = looking_on("seat1")
    assert "抢修" in part(seat, room[0]) and "任务" in part(seat, room[0])
    english = text_of(seat.get(room[0], headers={**PART, "Accept-Language": "en"}))
    assert "Tasks" in english
