"""The way out: who is to be told by which channel, what was put together, every try and its answer."""

from django.db import models
from django.db.models import Q

from shudao.base.models import DueRow, SceneRow
from shudao.notify.models.channels import Channel
from shudao.notify.models.messages import Message
from shudao.org.models import Staff


class Parcel(DueRow):
    """邮件包 (parcel): what leaves by a channel at one time, for one person or for a group, frozen when it is put
    together so that a repeated try says the very same. `place` in its thread: 0 begins it, later ones update it.
    `sent`: how many of its parts the other side took. `lost_at`: given up.
    """

    channel = models.ForeignKey(Channel, verbose_name="渠道", on_delete=models.PROTECT, related_name="parcels")
    staff = models.ForeignKey(
        Staff, verbose_name="人员", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    thread = models.CharField("事由", max_length=80)
    place = models.PositiveIntegerField("第几封", default=0)
    subject = models.CharField("标题", max_length=120)
    address = models.CharField("收件地址", max_length=200, blank=True)
    mentions = models.JSONField("提醒", default=list)
    parts = models.JSONField("各条")
    sent = models.PositiveIntegerField("已送条数", default=0)
    tries = models.PositiveIntegerField("尝试次数", default=0)
    is_urgent = models.BooleanField("紧急", default=False)
    made_at = models.DateTimeField("生成时间")
    lost_at = models.DateTimeField("放弃时间", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["channel", "due_at"], condition=Q(done_at=None), name="parcels_to_send"),
            models.Index(fields=["channel", "thread", "staff", "-place"], name="parcels_of_a_thread"),
        )

    def __str__(self) -> str:
        return self.subject


class Delivery(SceneRow):
    """投递 (delivery): a message that one person is to get by one channel, and the parcel that took it along.

    `text` as it was when last said before it left. `why`: why it was left out (confirmed, paused), empty when it was not.
    """

    message = models.ForeignKey(Message, verbose_name="消息", on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, verbose_name="渠道", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    thread = models.CharField("事由", max_length=80)
    text = models.TextField("正文")
    is_urgent = models.BooleanField("紧急", default=False)
    made_at = models.DateTimeField("生成时间")
    due_at = models.DateTimeField("到期时间")
    done_at = models.DateTimeField("处理时间", null=True, blank=True)
    parcel = models.ForeignKey(
        Parcel, verbose_name="邮件包", null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    why = models.CharField("未送原因", max_length=20, blank=True)

    class Meta:
        indexes = (models.Index(fields=["channel", "due_at"], condition=Q(done_at=None), name="deliveries_to_pack"),)
        constraints = (
            models.UniqueConstraint(
                fields=("message", "channel", "staff"), condition=Q(done_at=None), name="one_delivery_under_way"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff}: {self.text[:30]}"


class Attempt(models.Model):
    """发送 (attempt): one try to hand one part over, begun before it is sent and ended with what the other side said.

    One that was begun and never ended is in doubt: nobody knows whether it arrived. Without a parcel it was a test.
    """

    channel = models.ForeignKey(Channel, verbose_name="渠道", on_delete=models.CASCADE, related_name="attempts")
    parcel = models.ForeignKey(
        Parcel, verbose_name="邮件包", null=True, blank=True, on_delete=models.CASCADE, related_name="attempts"
    )
    part = models.PositiveIntegerField("第几条", default=0)
    began_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    ok = models.BooleanField("送达", null=True, blank=True)
    code = models.CharField("应答代码", max_length=40, blank=True)
    said = models.TextField("对方应答", blank=True)

    class Meta:
        indexes = (models.Index(fields=["channel", "-began_at"], name="attempts_of_a_channel"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.began_at:%m-%d %H:%M:%S} {self.code}"
