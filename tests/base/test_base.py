"""Clock, cursor, deadlines and jobs."""

from datetime import timedelta

import pytest

from shudao.base import clock, jobs
from shudao.base.cursor import move_cursor, read_cursor
from shudao.base.deadlines import claim_due, due_scenes, next_due
from shudao.base.models import JobRow
from shudao.base.scene import LIVE, Scene
from shudao.base.write import short_write
from shudao.notify.models import Message

pytestmark = pytest.mark.django_db


def test_a_run_has_its_own_time(standing, run_scene):
    start = standing.now() + timedelta(days=30)
    clock.start(run_scene, start, speed=10)
    standing.advance(minutes=1)
    assert clock.now(run_scene) == start + timedelta(minutes=10)
    assert clock.now(LIVE) == standing.now()


def test_a_run_pauses_jumps_and_never_goes_back(standing, run_scene):
    start = standing.now()
    clock.start(run_scene, start)
    clock.turn(run_scene, speed=0)
    standing.advance(hours=1)
    assert clock.now(run_scene) == start
    clock.turn(run_scene, to=start + timedelta(hours=5))
    assert clock.now(run_scene) == start + timedelta(hours=5)
    with pytest.raises(ValueError):
        clock.turn(run_scene, to=start)


def test_short_writes_do_not_nest(transactional_db):
    with short_write(), pytest.raises(RuntimeError), short_write():
        pass


def test_a_cursor_remembers_per_scene(run_scene):
    move_cursor(LIVE, "sense", 7)
    assert (read_cursor(LIVE, "sense"), read_cursor(run_scene, "sense")) == (7, 0)


def message(now, **more):
    given = {"post": "p", "kind": "k", "matter": str(more), "text": "t", "made_at": now, "due_at": now}
    return Message.objects.create(scene="live", **{**given, **more})


def test_due_rows_are_leased_once_and_again_after_the_lease(standing):
    now = standing.now()
    row = message(now)
    message(now, due_at=now + timedelta(hours=1), matter="later")
    assert [r.pk for r in claim_due(Message, LIVE, now, holder="a")] == [row.pk]
    assert claim_due(Message, LIVE, now, holder="b") == []
    later = now + timedelta(seconds=61)
    assert [r.pk for r in claim_due(Message, LIVE, later, holder="b")] == [row.pk]
    assert next_due(Message, LIVE) == now


def test_jobs_run_when_due_and_a_failing_one_is_noted(standing, monkeypatch):
    ran = []
    monkeypatch.setattr(jobs, "_registry", {})
    jobs.job(every=60)(lambda: ran.append("good"))

    def bad():
        raise ValueError("broken")

    jobs.job(every=60)(bad)
    jobs.run_due()
    jobs.run_due()
    assert ran == ["good"]
    fault = JobRow.objects.get(name__endswith="bad").last_fault
    assert fault.startswith("ValueError at") and "broken" not in fault
    standing.advance(seconds=61)
    jobs.run_due()
    assert ran == ["good", "good"]


@pytest.mark.django_db
def test_a_job_without_work_is_left_alone_but_gives_a_sign_of_life(standing, monkeypatch):
    ran, work = [], []
    monkeypatch.setattr(jobs, "_registry", {})
    jobs.job(every=1, waits=lambda: bool(work))(lambda: ran.append("ran"))
    assert jobs.run_due() == []
    before = JobRow.objects.get().due_at
    standing.advance(seconds=10)
    assert jobs.run_due() == [] and JobRow.objects.get().due_at == before
    work.append("something")
    assert len(jobs.run_due()) == 1 and ran == ["ran"]
    work.clear()
    standing.advance(seconds=40)
    assert len(jobs.run_due()) == 1 and JobRow.objects.get().due_at > before


@pytest.mark.django_db(transaction=True)
def test_a_worker_forgets_jobs_that_are_no_more(standing, monkeypatch):
    monkeypatch.setattr(jobs, "_registry", {})
    jobs.job(every=1)(lambda: None)
    JobRow.objects.create(name="gone.old_job", due_at=standing.now(), last_fault="ValueError")
    turns = iter([False, True])
    jobs.work(lambda: next(turns), pause=0)
    assert [row.name.rpartition(".")[2] for row in JobRow.objects.all()] == ["<lambda>"]


@pytest.mark.django_db(transaction=True)
def test_only_scenes_with_something_due_are_looked_at(standing):
    run = Scene.run("0009")
    now = standing.now()
    due = {"post": "p", "kind": "call", "text": "t", "made_at": now}
    Message.objects.create(scene=LIVE.key, matter="a", due_at=now, **due)
    Message.objects.create(scene=run.key, matter="b", due_at=now + timedelta(hours=1), **due)
    assert due_scenes(Message) == [LIVE]
    standing.advance(hours=2)
    assert set(due_scenes(Message)) == {LIVE, run}
    Message.objects.update(done_at=now)
    assert due_scenes(Message) == []


@pytest.mark.django_db
def test_a_job_that_cannot_tell_is_run(standing, monkeypatch):
    monkeypatch.setattr(jobs, "_registry", {})
    jobs.job(every=1, waits=lambda: 1 / 0)(lambda: None)
    assert len(jobs.run_due()) == 1
