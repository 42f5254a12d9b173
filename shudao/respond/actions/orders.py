"""Carrying out the orders of a run: one function per order, rows and ledger entries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shudao.engine.respond import orders as od
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable
from shudao.notify.actions import put_message
from shudao.respond.actions.numbering import next_code
from shudao.respond.models import Alarm, Call, Deadline, Incident, Milestone, Task

ENTRY_OF = {
    "acknowledged": "acknowledge_task", "submitted": "submit_task", "returned": "return_task", "done": "finish_task",
    "skipped": "skip_task", "cancelled": "cancel_task",
}  # fmt: skip
"""Status -> the entry that says so; `working` and `pending` follow from entries beside them."""

PLAIN_REASONS = frozenset({"level", "plan"})
"""Reasons that are codes, not words of a person."""

WITH_POST = ("acknowledge_task", "finish_task")
WITH_REASON = ("return_task", "skip_task", "cancel_task")


@dataclass(frozen=True)
class Desk:
    """An act at work on one incident. `own`: the entry the act writes itself (verb, step or milestone)."""

    act: Act
    incident: Incident
    own: tuple[str, str]

    def also(self, verb: str, about: str, **data: Any) -> None:
        """A consequence as an entry, unless the act notes that very thing."""
        if (verb, about) != self.own:
            self.act.also(verb, **data)

    def say(self, zh: str, en: str) -> str:
        """Words in the plan's language."""
        return Words(zh, en).say(self.incident.plan.language)


def carry_out(desk: Desk, order: od.AnyOrder) -> None:
    """Make an order real."""
    _HANDS[type(order)](desk, order)


def _task(desk: Desk, order: Any) -> Task:
    return Task.objects.get(incident=desk.incident, step=order.step, round=order.round)


def _open_task(desk: Desk, order: od.OpenTask) -> None:
    step = desk.incident.plan.step(order.step)
    fresh = {
        "title": step.title, "clause": step.clause, "post": order.post, "status": Task.Status.CALLED,
        "is_must": order.must, "due_at": order.due_at, "is_due_assumed": order.assumed, "opened_at": desk.act.now,
    }  # fmt: skip
    first = {**fresh, "scene": desk.incident.scene, "code": next_code(desk.incident, Task, "T")}
    task, _ = Task.objects.update_or_create(
        incident=desk.incident, step=order.step, round=order.round, defaults=fresh, create_defaults=first
    )
    desk.also(
        "start_task", order.step, task=task.code, step=order.step, post=order.post, due_at=order.due_at, must=order.must
    )


def _mark_task(desk: Desk, order: od.MarkTask) -> None:
    task = _task(desk, order)
    task.status, task.by, task.reason = order.status, order.post or task.by, order.reason
    task.ended_at = order.at if order.status in ("done", "skipped", "cancelled") else None
    if order.status in ("acknowledged", "working", "submitted", "done") and task.acknowledged_at is None:
        task.acknowledged_at = desk.act.now
    task.save()
    task.calls.filter(post=order.post, answered_at=None).update(answered_at=desk.act.now, withdrawn_at=None)
    verb = ENTRY_OF.get(order.status)
    if verb:
        desk.also(verb, order.step, **_task_data(verb, task, order))


def _task_data(verb: str, task: Task, order: od.MarkTask) -> dict[str, Any]:
    data: dict[str, Any] = {"task": task.code, "step": order.step}
    if verb in WITH_POST:
        data["post"] = order.post
    if verb in WITH_REASON:
        data["reason"] = order.reason if order.reason in PLAIN_REASONS or not order.reason else Erasable(order.reason)
    return data


def _amend_task(desk: Desk, order: od.AmendTask) -> None:
    """A new edition says the task in other words; the entry of the change lists them all, so it needs none of its own."""
    task, step = _task(desk, order), desk.incident.plan.step(order.step)
    task.title, task.clause, task.post, task.is_must = step.title, step.clause, order.post, order.must
    task.due_at, task.is_due_assumed = order.due_at, order.assumed
    task.save()


def _count_answer(desk: Desk, order: od.CountAnswer) -> None:
    calls = Call.objects.filter(task=_task(desk, order), post=order.post, answered_at=None)
    calls.update(answered_at=desk.act.now, withdrawn_at=None)


def _call_post(desk: Desk, order: od.CallPost) -> None:
    task = _task(desk, order)
    Call.objects.create(
        task=task, rung=order.rung, cycle=order.cycle, post=order.post, channels=list(order.channels),
        called_at=desk.act.now,
    )  # fmt: skip
    desk.also("call_post", order.step, task=task.code, step=order.step, rung=order.rung, post=order.post)
    text = desk.say(
        f"【{desk.incident.number}】{desk.incident.title}：请办理“{task.title}”",
        f"[{desk.incident.number}] {desk.incident.title}: please take “{task.title}”",
    )
    matter, colour = f"{desk.incident.number}/{task.code}", desk.incident.level_colour
    put_message(desk.act, order.post, text, kind="call", matter=matter, colour=colour)


def _stop_calls(desk: Desk, order: od.StopCalls) -> None:
    calls = Call.objects.filter(task__incident=desk.incident, task__step=order.step, task__round=order.round)
    calls.filter(answered_at=None, withdrawn_at=None).update(withdrawn_at=desk.act.now)


def _set_deadline(desk: Desk, order: od.SetDeadline) -> None:
    set_deadline(desk.incident, order.key, order.at, order.assumed)
    kind, _, rest = order.key.partition(":")
    if kind == "due":
        step, _, number = rest.rpartition(":")
        Task.objects.filter(incident=desk.incident, step=step, round=number).update(
            due_at=order.at, is_due_assumed=order.assumed
        )


def set_deadline(incident: Incident, key: str, at: Any, assumed: bool = False) -> None:
    """Watch a moment; an open one of the same key moves to it, free for whoever sweeps next."""
    fresh = {"due_at": at, "is_assumed": assumed, "lease_until": None, "claimed_by": "", "scene": incident.scene}
    Deadline.objects.update_or_create(incident=incident, key=key, done_at=None, defaults=fresh)


def cancel_deadline(incident: Incident, key: str, now: Any) -> None:
    """Watch a moment no longer."""
    Deadline.objects.filter(incident=incident, key=key, done_at=None).update(done_at=now)


def _cancel_deadline(desk: Desk, order: od.CancelDeadline) -> None:
    cancel_deadline(desk.incident, order.key, desk.act.now)


def _reach_milestone(desk: Desk, order: od.ReachMilestone) -> None:
    Milestone.objects.get_or_create(incident=desk.incident, name=order.milestone, defaults={"at": order.at})
    desk.also("reach_milestone", order.milestone, milestone=order.milestone, happened_at=order.at)


def _raise_alarm(desk: Desk, order: od.RaiseAlarm) -> None:
    raise_alarm(desk, order.reason, order.step, order.post)


def raise_alarm(desk: Desk, reason: str, step: str, post: str) -> Alarm:
    """Make an alarm seen: a row, an entry, a message to whoever opened the incident."""
    alarm = Alarm.objects.create(incident=desk.incident, reason=reason, step=step, post=post, raised_at=desk.act.now)
    desk.also("raise_alarm", reason, reason=reason, step=step, post=post)
    plan, words = desk.incident.plan, alarm.words
    about = next((row.title for row in plan.steps if row.id == step), step)
    text = desk.say(f"【{desk.incident.number}】{words.zh}：{about}", f"[{desk.incident.number}] {words.en}: {about}")
    matter = f"{desk.incident.number}/{reason}/{step}/{post}"[:80]
    colour = desk.incident.level_colour
    put_message(desk.act, desk.incident.opened_by, text, kind="alarm", matter=matter, colour=colour)
    return alarm


def _assume_level(desk: Desk, order: od.AssumeLevel) -> None:
    """The state says so and the alarm beside it is the entry; the incident's row follows the state."""


_HANDS: dict[type, Callable[[Desk, Any], None]] = {
    od.OpenTask: _open_task, od.AmendTask: _amend_task, od.MarkTask: _mark_task, od.CountAnswer: _count_answer,
     od.CallPost: _call_post, od.StopCalls: _stop_calls,
    od.SetDeadline: _set_deadline, od.CancelDeadline: _cancel_deadline, od.ReachMilestone: _reach_milestone,
    od.RaiseAlarm: _raise_alarm, od.AssumeLevel: _assume_level,
}  # fmt: skip
