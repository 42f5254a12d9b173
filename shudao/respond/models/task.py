"""Tasks made of the plan's steps or typed in, and the calls for them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from shudao.engine.respond.state import OPEN
from shudao.respond.models.incident import OfScene
from shudao.respond.models.meeting import Meeting


class Task(OfScene):
    """任务 (task): one round of one step, or typed in (`origin`; then `step` is empty and the run knows nothing of it).

    `unit`: the department it was given to; `post` is then the post that answers for the department.

    A step's status mirrors the run of the plan; late is asked for, never stored.
    """

    class Origin(models.TextChoices):
        """来由 (origin)."""

        PLAN = "plan", "预案"
        MEETING = "meeting", "会商"
        INSTRUCTION = "instruction", "上级指示"
        LEADER = "leader", "领导交办"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        """状态 (status)."""

        PENDING = "pending", "待启动"
        CALLED = "called", "呼叫中"
        ACKNOWLEDGED = "acknowledged", "已签收"
        WORKING = "working", "办理中"
        SUBMITTED = "submitted", "已提交"
        RETURNED = "returned", "已退回"
        DONE = "done", "已完成"
        SKIPPED = "skipped", "已跳过"
        CANCELLED = "cancelled", "已取消"

    code = models.CharField("编号", max_length=20)
    origin = models.CharField("来由", max_length=12, choices=Origin.choices, default=Origin.PLAN)
    step = models.CharField("动作", max_length=80, blank=True)
    round = models.PositiveIntegerField("轮次", default=1)
    title = models.CharField("名称", max_length=200)
    clause = models.CharField("条款", max_length=60, blank=True)
    post = models.CharField("责任岗位", max_length=60)
    unit = models.CharField("承办单位", max_length=60, blank=True)
    status = models.CharField("状态", max_length=12, choices=Status.choices)
    is_must = models.BooleanField("必办", default=True)
    due_at = models.DateTimeField("时限", null=True, blank=True)
    is_due_assumed = models.BooleanField("节假日为推定", default=False)
    opened_at = models.DateTimeField("下达时间")
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    by = models.CharField("承办岗位", max_length=60, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.TextField("说明", blank=True)
    text = models.TextField("要求", blank=True)
    source = models.CharField("出处", max_length=120, blank=True)
    received_at = models.DateTimeField("收到时间", null=True, blank=True)
    given_by = models.CharField("交办岗位", max_length=60, blank=True)
    meeting = models.ForeignKey(Meeting, verbose_name="会商", on_delete=models.SET_NULL, null=True, blank=True)
    wants_reply = models.BooleanField("须书面回复", default=False)
    reply = models.TextField("书面回复", blank=True)
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    replied_by = models.CharField("回复岗位", max_length=60, blank=True)
    late_told_at = models.DateTimeField("超时提醒时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "step", "round"), condition=~Q(step=""), name="one_task_a_round"
            ),
            models.UniqueConstraint(fields=("incident", "code"), name="one_task_a_code"),
            models.UniqueConstraint(fields=("scene", "code"), condition=Q(incident=None), name="one_own_task_a_code"),
        )
        indexes = (
            models.Index(fields=("post", "status"), name="tasks_of_a_post"),
            models.Index(fields=("scene", "status", "due_at"), name="tasks_by_limit"),
        )
        ordering = ("opened_at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_typed_in(self) -> bool:
        """Given by people, not by the run of a plan."""
        return not self.step

    @property
    def is_open(self) -> bool:
        """Neither done, skipped, cancelled, nor waiting again."""
        return self.status in OPEN

    def is_late(self, now: datetime) -> bool:
        """Open and past its limit."""
        return self.is_open and self.due_at is not None and self.due_at < now


class Call(models.Model):
    """呼叫 (call) of a post for a task: which rung, when, answered or withdrawn when."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="calls")
    rung = models.PositiveSmallIntegerField("梯级")
    cycle = models.PositiveSmallIntegerField("轮", default=0)
    post = models.CharField("岗位", max_length=60)
    channels = models.JSONField("渠道", default=list)
    called_at = models.DateTimeField("呼叫时间")
    answered_at = models.DateTimeField("应答时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("post",), name="open_calls_of_a_post", condition=Q(answered_at=None, withdrawn_at=None)
            ),
        )
        ordering = ("called_at", "pk")

    def __str__(self) -> str:
        return f"{self.task.code} {self.post}"
