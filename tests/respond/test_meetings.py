"""Meetings: heads analyse together and decide, enough must come, what is ruled becomes somebody's task."""

from datetime import timedelta

import pytest

from shudao.notify.models import Message
from shudao.respond.actions import call_meeting, hold_meeting, join_meeting, record_oral
from shudao.respond.actions.analysis import ask_views, decide_on_meeting, give_view
from shudao.respond.models import Task
from shudao.respond.queries import todos_of
from shudao.respond.queries.papers import prepare_minutes
from tests.conftest import START
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


class TestQuorum:
    def test_it_is_not_held_until_enough_are_there(self, incident, as_post, refused):
        meeting = call_meeting(as_post("head"), incident, posts=["leader", "legal"], least=3)
        join_meeting(as_post("leader"), meeting)
        assert refused(hold_meeting, as_post("head"), incident, meeting=meeting, present=["leader"]) == "quorum"
        meeting.refresh_from_db()
        assert not meeting.is_held
        held = hold_meeting(as_post("head"), incident, meeting=meeting, present=["leader", "legal"])
        assert held.is_held and held.is_quorate and held.short_reason == ""

    def test_held_all_the_same_the_reason_stands_in_record_and_minutes(self, incident, as_post, said, standing):
        meeting = call_meeting(as_post("head"), incident, posts=["leader", "legal"])
        hold_meeting(as_post("head"), incident, meeting=meeting, short_reason="法务在途，先定抢修")
        (entry,) = said("hold_meeting")
        assert "short" in entry and "法务在途" not in str(entry)
        meeting.refresh_from_db()
        assert meeting.short_reason == "法务在途，先定抢修"
        assert prepare_minutes(meeting, standing.now()).content[:2] == b"PK"

    @pytest.mark.parametrize("least", [0, 3])
    def test_a_number_nobody_can_reach_is_refused(self, incident, as_post, refused, least):
        assert refused(call_meeting, as_post("head"), incident, posts=["leader"], least=least) == "quorum"


class TestRulings:
    def test_a_ruling_gives_its_post_a_task(self, incident, as_post, said, standing, refused):
        due_at = START + timedelta(hours=2)
        ruling = {"question": "谁送水", "choice": "派四辆送水车", "post": "service", "due_at": due_at}
        held = hold_meeting(
            as_post("head"), incident, decision="先送水", rulings=[ruling, {"question": "提级", "choice": "不提"}]
        )
        task = Task.objects.get(origin="meeting")
        assert (task.title, task.post, task.due_at, task.meeting, task.given_by) == (
            "派四辆送水车", "service", due_at, held, "head",
        )  # fmt: skip
        assert said("add_task")[-1]["meeting"] == held.code
        unknown = {"question": "x", "choice": "y", "post": "nobody"}
        assert refused(hold_meeting, as_post("head"), incident, decision="x", rulings=[unknown]) == "post"
        past = {"question": "x", "choice": "y", "post": "head", "due_at": START - timedelta(hours=1)}
        assert refused(hold_meeting, as_post("head"), incident, decision="x", rulings=[past]) == "due"
        assert incident.meeting_set.count() == 1


class TestAnalysis:
    def test_heads_are_asked_say_what_they_think_and_it_is_decided(self, incident, as_post, said, refused):
        row = ask_views(as_post("head"), incident, posts=["leader", "legal"], question="会不会扩大")
        assert {todo.kind for todo in todos_of(["legal"], START)} >= {"view"}
        assert refused(ask_views, as_post("head"), incident, posts=["leader"]) == "open"
        assert refused(decide_on_meeting, as_post("head"), row, meet=True, reason="要") == "views"
        assert refused(give_view, as_post("drafter"), row, text="x") == "not_yours"
        assert refused(give_view, as_post("legal"), row, text=" ") == "text"
        assert refused(give_view, as_post("legal"), row, text="x", level="IX") == "level"
        give_view(as_post("legal"), row, text="涉及赔偿，宜会商", level="II", wants_meeting=True)
        assert "view" not in {todo.kind for todo in todos_of(["legal"], START)}
        assert refused(decide_on_meeting, as_post("legal"), row, meet=True, reason="要") == "authority"
        assert refused(decide_on_meeting, as_post("head"), row, meet=True, reason="") == "reason"
        decide_on_meeting(as_post("leader"), row, meet=True, reason="法务意见")
        (entry,) = said("decide_on_meeting")
        assert (entry["meet"], entry["missing"]) == (True, ["leader"]) and "涉及赔偿" not in str(said("give_view"))
        assert refused(give_view, as_post("leader"), row, text="晚了") == "state"

    def test_a_view_said_again_takes_the_place_of_the_first(self, incident, as_post):
        row = ask_views(as_post("head"), incident, posts=["leader"])
        give_view(as_post("leader"), row, text="不必", wants_meeting=False)
        give_view(as_post("leader"), row, text="还是开", wants_meeting=True)
        (view,) = row.views.all()
        assert view.wants_meeting and view.text == "还是开"

    def test_who_is_silent_past_the_limit_is_an_alarm_and_asked_again(self, incident, as_post, tick):
        ask_views(as_post("head"), incident, posts=["leader", "legal"], due_at=START + timedelta(minutes=10))
        row = incident.analysis_set.get()
        give_view(as_post("leader"), row, text="开")
        tick(11)
        assert [alarm.post for alarm in incident.alarm_set.filter(reason="views_late")] == ["legal"]
        assert "已超时" in Message.objects.get(post="legal", kind="meeting").text

    def test_when_all_have_answered_whoever_asked_hears_of_it(self, incident, as_post, tick):
        row = ask_views(as_post("head"), incident, posts=["leader"], due_at=START + timedelta(minutes=10))
        give_view(as_post("leader"), row, text="开")
        assert "意见已齐" in Message.objects.get(post="head", kind="meeting").text
        tick(11)
        assert not incident.alarm_set.filter(reason="views_late").exists()

    def test_a_view_by_telephone(self, incident, as_post):
        row = ask_views(as_post("head"), incident, posts=["leader"])
        record_oral(
            as_post("duty"), incident, done="give_view", post="leader", told="来电",
            do=lambda act: give_view(act, row, text="开", wants_meeting=True),
        )  # fmt: skip
        assert row.views.get().post == "leader"


def test_the_room_takes_a_meeting_from_views_to_tasks(standing):
    furnished(standing)
    row = opened()
    room = f"/respond/incidents/{row.number}/"
    head, leader = signed_in("office_head"), signed_in("leader")
    assert head.post(f"{room}ask_views/", {"asked": ["leader"], "post": "office_head"}).status_code == 302
    assert head.get(f"{room}give_view/?analysis=A1").status_code == 200
    page = leader.post(f"{room}give_view/", {"analysis": "A1", "text": "宜会商", "meet": "yes", "post": "leader"})
    assert page.status_code == 302, text_of(page)
    assert "宜会商" in text_of(head.get(room))
    given = {"analysis": "A1", "meet": "yes", "reason": "按组长意见", "post": "office_head"}
    assert head.post(f"{room}decide_on_meeting/", given).status_code == 302
    called = {"called": ["leader", "spokesperson"], "least": "3", "post": "office_head", "agenda": "谁送水"}
    assert head.post(f"{room}call_meeting/", called).status_code == 302
    held = {
        "meeting": "M1", "present": ["leader"], "decision": "先送水", "post": "office_head", "question_0": "谁送水",
        "choice_0": "客服中心派车", "post_0": "service_head",
    }  # fmt: skip
    refused = head.post(f"{room}hold_meeting/", held)
    assert refused.status_code == 409 and "到会不足 3 个岗位" in text_of(refused) and "先送水" in text_of(refused)
    assert head.post(f"{room}hold_meeting/", {**held, "short_reason": "发言人在途"}).status_code == 302
    task = Task.objects.get(origin="meeting")
    assert task.title == "客服中心派车" and task.title in text_of(head.get(room))
