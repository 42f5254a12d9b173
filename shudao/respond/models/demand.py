"""What the public asks, in an incident or on an ordinary day."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from shudao.engine.text.normalise import fold
from shudao.respond.models.incident import OfScene


class Demand(OfScene):
    """诉求 (demand) of the public with an owner and a limit; open until answered, or declined with a reason.

    `words` is the folded text that is searched. Without an incident it is the office's ordinary business.
    """

    class State(models.TextChoices):
        """状态 (state)."""

        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        DECLINED = "declined", "不予采纳"

    class Channel(models.TextChoices):
        """来路 (channel) by which it came."""

        NET = "net", "网上信息"
        HOTLINE = "hotline", "热线"
        MAILBOX = "mailbox", "信箱"
        PETITION = "petition", "信访"
        WINDOW = "window", "窗口"
        MEDIA = "media", "媒体"
        OTHER = "other", "其他"

    code = models.CharField("编号", max_length=20)
    text = models.TextField("内容")
    words = models.TextField("检索词", blank=True)
    channel = models.CharField("来路", max_length=10, choices=Channel.choices, default=Channel.NET)
    owner = models.CharField("责任岗位", max_length=60)
    due_at = models.DateTimeField("答复时限")
    due_source = models.CharField("时限依据", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField("答复", blank=True)
    proof = models.TextField("凭据", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.CharField("答复岗位", max_length=60, blank=True)
    ref = models.CharField("出处编号", max_length=80, blank=True)
    asked_at = models.DateTimeField("提出时间", null=True, blank=True)
    raised_at = models.DateTimeField("登记时间")
    raised_by = models.CharField("登记岗位", max_length=60, blank=True)
    linked_at = models.DateTimeField("并入事件时间", null=True, blank=True)
    follow_up_on = models.DateField("回访日期", null=True, blank=True)
    followed_up_at = models.DateTimeField("回访时间", null=True, blank=True)
    follow_up = models.TextField("回访结果", blank=True)
    late_told_at = models.DateTimeField("超时提醒时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "code"), name="one_demand_a_code"),
            models.UniqueConstraint(fields=("scene", "code"), condition=Q(incident=None), name="one_own_demand_a_code"),
        )
        indexes = (
            models.Index(fields=("owner", "state"), name="demands_of_a_post"),
            models.Index(fields=("scene", "state", "due_at"), name="demands_by_limit"),
            models.Index(fields=("scene", "raised_at"), name="demands_by_day"),
        )
        ordering = ("raised_at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"

    def save(self, *args: object, **kwargs: object) -> None:
        """What is searched follows the text."""
        if not kwargs.get("update_fields"):
            self.words = fold(f"{self.code} {self.text} {self.answer}")
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Neither answered nor declined."""
        return self.state == self.State.OPEN

    def is_late(self, now: datetime) -> bool:
        """Open and past its limit."""
        return self.is_open and self.due_at < now


class DemandMove(models.Model):
    """转办 (passing on) of a demand: from which post to which, why, when."""

    demand = models.ForeignKey(Demand, verbose_name="诉求", on_delete=models.CASCADE, related_name="moves")
    from_post = models.CharField("由", max_length=60)
    to_post = models.CharField("转", max_length=60)
    reason = models.TextField("理由", blank=True)
    by = models.CharField("经办岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.demand.code} {self.from_post} → {self.to_post}"


class DemandContact(models.Model):
    """联系方式 (contact) of whoever asked, only where the answer has to reach a person: encrypted, seen by the post
    that answers, erased some days after the answer. It enters no entry, no search, no export, no archive."""

    demand = models.OneToOneField(Demand, verbose_name="诉求", on_delete=models.CASCADE, related_name="contact")
    sealed = models.TextField("密文", blank=True)
    kept_at = models.DateTimeField("登记时间")
    erased_at = models.DateTimeField("删除时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.demand.code} {'已删除' if self.erased_at else '在存'}"
