"""What every stage that lets papers be signed keeps: one row for each post of each stage of a route."""

from datetime import datetime, timedelta

from django.db import models


class SigningRow(models.Model):
    """审签席位 (signing row): whose yes is waited for, until when, and what came. Walked by `engine.plan.route`."""

    class State(models.TextChoices):
        """状态 (state)."""

        WAITING = "waiting", "待签"
        APPROVED = "approved", "同意"
        RETURNED = "returned", "退回"
        SPARED = "spared", "免签"

    stage = models.PositiveSmallIntegerField("环节")
    post = models.CharField("岗位", max_length=60)
    need = models.CharField("须签", max_length=3, default="all")
    within = models.PositiveIntegerField("时限(分)", null=True, blank=True)
    are_deputies_ok = models.BooleanField("副岗可签", default=True)
    may_return = models.BooleanField("可退回", default=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    since = models.DateTimeField("送达时间", null=True, blank=True)
    by = models.CharField("签批岗位", max_length=60, blank=True)
    signer = models.CharField("签批人", max_length=60, blank=True)
    at = models.DateTimeField("签批时间", null=True, blank=True)
    reason = models.TextField("意见", blank=True)
    is_oral = models.BooleanField("口头", default=False)
    written_by_at = models.DateTimeField("补签时限", null=True, blank=True)
    written_at = models.DateTimeField("补签时间", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def due_at(self) -> datetime | None:
        """Until when it should be signed."""
        if self.since is None or self.within is None:
            return None
        return self.since + timedelta(minutes=self.within)

    def is_late(self, now: datetime) -> bool:
        """Waits, and its time is over."""
        return self.state == self.State.WAITING and self.due_at is not None and self.due_at < now
