"""Tasks typed in, calling the next one, roles, meetings, a contested level."""

from datetime import timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.ledger.queries import entries_of
from shudao.notify.queries import inbox
from shudao.org.models import Post, Unit
from shudao.respond.actions import (
    acknowledge_task,
    add_task,
    call_meeting,
    call_next,
    confirm_level,
    contest_level,
    finish_task,
    hand_over_role,
    hold_meeting,
    join_meeting,
    reply_instruction,
    return_task,
    skip_task,
    submit_task,
    tell_task_late,
    write_minutes,
)
from shudao.respond.models import LevelContest, RoleHolding, Task
from shudao.respond.queries import open_questions, prepare_minutes, todos_of, why_not_close_now
from tests.conftest import START

pytestmark = pytest.mark.django_db


def given(as_post, incident, **more):
    wanted = {"title": "半小时报一次进度", "post": "service", **more}
    return add_task(as_post("head"), incident, **wanted)


class TestTypedInTasks:
    def test_it_is_given_taken_and_finished_without_the_run_knowing(self, incident, as_post, said):
        state = incident.state
        task = given(as_post, incident, origin="meeting", due_at=START + timedelta(minutes=30))
        assert task.code.startswith("T") and task.status == "called"
        assert "call" in {row.kind for row in inbox(LIVE, ["service"])}
        acknowledge_task(as_post("service"), task)
        done = finish_task(as_post("service"), task)
        assert (done.status, done.by) == ("done", "service")
        incident.refresh_from_db()
        assert incident.state == state
        (entry,) = said("add_task")
        assert entry["origin"] == "meeting" and "commitment" in entry["title"]

    def test_handed_in_and_returned_by_whoever_gave_it(self, incident, as_post, refused):
        task = given(as_post, incident)
        submit_task(as_post("service"), task)
        assert refused(return_task, as_post("service"), task, reason="x") == "own"
        return_task(as_post("head"), task, reason="缺照片")
        task.refresh_from_db()
        assert (task.status, task.reason) == ("returned", "缺照片")

    def test_late_it_is_an_alarm_and_done_in_time_it_is_none(self, incident, as_post, tick):
        late = given(as_post, incident, due_at=START + timedelta(minutes=10))
        kept = given(as_post, incident, due_at=START + timedelta(minutes=10))
        finish_task(as_post("service"), kept)
        tick(11)
        assert list(incident.alarm_set.filter(reason="task_late").values_list("step", flat=True)) == [late.code]

    def test_a_must_task_stands_against_closing_until_it_is_skipped(self, incident, as_post, standing):
        task = given(as_post, incident)

        def is_named():
            return any(task.code in row.subject for row in why_not_close_now(incident, standing.now()))

        assert is_named()
        skip_task(as_post("head"), task, reason="并入别的任务")
        assert not is_named()

    def test_an_instruction_ends_with_its_written_reply(self, incident, as_post, refused):
        task = given(as_post, incident, origin="instruction", source="青岚市示例公司", wants_reply=True)
        assert refused(finish_task, as_post("service"), task) == "needs_reply"
        assert refused(reply_instruction, as_post("drafter"), task, text="已办") == "not_yours"
        reply = reply_instruction(as_post("service"), task, text="已按要求整改")
        assert (reply.status, reply.reply) == ("done", "已按要求整改")
        assert refused(reply_instruction, as_post("service"), task, text="再报") == "state"

    @pytest.mark.parametrize(
        ("more", "code"),
        [({"title": " "}, "title"), ({"post": "nobody"}, "post"), ({"origin": "plan"}, "origin"),
         ({"due_at": START - timedelta(minutes=1)}, "due"), ({"origin": "instruction"}, "source")],
    )  # fmt: skip
    def test_refusals(self, incident, as_post, refused, more, code):
        assert refused(given, as_post, incident, **more) == code
        assert not Task.objects.filter(step="").exists()

    def test_outside_any_incident_it_writes_to_the_site_and_is_told_late_once(self, office, as_post, standing, refused):
        task = given(as_post, None, due_at=START + timedelta(minutes=10), origin="leader")
        assert task.code == "T2026-0001" and task.scene == "live"
        assert [row["data"]["task"] for row in entries_of("site") if row["verb"] == "add_task"] == ["T2026-0001"]
        assert refused(tell_task_late, as_post("duty"), task) == "told"
        standing.advance(minutes=11)
        tell_task_late(as_post("duty"), task)
        assert refused(tell_task_late, as_post("duty"), task) == "told"
        assert given(as_post, None).code == "T2026-0002"


class TestCallingTheNext:
    def test_the_next_rung_is_called_at_once(self, task, as_post):
        assert [call.post for call in task("report").calls.all()] == ["duty"]
        call_next(as_post("head"), task("report"))
        assert [call.post for call in task("report").calls.all()] == ["duty", "deputy"]

    def test_at_the_ladders_end_it_is_refused(self, task, as_post, refused):
        call_next(as_post("head"), task("report"))
        call_next(as_post("head"), task("report"))
        assert {call.post for call in task("report").calls.all()} == {"duty", "deputy", "leader"}
        assert refused(call_next, as_post("head"), task("report")) == "nobody"
        finish_task(as_post("duty"), task("report"))
        assert refused(call_next, as_post("head"), task("report")) == "state"

    def test_a_typed_in_task_calls_the_deputies_and_they_may_act(self, incident, as_post, refused):
        task = given(as_post, incident, post="legal")
        call_next(as_post("head"), task)
        assert [call.post for call in task.calls.all()] == ["deputy"]
        acknowledge_task(as_post("deputy"), task)
        assert refused(call_next, as_post("head"), task) == "nobody"


class TestRoles:
    def test_who_was_in_charge_when(self, incident, as_post, standing, refused):
        hand_over_role(as_post("duty"), incident, role="lead", post="head")
        standing.advance(minutes=40)
        hand_over_role(as_post("head"), incident, role="lead", post="leader", note="等医院回话")
        rows = list(RoleHolding.objects.filter(role="lead").values_list("post", "from_at", "to_at"))
        moved = START + timedelta(minutes=40)
        assert rows == [("head", START, moved), ("leader", moved, None)]
        assert refused(hand_over_role, as_post("head"), incident, role="lead", post="leader") == "same"
        assert refused(hand_over_role, as_post("head"), incident, role="king", post="leader") == "role"
        assert refused(hand_over_role, as_post("head"), incident, role="lead", post="nobody") == "post"


class TestMeetings:
    def test_called_joined_held_and_written_up(self, incident, as_post, said, task, refused):
        finish_task(as_post("duty"), task("report"))
        confirm_level(as_post("leader"), incident, level="I")
        meeting = call_meeting(as_post("head"), incident, posts=["leader", "legal"], agenda=["对外怎么说", ""])
        assert meeting.agenda == ["对外怎么说"] and not meeting.is_quorate and meeting.quorum == 2
        assert "meeting" in {row.kind for row in inbox(LIVE, ["legal"])}
        assert refused(join_meeting, as_post("drafter"), meeting) == "not_yours"
        assert join_meeting(as_post("legal"), meeting).is_quorate
        assert refused(join_meeting, as_post("legal"), meeting) == "state"
        ruling = {"question": "对外怎么说", "options": "先发短的\n等查清", "choice": "先发短的", "reason": "不等"}
        held = hold_meeting(
            as_post("head"), incident, meeting=meeting, present=["head", "legal"], decision="七时前发", rulings=[ruling]
        )
        assert held.pk == meeting.pk and held.is_held and held.rulings == [ruling]
        assert task("meet").status == "done"
        (entry,) = said("hold_meeting")
        assert entry["present"] == ["head", "legal"] and entry["rulings"] == 1
        assert refused(hold_meeting, as_post("head"), incident, meeting=meeting, decision="x") == "state"

    def test_the_minutes_say_who_what_and_who_does_it(self, incident, as_post, standing):
        import io

        import docx

        meeting = call_meeting(as_post("head"), incident, posts=["leader"], agenda=["要不要提级"])
        rulings = [{"question": "要不要提级", "options": "", "choice": "提到一级", "reason": "影响医院"}]
        held = hold_meeting(
            as_post("head"), incident, meeting=meeting, present=["leader"], decision="提级", rulings=rulings
        )
        given(as_post, incident, meeting=held, origin="meeting")
        paper = prepare_minutes(held, standing.now())
        document = write_minutes(as_post("head"), incident, paper=paper)
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(bytes(document.content))).paragraphs)
        assert "会商纪要" in text and "提到一级" in text and "影响医院" in text and "leader" in text
        assert document.name.endswith("-minutes-1.docx") and document.sha256 == paper.sha256

    def test_the_agenda_is_made_of_open_questions(self, incident, as_post, standing):
        from shudao.respond.actions import add_demand, add_fact

        add_fact(as_post("duty"), incident, status="not_known", text="故障原因")
        add_demand(as_post("duty"), incident, text="几时来水")
        asked = "\n".join(open_questions(incident, standing.now()))
        assert "确认响应级别" in asked and "故障原因" in asked and "几时来水" in asked

    @pytest.mark.parametrize(("posts", "code"), [([], "post"), (["head"], "post"), (["nobody"], "post")])
    def test_nobody_is_called_for_nothing(self, incident, as_post, refused, posts, code):
        assert refused(call_meeting, as_post("head"), incident, posts=posts) == code

    def test_a_ruling_needs_its_choice(self, incident, as_post, refused):
        given_ = {"question": "提级", "choice": ""}
        assert refused(hold_meeting, as_post("head"), incident, decision="x", rulings=[given_]) == "ruling"


class TestContest:
    def test_a_contest_waits_for_the_next_confirmed_level(self, incident, as_post, refused):
        confirm_level(as_post("head"), incident, level="II")
        assert refused(contest_level, as_post("drafter"), incident, level="I", reason="x") == "authority"
        assert refused(contest_level, as_post("leader"), incident, level="II", reason="x") == "same"
        assert refused(contest_level, as_post("leader"), incident, level="I", reason="") == "reason"
        contest_level(as_post("leader"), incident, level="I", reason="影响医院")
        assert incident.alarm_set.filter(reason="level_contested", cleared_at=None).exists()
        assert "contest" in {row.kind for row in inbox(LIVE, ["head"])}
        confirm_level(as_post("leader"), incident, level="I", reason="影响医院")
        contest = LevelContest.objects.get()
        assert contest.answered_at and contest.answer.level == "I"
        assert not incident.alarm_set.filter(reason="level_contested", cleared_at=None).exists()


def test_what_waits_for_a_post_comes_by_its_limit_and_ended_runs_are_left_out(incident, as_post, standing):
    late = given(as_post, incident, due_at=START + timedelta(minutes=5))
    given(as_post, None, due_at=START + timedelta(minutes=90))
    found = todos_of(["service"], standing.now())
    assert found[0].key == late.pk and {row.kind for row in found} == {"call"}
    assert [row.due_at for row in found if row.due_at] == sorted(row.due_at for row in found if row.due_at)
    assert todos_of([], standing.now()) == []


def test_a_task_of_a_department_waits_for_all_its_posts_until_one_takes_it(incident, as_post, standing, refused):
    unit = Unit.objects.create(code="water", name="水务组")
    Post.objects.filter(code__in=["legal", "service"]).update(unit=unit)
    task = add_task(as_post("leader"), incident, title="送水车", unit="water", origin="leader")
    assert (task.unit, task.post) == ("water", "legal")
    waits = {
        post for post in ("legal", "service", "drafter") if task.pk in {row.key for row in todos_of([post], START)}
    }
    assert waits == {"legal", "service"}
    acknowledge_task(as_post("service"), task)
    assert task.pk not in {row.key for row in todos_of(["drafter"], START)}
    task.refresh_from_db()
    assert task.by == "service"
    assert refused(add_task, as_post("leader"), incident, title="x", unit="nowhere", origin="leader") == "unit"
