"""The demo from the first post to the sealed archive and the scored drill, in the order in which it happens."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.drill.actions import make_run, play
from shudao.engine.drill.scenario import load_scenario
from shudao.engine.drill.team import team_named
from shudao.engine.post import Post
from shudao.engine.words import BadInput, Words
from shudao.follow.actions import NotYet, close_incident, seal, watch_incident
from shudao.follow.queries import recurrences_of
from shudao.ledger import verbs
from shudao.ledger.models import Entry
from shudao.ledger.queries import as_lines, head_of
from shudao.ledger.verbs import Actor
from shudao.library import path_of, read_folder
from shudao.listen.models import Item
from shudao.org.queries import who_holds
from shudao.plan.queries import edition_in_force
from shudao.project.demo.life import SLOT, Life
from shudao.project.demo.team import Team
from shudao.project.demo.words import POWER
from shudao.project.sample import sample_roster, set_up_sample, shifted, stream
from shudao.project.work import load_jobs
from shudao.respond import actions as respond
from shudao.respond.models import Demand, Document, Incident, Statement, Task
from shudao.respond.queries import milestones_of, open_tasks
from shudao.review.actions import make_after_action
from shudao.review.models import Subject
from shudao.sense.actions import acknowledge_alert
from shudao.sense.models import Alert, Story
from shudao.sense.queries import items_of_alert, open_alerts

ROUNDS = 600
SCRIPTED = "scripted"
Say = Callable[[Words], None]


def run(out: Path, site: Path, *, seed: int, say: Say) -> dict[str, Any]:
    """Play everything into the prepared site; leaves the four files in `out`; returns the command's JSON."""
    load_jobs()
    with (site / "acknowledged.jsonl").open("ab", buffering=0) as witness:
        verbs.acknowledged.append(lambda entries: [witness.write(_told(row)) for row in entries])
        try:
            life = _begin(say)
            incident = _respond(life, seed, say)
            _follow(life, incident, say)
            _seal(life, incident, out, say)
            total = _drill(out, seed, say)
        finally:
            verbs.acknowledged.clear()
    return _report(out, incident, total)


def _begin(say: Say) -> Life:
    """A site with its organisation; the public talks until an alert is raised."""
    roster = sample_roster("power")
    posts = shifted(roster, roster.now or clock.now(LIVE))
    life = Life(posts[0].published_at - SLOT, posts)
    set_up_sample(roster)
    while not open_alerts(LIVE).exists():
        if not life.posts:
            raise BadInput(Words(zh="示例流里没有预警", en="the sample stream raised no alert"))
        life.stop_before(life.now + SLOT)
    alert = open_alerts(LIVE).first()
    say(Words(zh=f"预警：{alert.why_zh}", en=f"alert: {alert.why_en}"))
    return life


def _respond(life: Life, seed: int, say: Say) -> Incident:
    """From the alert to the closing; an early attempt to close is refused with its reasons."""
    incident = _open(life)
    team = Team(life, incident, POWER, seed)
    say(Words(zh=f"启动处置：{incident.number}", en=f"incident {incident.number} is open"))
    was_refused = False
    for _ in range(ROUNDS):
        incident.refresh_from_db()
        if not incident.is_open:
            say(Words(zh=f"已结束：{incident.level} 级", en=f"closed, level {incident.level}"))
            return incident
        if incident.level and not was_refused:
            was_refused = _cannot_close_yet(team, say)
        team.work()
    left = ", ".join(task.step for task in open_tasks(incident))
    raise BadInput(Words(zh=f"演示没有走完：{left}", en=f"the demo did not come to its end: {left}"))


def _open(life: Life) -> Incident:
    life.go_on(minutes=3)
    post = "duty_officer"
    officer = Actor(LIVE, post, who_holds(post, life.now)[0].name)
    alert = acknowledge_alert(officer, open_alerts(LIVE).first())
    life.go_on(minutes=2)
    edition = edition_in_force("power_county")
    known = {"detected": alert.raised_at, "acknowledged": alert.acknowledged_at}
    told = {"title": POWER.title, "origin": "alert", "alert": alert.code, "items": items_of_alert(alert)}
    return respond.open_incident(officer, edition.plan, milestones=known, **told)  # type: ignore[no-any-return]


def _cannot_close_yet(team: Team, say: Say) -> bool:
    closer = team.incident.plan.ending.by[0] if team.incident.plan.ending else team.incident.opened_by
    try:
        close_incident(team.actor(closer), team.incident)
    except NotYet as refusal:
        say(refusal.why)
        return True
    raise BadInput(Words(zh="有未办事项却结束了", en="it closed over open matters"))


def _follow(life: Life, incident: Incident, say: Say) -> None:
    """The watch; a week later the matter comes back in new posts and is recognised."""
    watch_incident(Actor(LIVE, incident.opened_by), incident)
    after = list(stream("streams/power-after.jsonl"))
    before = list(stream("streams/power.jsonl"))
    by = life.now - max(post.published_at for post in before)
    life.posts = sorted(life.posts + [_later(post, by) for post in after], key=lambda post: post.published_at)
    until = max(post.published_at for post in life.posts)
    while life.now < until:
        life.go_on(hours=6)
    found = list(recurrences_of(incident))
    if not found:
        raise BadInput(Words(zh="再现没有被发现", en="the recurrence was not found"))
    count = len(found)
    say(Words(zh=f"跟踪中发现再现 {count} 次", en=f"the watch found it coming back {count} times"))


def _later(post: Post, by: timedelta) -> Post:
    return msgspec.structs.replace(post, published_at=post.published_at + by)


def _seal(life: Life, incident: Incident, out: Path, say: Say) -> None:
    post = "office_head"
    archive = seal(Actor(LIVE, post, who_holds(post, life.now)[0].name), incident, out / "incident.zip")
    words = f"{archive.length} · {archive.head}"
    say(Words(zh=f"封存：{words}", en=f"sealed: {words}"))


def _drill(out: Path, seed: int, say: Say) -> float | None:
    """One scenario by the same code in its own scene; its after-action report."""
    scenario = load_scenario(read_folder(path_of("scenarios", "zh", "outage")))
    edition = edition_in_force("power_county")
    done = play(make_run(scenario, edition, seed=seed, team=SCRIPTED), team_named(SCRIPTED, scenario))
    subject = Subject(done.scene, done.stream, scenario.title, edition.plan, scenario)
    report = make_after_action(Actor(done.scene, "controller"), subject)
    (out / "after-action.docx").write_bytes(report.document)
    say(Words(zh=f"演练得分 {report.total}", en=f"the drill scored {report.total}"))
    return report.total


def _report(out: Path, incident: Incident, total: float | None) -> dict[str, Any]:
    first = Document.objects.filter(incident=incident, kind="first").latest("pk")
    (out / "briefing.docx").write_bytes(first.content)
    (out / "ledger.jsonl").write_bytes(b"".join(as_lines(incident.stream)))
    counted = {
        "items": Item.objects.in_scene(LIVE),
        "stories": Story.objects.in_scene(LIVE),
        "alerts": Alert.objects.in_scene(LIVE),
        "tasks": Task.objects.filter(incident=incident),
        "demands": Demand.objects.filter(incident=incident),
        "statements": Statement.objects.filter(incident=incident),
        "entries": Entry.objects.filter(stream=incident.stream),
    }
    names = ("briefing.docx", "after-action.docx", "incident.zip", "ledger.jsonl")
    return {
        "milestones": {name: at.isoformat() for name, at in milestones_of(incident).items()},
        "counts": {name: rows.count() for name, rows in counted.items()},
        "score": {"total": total},
        "files": {name: os.fspath(out / name) for name in names},
        "head": head_of(incident.stream).hash,
    }


def _told(entry: Entry) -> bytes:
    return json.dumps({"stream": entry.stream, "seq": entry.seq, "hash": entry.hash}).encode() + b"\n"
