"""The outbox: messages as rows."""

from django.db import models

from shudao.base.models import DueRow


class Message(DueRow):
    """消息 (message) to a post: put in the outbox by a verb, handed to a channel by the worker, confirmed by a person.

    The in-app inbox is the one channel the escalation clock trusts; it has the message from the moment it is written.
    """

    post = models.CharField("岗位", max_length=60)
    channel = models.CharField("渠道", max_length=40, default="inbox")
    kind = models.CharField("类别", max_length=40)
    matter = models.CharField("事项", max_length=80, blank=True)
    text = models.TextField("正文")
    made_at = models.DateTimeField("生成时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.CharField("确认岗位", max_length=60, blank=True)
    fault = models.CharField("发送错误", max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=("scene", "post", "confirmed_at"), name="inbox_of_a_post"),)
        constraints = (
            models.UniqueConstraint(fields=("scene", "post", "channel", "kind", "matter"), name="one_message_a_matter"),
        )

    def __str__(self) -> str:
        return f"{self.post}: {self.text[:30]}"
