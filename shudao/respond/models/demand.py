"""What the public asks."""

from datetime import datetime

from django.db import models

from shudao.respond.models.incident import OfIncident


class Demand(OfIncident):
    """诉求 (demand) of the public with an owner and a limit; open until answered, or declined with a reason."""

    class State(models.TextChoices):
        """状态 (state)."""

        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        DECLINED = "declined", "不予采纳"

    code = models.CharField("编号", max_length=20)
    text = models.TextField("内容")
    owner = models.CharField("责任岗位", max_length=60)
    due_at = models.DateTimeField("答复时限")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.CharField("答复岗位", max_length=60, blank=True)
    ref = models.CharField("出处编号", max_length=80, blank=True)
    raised_at = models.DateTimeField("登记时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "code"), name="one_demand_a_code"),)
        indexes = (models.Index(fields=("owner", "state"), name="demands_of_a_post"),)
        ordering = ("raised_at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"

    def is_late(self, now: datetime) -> bool:
        """Open and past its limit."""
        return self.state == self.State.OPEN and self.due_at < now
