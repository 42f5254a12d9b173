"""Care referrals: handed once to the posts of counselling, seen by nobody else, gone after some days."""

from django.db import models


class CareReferral(models.Model):
    """关怀转介 (care referral): what somebody saw of a person in distress, encrypted; no person, item or incident.

    `posts`: codes of the posts that had the right of care when it was handed over; only they may read it.
    """

    class State(models.TextChoices):
        """状态 (state): says what was done, never of whom."""

        WAITING = "waiting", "待查看"
        RECEIVED = "received", "已接收"
        CONTACTED = "contacted", "已联系"
        NOT_NEEDED = "not_needed", "无需联系"

    token = models.UUIDField("编号", unique=True)
    sealed = models.BinaryField("密文", default=bytes)
    posts = models.JSONField("可看的岗位", default=list)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.WAITING)
    handed_at = models.DateTimeField("转交时间", db_index=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)

    class Meta:
        ordering = ("-handed_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.handed_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (self.State.WAITING, self.State.RECEIVED)
