"""An office whose ladders climb while its process is killed again and again, and the examination afterwards.

`live` is one life: it opens incidents, answers some calls, lets the deadlines come, on a clock that is kept in a file
and never goes back. It is killed at any moment. `examine` takes each incident's entries as the only inputs there were,
plays them to an undisturbed engine, and wants the same state to the byte, the same calls and alarms at the same moments,
and no timer passed twice or forgotten.
"""

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2031, 5, 6, 1, 0, tzinfo=UTC)
EVERY, HORIZON = timedelta(minutes=30), timedelta(minutes=200)
POSTS = ("duty", "head", "deputy", "leader", "speaker")
Deed = tuple[int, str, str, str]
"""Minute after the opening, verb, step or level, post."""

SCRIPTS: tuple[tuple[Deed, ...], ...] = (
    (),
    ((3, "acknowledge_task", "report", "duty"), (8, "finish_task", "report", "duty"),
     (19, "confirm_level", "II", "head"), (21, "acknowledge_task", "heads", "leader"),
     (22, "acknowledge_task", "heads", "head"), (70, "finish_task", "heads", "head")),
    ((47, "acknowledge_task", "report", "deputy"), (58, "finish_task", "report", "deputy"),
     (93, "confirm_level", "I", "leader")),
    ((2, "acknowledge_task", "report", "duty"), (4, "submit_task", "report", "duty"),
     (6, "return_task", "report", "head"), (33, "acknowledge_task", "report", "duty"),
     (36, "finish_task", "report", "duty"), (90, "skip_task", "count", "duty")),
)  # fmt: skip


def whole_plan() -> dict[str, Any]:
    """Ladders of every kind: cycles, a final post, so many answers, limits, repetition, a wait, a branch."""

    def limit(within: int) -> dict[str, Any]:
        return {"within": within, "of": "detected", "source": "示例"}

    def step(name: str, owner: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "title": name, "phase": "处置", "owner": owner, "clause": "1", **more}

    rungs = [{"after_min": at, "posts": posts} for at, posts in ((0, ["owner"]), (5, ["deputy"]), (15, ["leader"]))]
    ladders = [
        {"id": "main", "rungs": rungs, "repeat": 1, "final": "speaker"},
        {"id": "two", "rungs": [{"after_min": 0, "posts": ["head", "deputy", "leader"], "need": 2}], "repeat": 2},
    ]
    steps = [
        step("report", "duty", ladder="main", ack_within=10, due=limit(30), sets="reported"),
        step("heads", "head", ladder="two", after=["report"], due=limit(60)),
        step("grade", "head", act="confirm_level", ladder="main", after=["report"], due=limit(90)),
        step("count", "duty", repeat={"every": 20, "until": "minutes_since(detected) > 120"}, must=False),
        step("cool", "duty", kind="wait", due=limit(75)),
        step("worst", "leader", levels=["I"], ladder="main", after=["grade"], ack_within=5),
        step("after_wait", "speaker", after=["cool"], next=[{"if": "true", "to": "last"}]),
        step("last", "speaker", after=["after_wait"]),
    ]
    levels = [{"code": code, "name": code, "colour": colour} for code, colour in (("I", "red"), ("II", "orange"))]
    posts: list[dict[str, Any]] = [{"id": post, "name": post, "unit": "office"} for post in POSTS]
    posts[1] |= {"deputies": ["deputy"], "authority": {"grade_max": "I"}}
    posts[3] |= {"authority": {"grade_max": "I", "close": True}}
    return {
        "id": "soak", "title": "拉练", "version": "1", "status": "signed", "levels": levels, "posts": posts,
        "steps": steps, "ladders": ladders, "units": [{"id": "office", "name": "办公室", "kind": "office"}],
        "severity": {"criteria": [], "confirm_by": ["head", "leader"], "default": "II"},
    }  # fmt: skip


def furnish(folder: Path) -> None:
    """A fresh site whose every post somebody holds."""
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare(pages=False)
    from django.contrib.auth import get_user_model

    from shudao.org.models import Holding, Post, Staff, Unit

    unit = Unit.objects.create(code="office", name="办公室")
    for code in POSTS:
        post = Post.objects.create(code=code, name=code, unit=unit)
        staff = Staff.objects.create(user=get_user_model().objects.create_user(username=code), name=code)
        Holding.objects.create(post=post, staff=staff, from_at=START - timedelta(days=30))


class Life:
    """One process: from where the last was killed, until it is killed or everything is done."""

    def __init__(self, folder: Path, *, last: bool) -> None:
        import msgspec

        from shudao.base import clock
        from shudao.engine.plan.model import Plan
        from shudao.ledger import verbs

        self.folder, self.last = folder, last
        self.plan = msgspec.convert(whole_plan(), Plan)
        self.file = folder / "clock"
        at = datetime.fromisoformat(self.file.read_text()) if self.file.exists() else START
        self.clock = clock.ManualClock(at)
        clock.install(self.clock)
        self.witness = os.open(folder / "acknowledged.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        verbs.acknowledged.append(self._acknowledged)
        self.done: dict[str, set[tuple[str, str, str]]] = {}

    def _acknowledged(self, entries: list[Any]) -> None:
        for row in entries:
            os.write(
                self.witness, json.dumps({"stream": row.stream, "seq": row.seq, "hash": row.hash}).encode() + b"\n"
            )

    def run(self) -> None:
        """Live. The last life opens nothing new and ends when nothing is left to come."""
        from shudao.base.scene import LIVE
        from shudao.respond.actions import fire_due

        while True:
            fire_due(LIVE, self.clock.now(), holder=str(os.getpid()))
            for incident in self._open():
                self._act(incident)
            coming = self._next()
            if coming is None:
                return
            self._move(coming)

    def _move(self, at: datetime) -> None:
        at = max(at, self.clock.now() + timedelta(milliseconds=1))
        beside = self.file.with_suffix(f".{os.getpid()}")
        beside.write_text(at.isoformat())
        beside.replace(self.file)
        self.clock.set(at)

    def _open(self) -> list[Any]:
        from shudao.base.scene import LIVE
        from shudao.ledger.verbs import Actor
        from shudao.respond.actions import open_incident
        from shudao.respond.models import Incident

        newest = Incident.objects.order_by("-opened_at").values_list("opened_at", flat=True).first()
        if not self.last and (newest is None or self.clock.now() - newest >= EVERY):
            open_incident(Actor(LIVE, "duty"), self.plan, title="拉练", origin="hotline")
        return list(Incident.objects.filter(closed_at=None).order_by("pk"))

    def _act(self, incident: Any) -> None:
        for at, verb, about, post in self._due_deeds(incident):
            if at <= self.clock.now():
                self._do(incident, verb, about, post)
                self.done[incident.number].add((verb, about, str(at)))

    def _due_deeds(self, incident: Any) -> list[tuple[datetime, str, str, str]]:
        """What the script still has for it. A deed was done when its entry is there: the ledger is all one remembers."""
        if incident.number not in self.done:
            self.done[incident.number] = set()
        script = SCRIPTS[incident.pk % len(SCRIPTS)]
        deeds = [(incident.opened_at + timedelta(minutes=row[0]), *row[1:]) for row in script]
        deeds.append((incident.opened_at + HORIZON, "close_incident", "", "leader"))
        return [row for row in deeds if (row[1], row[2], str(row[0])) not in self.done[incident.number]]

    def _do(self, incident: Any, verb: str, about: str, post: str) -> None:
        from shudao.base.refusal import Refused
        from shudao.base.scene import LIVE
        from shudao.follow.actions import close_incident
        from shudao.ledger.verbs import Actor
        from shudao.respond import actions

        actor = Actor(LIVE, post)
        incident.refresh_from_db()
        try:
            if verb == "close_incident":
                close_incident(actor, incident, override_reason="拉练到此")
            elif verb == "confirm_level":
                if incident.level != about or incident.is_level_assumed:
                    actions.confirm_level(actor, incident, level=about)
            else:
                task = incident.task_set.filter(step=about).latest("round")
                reason = {"reason": "拉练"} if verb in ("return_task", "skip_task") else {}
                getattr(actions, verb)(actor, task, **reason)
        except (
            Refused,
            incident.task_set.model.DoesNotExist,
        ):  # done in an earlier life, or not open yet: both are well
            return

    def _next(self) -> datetime | None:
        from shudao.respond.models import Deadline, Incident

        rows = list(Deadline.objects.filter(done_at=None).values_list("due_at", "lease_until"))
        moments = [max(due, lease + timedelta(milliseconds=1)) if lease else due for due, lease in rows]
        still = list(Incident.objects.filter(closed_at=None))
        moments += [deed[0] for incident in still for deed in self._due_deeds(incident)]
        if not self.last:
            moments.append(Incident.objects.latest("opened_at").opened_at + EVERY)
        return min(moments, default=None)


def examine(folder: Path) -> tuple[dict[str, int], str]:
    """What was counted, and the first fault."""
    from shudao.respond.models import Incident

    counts: Counter[str] = Counter()
    late = timedelta()
    for incident in Incident.objects.order_by("pk"):
        fault, found, latest = _Replay(incident).fault()
        counts.update(found)
        late = max(late, latest)
        if fault:
            return dict(counts), f"{incident.number}: {fault}"
    return {**counts, "latest_s": round(late.total_seconds())}, ""


class _Replay:
    """One incident, played again from its own entries to an engine that nobody kills."""

    def __init__(self, incident: Any) -> None:
        from shudao.engine.respond.state import begin
        from shudao.ledger.queries import entries_of, verify_stream

        self.incident, self.plan = incident, incident.plan
        self.entries = list(entries_of(incident.stream))
        self.intact = verify_stream(incident.stream).ok
        self.state = begin(self.plan)
        self.calls: Counter[Any] = Counter()
        self.alarms: Counter[Any] = Counter()
        self.opened: Counter[Any] = Counter()
        self.late, self.passed = timedelta(), 0

    def fault(self) -> tuple[str, dict[str, int], timedelta]:
        """The first thing that differs."""
        said = "" if self.intact else "the chain is broken"
        for row in self.entries:
            said = said or self._hear(row)
        said = said or self._compare()
        found = {
            "incidents": 1, "timers": self.passed, "calls": self.calls.total(), "alarms": self.alarms.total(),
            "tasks": self.opened.total(), "entries": len(self.entries),
        }  # fmt: skip
        return said, found, self.late

    def _hear(self, row: dict[str, Any]) -> str:
        event = self._event(row)
        if event is None:
            return ""
        from shudao.engine.respond import events as ev
        from shudao.engine.respond import orders as od
        from shudao.engine.respond.advance import advance

        if isinstance(event, ev.DuePassed):
            due = self.state.deadlines.get(event.key)
            if due is None:
                return f"the timer {event.key} passed twice, or was never set"
            self.late, self.passed = max(self.late, event.at - due), self.passed + 1
        self.state, orders = advance(self.plan, self.state, event)
        for order in orders:
            match order:
                case od.CallPost():
                    self.calls[order.step, order.round, order.rung, order.cycle, order.post, event.at] += 1
                case od.RaiseAlarm():
                    self.alarms[order.reason, order.step, order.post, event.at] += 1
                case od.OpenTask():
                    self.opened[order.step, order.round] += 1
        return ""

    def _event(self, row: dict[str, Any]) -> Any:
        """The input an entry is of; None for what only followed from one."""
        from shudao.engine.respond import events as ev

        at, data, post = datetime.fromisoformat(row["at"]), row["data"], row["post"]
        given = {"at": max(at, self.state.now) if self.state.now else at, "id": str(len(self.state.recent))}
        step = data.get("step")
        if row["verb"] == "open_incident":
            marks = {"detected": at, "acknowledged": at}
            return ev.Opened(**given, staffed=tuple(sorted(POSTS)), milestones=marks)
        if row["verb"] == "pass_deadline":
            return ev.DuePassed(**given, key=data["key"])
        if row["verb"] == "confirm_level":
            return ev.LevelConfirmed(**given, level=data["level"], post=post)
        if row["verb"] == "close_incident":
            return ev.Closed(**given, post=post)
        if post == "system" or not any((row["verb"], step) == deed[1:3] for script in SCRIPTS for deed in script):
            return None
        kinds: dict[str, Any] = {
            "acknowledge_task": ev.Acknowledged, "finish_task": ev.Finished, "submit_task": ev.Submitted,
        }  # fmt: skip
        if row["verb"] in kinds:
            return kinds[row["verb"]](**given, step=step, post=post)
        return (ev.Returned if row["verb"] == "return_task" else ev.Skipped)(
            **given, step=step, post=post, reason="拉练"
        )

    def _compare(self) -> str:
        from shudao.engine.respond.state import state_to_json
        from shudao.notify.models import Message
        from shudao.respond.models import Alarm, Call, Deadline, Task

        own = {"incident": self.incident}
        names = ("task__step", "task__round", "rung", "cycle", "post", "called_at")
        calls = Counter(Call.objects.filter(task__incident=self.incident).values_list(*names))
        alarms = Counter(Alarm.objects.filter(**own).values_list("reason", "step", "post", "raised_at"))
        tasks = set(Task.objects.filter(**own).values_list("step", "round"))
        standing = dict(Deadline.objects.filter(**own, done_at=None).values_list("key", "due_at"))
        said = Counter(row["verb"] for row in self.entries)
        told = Message.objects.filter(kind="call", matter__startswith=f"{self.incident.number}/").count()
        wanted = len({(post, step, number) for step, number, _rung, _cycle, post, _at in self.calls})
        pairs = {
            "calls": (calls, self.calls), "alarms": (alarms, self.alarms), "tasks": (tasks, set(self.opened)),
            "timers that stand": (standing, dict(self.state.deadlines)), "messages": (told, wanted),
            "entries of calls": (said["call_post"], self.calls.total()),
            "entries of alarms": (said["raise_alarm"], self.alarms.total()),
            "entries of tasks": (said["start_task"], self.opened.total()),
            "state": (self.incident.state_json, state_to_json(self.state).decode()),
        }  # fmt: skip
        return next(
            (f"{name} differ: {is_}\nwanted {should}" for name, (is_, should) in pairs.items() if is_ != should), ""
        )


def main() -> None:
    """`python -m tests.soak._ladders FOLDER furnish|live|last|examine`."""
    folder, what = Path(sys.argv[1]), sys.argv[2]
    if what == "furnish":
        furnish(folder)
        return
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    if what == "examine":
        counts, fault = examine(folder)
        sys.stdout.write(json.dumps({"counts": counts, "fault": fault}, ensure_ascii=False))
        return
    prepare(pages=False)
    life = Life(folder, last=what == "last")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    life.run()


if __name__ == "__main__":
    main()
