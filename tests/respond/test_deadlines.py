"""Deadlines are rows: told once, in order, and never lost by a crash."""

import pytest

from shudao.base.deadlines import claim_due
from shudao.base.scene import LIVE
from shudao.ledger.queries import verify_stream
from shudao.respond.actions import acknowledge_task, fire_due, pass_deadline
from shudao.respond.models import Call, Deadline
from tests.conftest import START

pytestmark = pytest.mark.django_db


def open_rows(incident) -> dict[str, object]:
    return dict(Deadline.objects.filter(incident=incident, done_at=None).values_list("key", "due_at"))


def test_rows_mirror_the_run(incident, task, as_post, tick):
    assert open_rows(incident) == dict(incident.state.deadlines)
    acknowledge_task(as_post("duty"), task("report"))
    incident.refresh_from_db()
    assert open_rows(incident) == dict(incident.state.deadlines)
    tick(40)
    incident.refresh_from_db()
    assert open_rows(incident) == dict(incident.state.deadlines)


def test_nothing_is_told_before_its_time(incident, standing):
    assert fire_due(LIVE, standing.now(), holder="x") == 0


def test_each_is_told_once(incident, standing, said):
    later = standing.advance(minutes=5)
    assert fire_due(LIVE, later, holder="x") > 0
    assert fire_due(LIVE, later, holder="y") == 0
    keys = [row["key"] for row in said("pass_deadline")]
    assert len(keys) == len(set(keys))


def test_a_claim_that_died_is_taken_over_when_its_lease_ends(incident, standing, task):
    later = standing.advance(minutes=5)
    assert claim_due(Deadline, LIVE, later, holder="dead")
    assert fire_due(LIVE, later, holder="y") == 0
    fire_due(LIVE, standing.advance(minutes=2), holder="y")
    assert list(Call.objects.filter(task=task("report")).values_list("post", flat=True)) == ["duty", "deputy"]


def test_a_crash_in_the_middle_leaves_all_or_nothing(incident, standing, task, monkeypatch):
    import shudao.respond.actions.orders as orders

    row = Deadline.objects.get(incident=incident, key__startswith="rung:report")
    standing.advance(minutes=5)

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    from shudao.ledger.verbs import Actor

    with monkeypatch.context() as patch:
        patch.setattr(orders, "put_message", die)
        with pytest.raises(KeyboardInterrupt):
            pass_deadline(Actor(LIVE, "system"), row)
    row.refresh_from_db()
    assert row.done_at is None
    assert Call.objects.filter(task=task("report")).count() == 1
    pass_deadline(Actor(LIVE, "system"), row)
    assert Call.objects.filter(task=task("report")).count() == 2
    assert verify_stream(incident.stream).ok


def test_a_deadline_told_twice_or_early_is_refused(incident, standing, refused):
    from shudao.ledger.verbs import Actor

    system = Actor(LIVE, "system")
    row = Deadline.objects.get(incident=incident, key__startswith="rung:report")
    assert refused(pass_deadline, system, row) == "not_due"
    standing.advance(minutes=5)
    pass_deadline(system, row)
    assert refused(pass_deadline, system, row) == "not_due"


def test_somebody_going_off_duty_is_noticed_at_the_next_act(incident, as_post, task):
    from shudao.org.models import Holding

    Holding.objects.filter(post__code="duty").update(to_at=START)
    acknowledge_task(as_post("service"), task("verify"))
    posts = list(Call.objects.filter(task=task("report")).values_list("post", flat=True))
    assert posts == ["duty", "deputy"]
    assert incident.alarm_set.filter(reason="vacant", post="duty").exists()
    incident.refresh_from_db()
    assert "duty" not in incident.state.staffed


def test_drills_and_the_real_world_do_not_touch_each_other(incident, plan, run_scene, standing):
    from shudao.ledger.verbs import Actor
    from shudao.respond.actions import open_incident

    drill = open_incident(Actor(run_scene, "duty"), plan, title="演练", origin="alert")
    later = standing.advance(minutes=6)
    assert fire_due(run_scene, later, holder="x") > 0
    assert Call.objects.filter(task__incident=drill, rung=1).exists()
    assert not Call.objects.filter(task__incident=incident, rung=1).exists()
