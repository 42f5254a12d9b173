"""Tasks typed in: from a meeting, from the superior's instruction, from a leader; with an incident or without."""

from datetime import datetime
from typing import Any

from shudao.base.refusal import refuse
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import lock
from shudao.respond.actions.numbering import next_code, next_own_code
from shudao.respond.actions.orders import cancel_deadline, set_deadline
from shudao.respond.models import Incident, Meeting, Task
from shudao.respond.queries import concerned_posts, known_posts
from shudao.respond.queries.posts import post_of_unit

ENDS = frozenset({Task.Status.DONE, Task.Status.SKIPPED, Task.Status.CANCELLED})
BEGUN = frozenset({Task.Status.ACKNOWLEDGED, Task.Status.WORKING, Task.Status.SUBMITTED, Task.Status.DONE})


@verb(zh="交办任务", en="add task")
def add_task(
    act: Act,
    incident: Incident | None,
    *,
    title: str,
    post: str = "",
    unit: str = "",
    due_at: datetime | None = None,
    origin: str = Task.Origin.OTHER,
    source: str = "",
    text: str = "",
    received_at: datetime | None = None,
    wants_reply: bool = False,
    meeting: Meeting | None = None,
    is_must: bool = True,
) -> Task:
    """Give a task to a post, or to a department, for which one of its posts then answers; with its limit and where it
    comes from. In an incident a must task stands against closing.

    `wants_reply`: it ends with a written reply to whoever instructed. Refused without a title, for an unknown origin or
    post, for a department without a post, for a limit that is past, and for an instruction that does not say whose it is.
    """
    row = lock(act, incident) if incident else None
    if unit and not post:
        post = post_of_unit(act.scene, row, unit, act.now)
        if not post:
            raise refuse("这个部门没有岗位", "that department has no post", code="unit")
    _check(act, row, title, post, due_at, origin, source)
    code = next_code(row, Task, "T") if row else next_own_code(act, Task, "T")
    task = Task.objects.create(
        scene=act.scene.key, incident=row, code=code, origin=origin, title=title.strip(), text=text, post=post, unit=unit,
        status=Task.Status.CALLED, is_must=is_must, due_at=due_at, opened_at=act.now, source=source,
        received_at=received_at, given_by=act.post, meeting=meeting, wants_reply=wants_reply,
    )  # fmt: skip
    if row and due_at:
        set_deadline(row, _key(task), due_at)
    said: dict[str, Any] = {"source": Erasable(source)} if source else {}
    said |= {"unit": unit} if unit else {}
    when = {"received_at": received_at} if received_at else {}
    act.note(
        task=code, origin=origin, post=post, due_at=due_at, must=is_must, wants_reply=wants_reply,
        title=Erasable(title), **said, **when,
    )  # fmt: skip
    tell(act, task, post)
    return task


def _check(
    act: Act, incident: Incident | None, title: str, post: str, due_at: datetime | None, origin: str, source: str
) -> None:
    if not title.strip():
        raise refuse("请写明要办什么", "say what is to be done", code="title")
    if origin not in set(Task.Origin.values) - {Task.Origin.PLAN}:
        raise refuse(f"没有来由 {origin}", f"there is no origin {origin}", code="origin")
    if post not in known_posts(act.scene, incident):
        raise refuse("请指定办理岗位", "name the post that does it", code="post")
    if due_at and due_at <= act.now:
        raise refuse("期限应在将来", "the limit must lie ahead", code="due")
    if origin == Task.Origin.INSTRUCTION and not source.strip():
        raise refuse("请写明是哪个上级单位的指示", "say whose instruction it is", code="source")


@verb(zh="书面回复指示", en="reply to instruction")
def reply_instruction(act: Act, task: Task, *, text: str) -> Task:
    """Write down the reply that went to whoever instructed; the task is done with it. Refused without words, when none
    is wanted or one was given, and for a post that is not concerned."""
    if not text.strip():
        raise refuse("请写明回复内容", "write the reply", code="text")
    row = fresh(act, task)
    if not row.wants_reply or row.replied_at or not row.is_open:
        raise refuse("这件事不等书面回复", "no written reply is awaited", code="state")
    if act.post not in concerned_posts(row):
        raise refuse("这不是你岗位的任务", "the task is not this post's", code="not_yours")
    row.reply, row.replied_at, row.replied_by = text, act.moment, act.post
    mark(act, row, Task.Status.DONE)
    act.note(task=row.code, post=act.post, text=Erasable(text))
    return row


@verb(zh="提醒任务超时", en="tell task late")
def tell_task_late(act: Act, task: Task) -> Task:
    """The limit of a task outside any incident has passed: its post and whoever gave it are told, once."""
    row = fresh(act, task)
    if row.late_told_at or row.due_at is None or row.due_at > act.now or row.incident_id or not row.is_open:
        raise refuse("不需要提醒", "there is nothing to tell", code="told")
    row.late_told_at = act.now
    row.save()
    act.note(task=row.code, post=row.post)
    for post in dict.fromkeys([row.post, row.given_by]):
        if post:
            put_message(act, post, f"【{row.code}】任务已超时：{row.title}", kind="task_late", matter=row.code)
    return row


def fresh(act: Act, task: Task) -> Task:
    """The task as it stands, its incident locked too."""
    row = Task.objects.select_for_update(of=("self",)).select_related("incident").get(pk=task.pk)
    if row.scene != act.scene.key:
        raise refuse("不属于这个场景", "it belongs to another scene", code="scene")
    if row.incident:
        row.incident = lock(act, row.incident)
    return row


def mark(act: Act, task: Task, status: str, reason: str = "") -> Task:
    """A typed-in task changes its status: no run of a plan knows of it."""
    task.status, task.reason = status, reason
    task.ended_at = act.moment if status in ENDS else None
    if status in BEGUN:
        task.by = act.post
        task.acknowledged_at = task.acknowledged_at or act.now
    task.save()
    if task.incident:
        if status in ENDS:
            cancel_deadline(task.incident, _key(task), act.now)
        elif status in OPEN and task.due_at:
            set_deadline(task.incident, _key(task), task.due_at)
    return task


def tell(act: Act, task: Task, post: str) -> None:
    """Say to a post that a task waits for it."""
    number = f"【{task.incident.number}】{task.incident.title}" if task.incident else f"【{task.code}】"
    english = task.incident is not None and task.incident.plan.language != "zh"
    text = (
        f"[{task.incident.number}] {task.incident.title}: please take “{task.title}”" if english and task.incident
        else f"{number}：请办理“{task.title}”"
    )  # fmt: skip
    matter = f"{task.incident.number}/{task.code}" if task.incident else task.code
    put_message(act, post, text, kind="call", matter=matter)


def _key(task: Task) -> str:
    return f"task:{task.code}"
