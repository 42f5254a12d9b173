"""Tasks: acknowledged, handed in, returned, done, skipped."""

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Step
from shudao.engine.respond import events as ev
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb, verbs
from shudao.respond.actions.drive import ANSWERING, drive, need_post_of_plan
from shudao.respond.actions.given import fresh, mark, tell
from shudao.respond.models import Call, Demand, Task
from shudao.respond.queries import concerned_posts, stand_ins


@verb(zh="签收任务", en="acknowledge task")
def acknowledge_task(act: Act, task: Task) -> Task:
    """Say "I have it". Refused when it is not waiting for an answer, or not the post's."""
    task = _own(act, task)
    if task.status not in (Task.Status.CALLED, Task.Status.RETURNED):
        raise refuse("任务已有人签收或已办结", "somebody has the task already, or it has ended", code="taken")
    if not task.is_typed_in and act.post in task.incident.state.run(task.step).acked:
        raise refuse("这个岗位已应答, 还在等别的岗位", "this post has answered; others are waited for", code="answered")
    act.note(task=task.code, step=task.step, post=act.post)
    return _drive(act, task, ev.Acknowledged, post=act.post)


@verb(zh="提交任务", en="submit task")
def submit_task(act: Act, task: Task) -> Task:
    """Hand the work in for somebody's yes. Refused when it has ended or was handed in."""
    task = _own(act, task)
    if not task.is_open or task.status == Task.Status.SUBMITTED:
        raise refuse("任务已提交或已办结", "the task was handed in, or has ended", code="state")
    act.note(task=task.code, step=task.step)
    return _drive(act, task, ev.Submitted, post=act.post)


@verb(zh="退回任务", en="return task")
def return_task(act: Act, task: Task, *, reason: str) -> Task:
    """Send handed-in or finished work back. Refused without a reason, by whoever did the work, or in another state."""
    _need_reason(reason)
    task = fresh(act, task)
    if task.status not in (Task.Status.SUBMITTED, Task.Status.DONE):
        raise refuse("只能退回已提交或已完成的任务", "only work handed in or done can be returned", code="state")
    if task.by == act.post:
        raise refuse("不能退回自己办的任务", "one's own work is not returned by oneself", code="own")
    act.note(task=task.code, step=task.step, reason=Erasable(reason))
    return _drive(act, task, ev.Returned, post=act.post, reason=reason)


@verb(zh="完成任务", en="finish task")
def finish_task(act: Act, task: Task) -> Task:
    """Finish a task that no other verb completes. Refused when it has ended, is not the post's, or its verb is wanted."""
    task = _own(act, task)
    if not task.is_open:
        raise refuse("任务已办结", "the task has ended", code="state")
    if task.wants_reply:
        raise refuse("这件事要书面回复才算办结", "this one ends with a written reply", code="needs_reply")
    if not task.is_typed_in:
        _need_no_act(task, task.incident.plan.step(task.step))
    act.note(task=task.code, step=task.step, post=act.post)
    return _drive(act, task, ev.Finished, post=act.post, happened_at=act.happened_at)


@verb(zh="跳过任务", en="skip task")
def skip_task(act: Act, task: Task, *, reason: str) -> Task:
    """Leave a task out, with the reason on record. Refused without a reason, when ended, or for a must task by a post
    that is neither the owner nor one that confirms levels or ends the response."""
    _need_reason(reason)
    task = fresh(act, task)
    if not task.is_open:
        raise refuse("任务已办结", "the task has ended", code="state")
    if not _may_skip(task, act.post):
        raise refuse("这个岗位不能跳过该任务", "this post may not skip that task", code="authority")
    act.note(task=task.code, step=task.step, reason=Erasable(reason))
    return _drive(act, task, ev.Skipped, post=act.post, reason=reason)


@verb(zh="呼叫下一位", en="call next")
def call_next(act: Act, task: Task) -> Task:
    """Do not wait for the ladder: call its next rung now, or for a typed-in task the deputies of its post.

    Refused when it has ended and when nobody is left to call.
    """
    task = fresh(act, task)
    if not task.is_open:
        raise refuse("任务已办结", "the task has ended", code="state")
    if task.incident and act.post not in {task.post, task.given_by}:
        need_post_of_plan(act, task.incident)
    before = set(task.calls.values_list("pk", flat=True))
    act.note(task=task.code, step=task.step)
    if task.is_typed_in:
        _call_deputies(act, task)
    else:
        drive(act, task.incident, ev.NextCalled, step=task.step)
    if not task.calls.exclude(pk__in=before).exists():
        raise refuse("梯次已到头，没有别的岗位可呼叫", "the ladder has ended: nobody is left to call", code="nobody")
    task.refresh_from_db()
    return task


def _call_deputies(act: Act, task: Task) -> None:
    called = set(task.calls.values_list("post", flat=True))
    for post in stand_ins(task.post, task.incident):
        if post not in called:
            Call.objects.create(task=task, rung=1, post=post, called_at=act.now)
            tell(act, task, post)


def _may_skip(task: Task, post: str) -> bool:
    if task.incident is None or post == task.given_by:
        return post in {task.post, task.given_by}
    plan = task.incident.plan
    heads = {*(plan.severity.confirm_by if plan.severity else ()), *(plan.ending.by if plan.ending else ())}
    return post == task.post or post in heads or (not task.is_must and post in concerned_posts(task))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("请写明理由", "give a reason", code="reason")


def _need_no_act(task: Task, step: Step) -> None:
    """A step with a verb of its own is completed by that verb; answering may be finished when nobody asked anything."""
    if not step.act:
        return
    if step.act == ANSWERING:
        if Demand.objects.filter(incident=task.incident, state=Demand.State.OPEN).exists():
            raise refuse("还有诉求未答复", "a demand is still open", code="demands")
        return
    declared = verbs().get(step.act.partition(":")[0])
    words = declared.words if declared else Words(step.act, step.act)
    zh, en = f"这个任务由“{words.zh}”完成，不能直接办结", f"this task is completed by “{words.en}”"
    raise refuse(zh, en, code="needs_act")


def _own(act: Act, task: Task) -> Task:
    task = fresh(act, task)
    if act.post not in concerned_posts(task):
        raise refuse("这不是你岗位的任务", "the task is not this post's", code="not_yours")
    return task


STATUS: dict[type[ev.Happening], str] = {
    ev.Acknowledged: Task.Status.ACKNOWLEDGED, ev.Submitted: Task.Status.SUBMITTED, ev.Returned: Task.Status.RETURNED,
    ev.Finished: Task.Status.DONE, ev.Skipped: Task.Status.SKIPPED,
}  # fmt: skip
"""What an event makes of a typed-in task, of which the run of the plan knows nothing."""


def _drive(act: Act, task: Task, kind: type[ev.Happening], **fields: object) -> Task:
    if task.is_typed_in:
        return mark(act, task, STATUS[kind], str(fields.get("reason", "")))
    drive(act, task.incident, kind, step=task.step, **fields)
    task.refresh_from_db()
    return task
