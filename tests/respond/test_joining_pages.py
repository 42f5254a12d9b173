"""The pages of a change of plan, of links and of mergers: what is seen before it is signed, and how a refusal reads."""

import msgspec
import pytest

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.plan.load import plan_digest, plan_json
from shudao.plan.models import Edition
from shudao.plan.queries import edition_in_force
from shudao.respond.actions import add_demand
from shudao.respond.models import Incident, Merger, PlanChange
from tests.site import acting, furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(standing):
    furnished(standing)
    return f"/respond/incidents/{opened().number}/"


@pytest.fixture
def newer(room):
    """A second signed edition: the first step has less time, one step that may be left is gone."""
    row = edition_in_force("power_county")
    plan = row.plan
    first = next(step for step in plan.steps if step.id == "report_head")
    shorter = msgspec.structs.replace(first, due=msgspec.structs.replace(first.due, within=7))
    needed = {name for step in plan.steps for name in (*step.after, *step.after_any)}
    gone = next((step.id for step in plan.steps if not step.must and step.id not in needed), "")
    steps = tuple(shorter if step is first else step for step in plan.steps if step.id != gone)
    plan = msgspec.structs.replace(plan, version="second", steps=steps)
    return Edition.objects.create(
        code=row.code, version="second", title=row.title, kind=row.kind, state="signed", digest=plan_digest(plan),
        data=plan_json(plan).decode(), adopted_at=clock.now(LIVE), signed_at=clock.now(LIVE), signed_by="office_head",
    )  # fmt: skip


def test_without_another_edition_the_page_says_so(room):
    page = signed_in("office_head").get(f"{room}change_plan/")
    assert page.status_code == 200 and "没有别的已签发版次" in text_of(page)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "7 分钟"), ("en", "7 minutes")])
def test_what_differs_and_what_would_happen_stand_before_the_signature(room, newer, language, word):
    text = text_of(signed_in("office_head", language).get(f"{room}change_plan/"))
    assert word in text and f'action="{room}change_plan/"' in text
    assert not PlanChange.objects.exists()


def test_signed_it_holds_and_the_plans_page_keeps_the_change(room, newer):
    client = signed_in("office_head")
    assert "change_plan/" in text_of(client.get(f"{room}plan/"))
    given = {"edition": newer.pk, "reason": "新版已印发", "post": "office_head"}
    answer = client.post(f"{room}change_plan/", given)
    assert answer.status_code == 302
    assert Incident.objects.get().plan.version == "second"
    text = text_of(client.get(f"{room}plan/"))
    assert "新版已印发" in text and "换版记录" in text
    assert text_of(client.get(room)).count("second") >= 1


def test_a_post_without_the_authority_reads_why(room, newer):
    client = signed_in("duty_officer")
    answer = client.post(f"{room}change_plan/", {"edition": newer.pk, "reason": "x", "post": "duty_officer"})
    assert answer.status_code == 409 and "有权定级或结束响应" in text_of(answer)


def test_two_incidents_are_linked_and_each_shows_the_other(room):
    other = opened("城西停电")
    client = signed_in("office_head")
    answer = client.post(f"{room}link_incidents/", {"other": other.number, "note": "同一条线路", "post": "office_head"})
    assert answer.status_code == 302
    assert "城西停电" in text_of(client.get(room)) and "同一条线路" in text_of(client.get(room))
    assert "城南片区停电" in text_of(client.get(f"/respond/incidents/{other.number}/"))
    answer = client.post(f"{room}unlink_incidents/", {"other": other.number, "post": "office_head"})
    assert answer.status_code == 302


def test_the_page_of_a_merger_says_what_goes_along_and_afterwards_where_it_is(room):
    incident, other = Incident.objects.get(), opened("城西停电")
    add_demand(acting("duty_officer"), incident, text="何时恢复供电？")
    ender = "leader" if any(post.id == "leader" for post in incident.plan.posts) else incident.plan.ending.by[0]
    client = signed_in(ender)
    text = text_of(client.get(f"{room}merge_incidents/"))
    assert "何时恢复供电" in text and "化名只在一个事件里有效" in text
    answer = client.post(f"{room}merge_incidents/", {"into": other.number, "reason": "同一线路", "post": ender})
    assert answer.status_code == 302 and Merger.objects.get().into == other
    text = text_of(client.get(room))
    assert f"已并入 {other.number}" in text and "D1 → D1" in text
    assert "已并入本事件" in text_of(client.get(f"/respond/incidents/{other.number}/"))
    assert client.get(f"/follow/incidents/{incident.number}/").status_code == 200


def test_alone_there_is_nothing_to_join(room):
    client = signed_in("office_head")
    assert "没有别的在办事件" in text_of(client.get(f"{room}merge_incidents/"))
    assert (
        client.post(f"{room}merge_incidents/", {"into": "x", "reason": "y", "post": "office_head"}).status_code == 422
    )


def test_an_edition_changed_by_telephone_is_recorded_for_the_post_that_did_it(room, newer):
    client = signed_in("duty_officer")
    given = {
        "edition": newer.pk,
        "reason": "组长来电",
        "post": "duty_officer",
        "oral_of": "office_head",
        "told": "主任来电",
    }
    assert client.post(f"{room}change_plan/", given).status_code == 302
    assert PlanChange.objects.get().post == "office_head"


def test_who_may_not_merge_reads_who_may(room):
    opened("城西停电")
    text = text_of(signed_in("duty_officer").get(f"{room}merge_incidents/"))
    assert "并案由有权结束响应的岗位决定" in text and f'action="{room}merge_incidents/"' not in text
