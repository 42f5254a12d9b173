"""What was done by telephone and written down by somebody else."""

from datetime import datetime

from django.db import models

from shudao.respond.models.incident import OfIncident


class OralAct(OfIncident):
    """口头办理 (oral act): a verb that a post did by telephone, recorded by another, to be confirmed by that post."""

    code = models.CharField("编号", max_length=20)
    verb = models.CharField("动作", max_length=60)
    about = models.CharField("对象", max_length=80, blank=True)
    post = models.CharField("办理岗位", max_length=60)
    recorder = models.CharField("代录岗位", max_length=60)
    told = models.TextField("谁告诉谁", blank=True)
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    confirm_by_at = models.DateTimeField("补认时限")
    is_limit_assumed = models.BooleanField("时限为推定", default=False)
    confirmed_at = models.DateTimeField("补认时间", null=True, blank=True)
    disputed_at = models.DateTimeField("异议时间", null=True, blank=True)
    reason = models.TextField("异议理由", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "code"), name="one_oral_act_a_code"),)
        indexes = (
            models.Index(
                fields=("post",), name="oral_acts_of_a_post", condition=models.Q(confirmed_at=None, disputed_at=None)
            ),
        )
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.verb} {self.post}"

    @property
    def is_open(self) -> bool:
        """Neither confirmed nor disputed."""
        return self.confirmed_at is None and self.disputed_at is None

    def is_late(self, now: datetime) -> bool:
        """Open and past its limit."""
        return self.is_open and self.confirm_by_at < now
