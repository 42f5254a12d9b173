"""What is said to a post: the in-app inbox."""

from django.db import models
from django.db.models import Q

from shudao.base.models import DueRow
from shudao.org.models import Staff

URGENT = frozenset({"call", "alarm", "reach"})
"""Kinds that go out at once and at any hour: calls of a ladder, alarms when nobody answers, tests of who answers."""


class Message(DueRow):
    """消息 (message) to a post, or to one person: put in the outbox by a verb, confirmed by a person.

    The in-app inbox is the one channel the escalation clock trusts; it has the message from the moment it is written.
    `done_at`: handed on to the other channels. `thread`: the matter it belongs to; messages of one thread reach a
    person as one message and its updates. `times`: how often it was said.
    """

    post = models.CharField("岗位", max_length=60)
    staff = models.ForeignKey(
        Staff, verbose_name="人员", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.CharField("渠道", max_length=40, default="inbox")
    kind = models.CharField("类别", max_length=40)
    matter = models.CharField("事项", max_length=80, blank=True)
    thread = models.CharField("事由", max_length=80, blank=True)
    colour = models.CharField("级别颜色", max_length=10, blank=True)
    text = models.TextField("正文")
    made_at = models.DateTimeField("生成时间")
    times = models.PositiveIntegerField("第几次", default=1)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.CharField("确认岗位", max_length=60, blank=True)
    fault = models.CharField("发送错误", max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["scene", "post", "confirmed_at"], name="inbox_of_a_post"),
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="messages_to_hand_on"),
        )
        constraints = (
            models.UniqueConstraint(fields=("scene", "post", "channel", "kind", "matter"), name="one_message_a_matter"),
        )

    def __str__(self) -> str:
        return f"{self.post}: {self.text[:30]}"

    @property
    def is_urgent(self) -> bool:
        """Goes out at once and at any hour."""
        return self.kind in URGENT
