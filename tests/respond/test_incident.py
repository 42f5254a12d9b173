"""Opening an incident begins the run of a frozen plan; items are attached under the incident's own key."""

from datetime import timedelta

import msgspec
import pytest

from shudao.engine.plan.load import plan_digest
from shudao.ledger.queries import entries_of, verify_stream
from shudao.ledger.verbs import Actor
from shudao.notify.queries import inbox
from shudao.respond.actions import (
    add_demand,
    attach_items,
    destroy_key,
    mark_closed,
    open_incident,
    propose_level,
    reach_milestone,
)
from shudao.respond.models import Attachment, Deadline, Incident, IncidentKey
from shudao.respond.queries import milestones_of, open_tasks, tasks_for
from tests.conftest import START
from tests.respond.items import hear

pytestmark = pytest.mark.django_db


def test_it_works(incident, said):
    assert (incident.number, incident.stream) == ("2026-0001", "incident/2026-0001")
    assert {task.step for task in open_tasks(incident)} == {"report", "verify", "note"}
    assert {entry["step"] for entry in said("start_task")} == {"report", "verify", "note"}
    assert milestones_of(incident) == {"detected": START, "acknowledged": START}
    assert verify_stream(incident.stream).ok


def test_the_entry_says_what_the_brief_asks_and_nothing_erasable(incident, said, plan):
    (opened,) = said("open_incident")
    assert set(opened) == {"incident", "origin", "plan", "edition", "digest", "title", "by"}
    assert (opened["incident"], opened["origin"], opened["plan"], opened["edition"]) == (
        "2026-0001", "hotline", "demo", "1",
    )  # fmt: skip
    assert opened["digest"] == plan_digest(plan)
    assert set(opened["title"]) == {"commitment"}


def test_the_plan_is_frozen_with_the_incident(incident, plan):
    assert incident.plan == plan
    assert plan_digest(incident.plan) == incident.plan_copy_id


def test_who_is_called_has_a_message(incident, as_post):
    from shudao.base.scene import LIVE

    assert [row.kind for row in inbox(LIVE, ["duty"])].count("call") == 2
    assert {task.step for task in tasks_for(LIVE, ["service"])} == {"verify"}


def test_milestones_before_the_opening_count(office, plan, as_post):
    seen, detected = START - timedelta(hours=2), START - timedelta(minutes=20)
    incident = open_incident(as_post("duty"), plan, title="停水", origin="alert", alert="7",
                             milestones={"first_seen": seen, "detected": detected})  # fmt: skip
    assert milestones_of(incident) == {"first_seen": seen, "detected": detected, "acknowledged": START}
    assert incident.state.run("report").due_at == detected + timedelta(minutes=15)


def test_a_second_incident_has_the_next_number_and_its_own_stream(incident, plan, as_post):
    other = open_incident(as_post("duty"), plan, title="另一件", origin="leader")
    assert (other.number, other.stream) == ("2026-0002", "incident/2026-0002")


@pytest.mark.parametrize(
    ("more", "code"), [({"title": "  "}, "title"), ({"origin": "rumour"}, "origin"), ({"status": "draft"}, "plan")]
)
def test_refusals(office, plan, as_post, refused, more, code):
    plan = msgspec.structs.replace(plan, status=more.pop("status", "signed"))
    given = {"title": "停水", "origin": "hotline", **more}
    assert refused(open_incident, as_post("duty"), plan, **given) == code
    assert not Incident.objects.exists()
    assert list(entries_of("site")) == []


def test_in_a_drill_everything_stays_in_the_runs_stream(db, standing, plan, run_scene):
    incident = open_incident(Actor(run_scene, "duty"), plan, title="演练事件", origin="alert")
    assert (incident.number, incident.stream) == ("0001-1", "run/0001")
    assert {entry["stream"] for entry in entries_of("run/0001")} == {"run/0001"}
    assert list(entries_of("site")) == []
    assert incident.state.staffed == {post.id for post in plan.posts}


def test_a_post_nobody_holds_is_an_alarm(office, plan, as_post):
    from shudao.org.models import Holding

    Holding.objects.filter(post__code="service").delete()
    incident = open_incident(as_post("duty"), plan, title="停水", origin="hotline")
    assert {(alarm.reason, alarm.post) for alarm in incident.alarm_set.all()} == {
        ("vacant", "service"), ("ladder_exhausted", "service"),
    }  # fmt: skip


class TestAttaching:
    def test_items_get_the_incidents_own_voices(self, incident, said, as_post):
        items = hear("a", "b", "a")
        attach_items(as_post("duty"), incident, items)
        first, second, third = Attachment.objects.filter(incident=incident).order_by("pk")
        assert first.voice == third.voice != second.voice
        assert first.voice != items[0].pseudonym
        (entry,) = said("attach_items")
        assert (entry["count"], entry["incident"]) == (3, incident.number)
        assert entry["items"] == [item.ext_id for item in items]

    def test_two_incidents_name_one_author_differently(self, incident, plan, as_post):
        one, two = hear("a", "a")
        other = open_incident(as_post("duty"), plan, title="另一件", origin="leader")
        attach_items(as_post("duty"), incident, [one])
        attach_items(as_post("duty"), other, [two])
        voices = set(Attachment.objects.values_list("voice", flat=True))
        assert len(voices) == 2

    def test_the_first_item_tells_when_the_matter_was_first_seen(self, incident, as_post):
        (item,) = hear("a")
        attach_items(as_post("duty"), incident, [item])
        assert milestones_of(incident)["first_seen"] == item.published_at

    def test_items_given_at_the_opening_are_attached(self, office, plan, as_post):
        items = hear("a", "b")
        incident = open_incident(as_post("duty"), plan, title="停水", origin="alert", items=items)
        assert Attachment.objects.filter(incident=incident).count() == 2
        assert milestones_of(incident)["first_seen"] == min(item.published_at for item in items)

    def test_the_same_item_again_is_refused(self, incident, as_post, refused):
        items = hear("a")
        attach_items(as_post("duty"), incident, items)
        assert refused(attach_items, as_post("duty"), incident, items) == "nothing"

    def test_an_item_of_another_scene_is_refused(self, incident, as_post, refused, run_scene):
        assert refused(attach_items, as_post("duty"), incident, hear("a", scene=run_scene)) == "scene"

    def test_it_goes_on_after_closing_and_ends_with_the_key(self, incident, as_post, refused):
        from shudao.ledger.verbs import verb

        @verb(zh="测试结束", en="test end")
        def end_for_test(act, incident):
            act.note()
            mark_closed(act, incident)

        end_for_test(as_post("leader"), incident)
        first, second = hear("a", "b")
        attach_items(as_post("duty"), incident, [first])

        @verb(zh="测试销毁", en="test destroy")
        def destroy_for_test(act, incident):
            act.note()
            destroy_key(act, incident)

        destroy_for_test(as_post("leader"), incident)
        assert bytes(IncidentKey.objects.get(incident=incident).key) == bytes(32)
        assert refused(attach_items, as_post("duty"), incident, [second]) == "key"


class TestClosing:
    @pytest.fixture
    def closed(self, incident, as_post):
        from shudao.ledger.verbs import verb

        @verb(zh="测试结束", en="test end")
        def end_for_test(act, incident):
            act.note()
            mark_closed(act, incident)

        add_demand(as_post("duty"), incident, text="什么时候来水？")
        end_for_test(as_post("leader"), incident)
        return incident

    def test_no_deadline_is_watched_any_more(self, closed, tick):
        assert not Deadline.objects.filter(done_at=None).exists()
        assert tick(30) == 0

    def test_nothing_else_is_done_to_it(self, closed, as_post, refused):
        assert refused(propose_level, as_post("duty"), closed, facts={}) == "closed"


class TestMilestones:
    def test_by_hand_with_the_moment_it_happened(self, incident, as_post, said):
        moment = START - timedelta(minutes=3)
        reach_milestone(as_post("duty"), incident, milestone="activated", happened_at=moment)
        assert milestones_of(incident)["activated"] == moment
        assert [entry["milestone"] for entry in said("reach_milestone")].count("activated") == 1

    def test_refusals(self, incident, as_post, refused):
        assert refused(reach_milestone, as_post("duty"), incident, milestone="glory") == "milestone"
        assert refused(reach_milestone, as_post("duty"), incident, milestone="detected") == "reached"

    def test_another_scenes_actor_is_refused(self, incident, run_scene, refused):
        assert refused(reach_milestone, Actor(run_scene, "duty"), incident, milestone="met") == "scene"
