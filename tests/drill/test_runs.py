"""A run from start to score: its own scene, clock, stream and nothing else."""

from datetime import timedelta

import msgspec
import pytest

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.drill import actions
from shudao.drill.models import InjectRow, Run
from shudao.drill.queries import next_inject_at, runs, seen_injects
from shudao.engine.words import BadInput
from shudao.ledger.queries import as_lines, entries_of, head_of, verify_stream
from shudao.listen.models import Item
from shudao.notify.queries import inbox


def verbs(run: Run) -> list[str]:
    return [entry["verb"] for entry in entries_of(run.stream)]


def minute(run: Run, count: float):
    return run.scenario.starts_at + timedelta(minutes=count)


@pytest.fixture
def begun(run, controller):
    """The run, started, its clock moved by hand."""
    return actions.start_run(controller, run, simulated=True)


def go(run: Run, count: float) -> None:
    """Move on to that minute, stopping wherever something is due."""
    while (at := next_inject_at(run)) and at <= minute(run, count):
        actions.move_clock(run, max(at, clock.now(run.scene)))
        actions.send_due(run)
    actions.move_clock(run, minute(run, count))


def test_a_run_starts_at_the_scenarios_own_time_in_its_own_stream(begun) -> None:
    first = next(iter(entries_of(begun.stream)))
    assert first["verb"] == "start_run"
    assert clock.now(begun.scene) == begun.scenario.starts_at
    said = first["data"]
    assert (said["run"], said["scenario"], said["plan"], said["seed"]) == (begun.code, "outage", "power_county", 1)
    assert said["clock"] == "simulated"


def test_nothing_of_a_run_is_seen_in_the_real_world(begun) -> None:
    before = head_of("site")
    go(begun, 130)
    assert head_of("site") == before
    assert not Item.objects.in_scene(LIVE).exists()
    assert not inbox(LIVE, ["office_head", "service_head"]).exists()
    assert Item.objects.in_scene(begun.scene).exists()


def heard(run: Run):
    """What the public says of the matter."""
    return Item.objects.in_scene(run.scene).exclude(ext_id__contains="usual")


def test_the_talk_of_the_week_before_is_heard_at_the_start(begun) -> None:
    go(begun, 0)
    items = Item.objects.in_scene(begun.scene)
    assert items.exists()
    assert all(item.published_at < begun.scenario.starts_at for item in items)


def test_posts_come_in_through_listening_on_the_runs_clock(begun) -> None:
    go(begun, 0)
    assert not heard(begun).exists()
    go(begun, 30)
    items = heard(begun)
    assert items.exists()
    assert all(item.published_at <= minute(begun, 30) for item in items)
    assert "read_batch" in verbs(begun)
    assert not items.filter(text__contains="五楼的灯").exists()


def test_every_post_of_the_field_arrives_once_however_often_it_is_asked(begun) -> None:
    go(begun, 1700)
    count = heard(begun).count()
    wanted = sum(1 + post.copies for row in begun.scenario.injects for post in row.posts)
    assert count == wanted
    assert actions.send_due(begun) == 0
    row = InjectRow.objects.in_scene(begun.scene).filter(wave=1).first()
    actions.release_wave(row, clock.now(begun.scene))
    assert heard(begun).count() == wanted


def test_a_call_reaches_the_inbox_of_its_post_and_says_that_it_is_a_drill(begun) -> None:
    go(begun, 6)
    message = inbox(begun.scene, ["service_head"]).get()
    assert "演练" in message.text
    assert [row.id for row in seen_injects(begun)] == ["in01", "ob01", "in02"]


def test_an_inject_goes_out_once(begun, controller) -> None:
    go(begun, 6)
    row = InjectRow.objects.in_scene(begun.scene).get(inject="in02")
    with pytest.raises(Refused):
        actions.send_inject(controller, row)
    assert verbs(begun).count("send_inject") == 3


def test_a_contingency_is_sent_only_while_its_milestone_is_missing(begun) -> None:
    go(begun, 48)
    assert InjectRow.objects.in_scene(begun.scene).get(inject="in06").state == "sent"


def test_a_contingency_that_is_not_needed_is_skipped(begun, controller) -> None:
    from shudao.ledger.verbs import verb

    @verb(zh="试", en="try")
    def reach_for_test(act, run):
        act.note()
        act.also("reach_milestone", milestone="superior_told")

    reach_for_test(controller, begun)
    go(begun, 48)
    row = InjectRow.objects.in_scene(begun.scene).get(inject="in06")
    assert (row.state, row.done_at is not None) == ("skipped", True)
    assert "in06" not in [row.id for row in seen_injects(begun)]


def test_the_clock_runs_pauses_and_goes_on(run, controller, standing) -> None:
    actions.start_run(controller, run)
    standing.advance(minutes=5)
    assert clock.now(run.scene) == minute(run, 5)
    actions.pause_run(controller, run)
    standing.advance(minutes=60)
    assert clock.now(run.scene) == minute(run, 5)
    actions.resume_run(controller, run, speed=10)
    standing.advance(minutes=1)
    assert clock.now(run.scene) == minute(run, 15)
    assert verbs(run) == ["start_run", "pause_run", "resume_run"]


def test_a_jump_goes_forward_within_the_run_and_says_from_where_to_where(run, controller, standing) -> None:
    actions.start_run(controller, run)
    actions.jump_clock(controller, run, to=minute(run, 90))
    assert clock.now(run.scene) == minute(run, 90)
    entry = list(entries_of(run.stream))[-1]
    assert set(entry["data"]) >= {"from", "to"}
    for wrong in (minute(run, 10), minute(run, 99_999)):
        with pytest.raises(Refused):
            actions.jump_clock(controller, run, to=wrong)
    assert verbs(run)[-1] == "jump_clock"


@pytest.mark.parametrize("speed", [-1, 61, 1000])
def test_an_absurd_speed_is_refused(run, controller, speed) -> None:
    actions.start_run(controller, run)
    actions.pause_run(controller, run)
    with pytest.raises(Refused):
        actions.resume_run(controller, run, speed=speed)


def test_states_follow_each_other_and_nothing_else(run, controller) -> None:
    for early in (actions.pause_run, actions.resume_run, actions.finish_run, actions.score_run):
        with pytest.raises(Refused):
            early(controller, run)
    actions.start_run(controller, run)
    with pytest.raises(Refused):
        actions.start_run(controller, run)
    actions.finish_run(controller, run)
    with pytest.raises(Refused):
        actions.finish_run(controller, run)


def test_the_end_cancels_what_was_not_sent(begun, controller) -> None:
    go(begun, 20)
    actions.finish_run(controller, begun)
    assert next_inject_at(begun) is None
    assert InjectRow.objects.in_scene(begun.scene).filter(state="cancelled").exists()
    assert actions.send_due(begun) == 0


def test_the_kept_score_is_the_one_anyone_can_recompute(begun, controller) -> None:
    from shudao.engine.review.score import score, score_json

    go(begun, 1800)
    actions.finish_run(controller, begun)
    kept = actions.score_run(controller, begun)
    again = actions.score_run(controller, begun)
    lines = [msgspec.json.decode(line) for line in as_lines(begun.stream)]
    assert kept.data == again.data == score_json(score(lines, begun.edition.plan, begun.scenario))
    assert verify_stream(begun.stream).ok
    assert kept.total == 0


def test_two_runs_do_not_know_of_each_other(begun, edition, scenario) -> None:
    from shudao.ledger.verbs import Actor

    other = actions.make_run(scenario, edition, seed=2, team="people")
    actions.start_run(Actor(other.scene, "controller"), other, simulated=True)
    go(begun, 60)
    assert clock.now(other.scene) == scenario.starts_at
    assert verbs(other) == ["start_run"]
    assert not Item.objects.in_scene(other.scene).exists()
    assert [row.code for row in runs()] == [other.code, begun.code]


def test_a_scenario_of_another_plan_is_refused_before_anything_is_written(edition, scenario) -> None:
    strange = msgspec.structs.replace(scenario, key=msgspec.structs.replace(scenario.key, level="V"))
    with pytest.raises(BadInput):
        actions.make_run(strange, edition, seed=1, team="people")
    assert not Run.objects.exists()


def test_a_change_of_the_library_changes_no_run(run, scenario) -> None:
    assert Run.objects.get(pk=run.pk).scenario == scenario


def test_a_real_channel_cannot_be_reached_from_a_run(begun) -> None:
    from shudao.ledger.verbs import verb
    from shudao.notify.actions import put_message

    @verb(zh="试", en="try")
    def shout_for_test(act, run):
        put_message(act, "leader", "x", kind="k", matter="m", channel="mail")
        act.note()

    from shudao.ledger.verbs import Actor

    with pytest.raises(Refused):
        shout_for_test(Actor(begun.scene, "controller"), begun)


def test_the_worker_sends_what_is_due_and_ends_the_run(run, controller, standing) -> None:
    from shudao.drill.jobs import feed_runs

    actions.start_run(controller, run)
    standing.advance(minutes=6)
    feed_runs()
    assert [row.id for row in seen_injects(run)] == ["in01", "ob01", "in02"]
    standing.advance(minutes=run.scenario.ends_after)
    feed_runs()
    assert Run.objects.get(pk=run.pk).state == "finished"
    feed_runs()
    assert verbs(run).count("finish_run") == 1


def test_the_worker_leaves_paused_runs_alone(run, controller, standing) -> None:
    from shudao.drill.jobs import feed_runs

    actions.start_run(controller, run)
    actions.pause_run(controller, run)
    standing.advance(minutes=60)
    feed_runs()
    assert seen_injects(run) == ()


def test_a_run_goes_on_where_it_stood_after_a_crash_between_reading_and_noting(begun) -> None:
    go(begun, 0)
    row = InjectRow.objects.in_scene(begun.scene).filter(wave=1, inject="in01").get()
    actions.move_clock(begun, row.due_at)
    marked = InjectRow.objects.filter(pk=row.pk)
    actions.release_wave(row, clock.now(begun.scene))
    count = Item.objects.in_scene(begun.scene).count()
    marked.update(done_at=None, state="ready")  # as if the process had died before noting it
    actions.send_due(begun)
    assert Item.objects.in_scene(begun.scene).count() == count
    assert marked.get().state == "sent"
