"""Who was in charge at a moment: by the plan, by the confirmed level, by handing over; and limits that were assumed."""

import random
from datetime import timedelta

import pytest

from shudao.respond.actions import confirm_level, finish_task, hand_over_role
from shudao.respond.models import RoleHolding
from shudao.respond.queries import in_charge_at
from tests.conftest import START
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


def lead(incident, minute: float) -> tuple[str, ...]:
    return next(
        (
            (row.post, *row.people)
            for row in in_charge_at(incident, START + timedelta(minutes=minute))
            if row.role == "lead"
        ),
        (),
    )


def test_the_plan_the_level_and_the_handing_over_say_who_led(incident, task, as_post, standing):
    finish_task(as_post("duty"), task("report"))
    standing.set(START + timedelta(minutes=10))
    confirm_level(as_post("leader"), incident, level="II")
    standing.set(START + timedelta(minutes=20))
    hand_over_role(as_post("leader"), incident, role="lead", post="deputy", note="回单位")
    standing.set(START + timedelta(minutes=30))
    hand_over_role(as_post("deputy"), incident, role="lead", post="head", person="赵敏之")
    assert [lead(incident, at) for at in (5, 10, 19.9, 20, 29.9, 30, 500)] == [
        ("head", "赵敏之"), ("leader", "周远"), ("leader", "周远"), ("deputy", "孙可"), ("deputy", "孙可"),
        ("head", "赵敏之"), ("head", "赵敏之"),
    ]  # fmt: skip


def test_at_every_moment_exactly_one_holds_a_role_whatever_the_order_of_handing_over(incident, as_post, standing):
    chance, minute, said = random.Random(7), 0, []
    posts = ["duty", "head", "deputy", "leader", "speaker"]
    for _ in range(25):
        minute += chance.randrange(1, 9)
        standing.set(START + timedelta(minutes=minute))
        post = chance.choice([row for row in posts if not said or row != said[-1][1]])
        hand_over_role(as_post("leader"), incident, role="recorder", post=post)
        said.append((minute, post))
    for at in range(said[0][0], minute + 10):
        expected = [post for since, post in said if since <= at][-1]
        moment = START + timedelta(minutes=at)
        found = [row.post for row in in_charge_at(incident, moment) if row.role == "recorder"]
        assert found == [expected]
    rows = list(RoleHolding.objects.filter(incident=incident, role="recorder"))
    assert [row.to_at for row in rows[:-1]] == [row.from_at for row in rows[1:]]


def test_the_page_answers_for_a_moment_and_refuses_one_that_cannot_be(standing):
    furnished(standing)
    room = f"/respond/incidents/{opened().number}/"
    client = signed_in("office_head")
    assert "当时牵头" in text_of(client.get(f"{room}charge/"))
    for asked in ("2001-01-01T00:00", "2999-01-01T00:00", "x", "2026-13-45T99:99"):
        page = client.get(f"{room}charge/", {"at": asked})
        assert page.status_code == 200 and "这个时刻查不到" in text_of(page)
    assert client.get("/respond/incidents/1999-0001/charge/").status_code == 404


def test_a_limit_over_unknown_holidays_is_marked_where_it_is_shown(standing):
    import msgspec

    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.plan.queries import edition_in_force
    from shudao.respond.actions import open_incident

    furnished(standing)
    plan = edition_in_force("power_county").plan
    first = next(step for step in plan.steps if step.id == "report_head")
    longer = msgspec.structs.replace(first, due=msgspec.structs.replace(first.due, within=900, clock="duty"))
    plan = msgspec.structs.replace(plan, steps=tuple(longer if step is first else step for step in plan.steps))
    row = open_incident(Actor(LIVE, "duty_officer"), plan, title="停电", origin="hotline")
    client = signed_in("duty_officer")
    for page in ("", "plan/"):
        assert "节假日为推定" in text_of(client.get(f"/respond/incidents/{row.number}/{page}"))
