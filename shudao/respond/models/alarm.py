"""Alarms of a run."""

from django.db import models

from shudao.engine.respond.orders import ALARM_WORDS
from shudao.engine.words import Words
from shudao.respond.models.incident import OfIncident

DESK_WORDS = {
    "approval_late": Words("审签超时", "an approval is late"),
    "demand_late": Words("诉求答复超时", "the answer to a demand is late"),
    "task_late": Words("交办事项超时", "a task that was given is late"),
    "oral_late": Words("口头办理逾期未补认", "done by telephone and not confirmed in time"),
    "oral_disputed": Words("口头办理被否认", "what was recorded as done by telephone is disputed"),
    "views_late": Words("会同研判意见超时", "a view that was asked for is late"),
    "level_contested": Words("级别有异议", "the level is contested"),
}


class Alarm(OfIncident):
    """告警 (alarm): something a person must see at once. `reason` is a code with words; it stays until cleared."""

    reason = models.CharField("原因", max_length=30)
    step = models.CharField("动作", max_length=80, blank=True)
    post = models.CharField("岗位", max_length=60, blank=True)
    raised_at = models.DateTimeField("时间")
    cleared_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        ordering = ("raised_at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.reason}"

    @property
    def words(self) -> Words:
        """What it says."""
        return ALARM_WORDS.get(self.reason) or DESK_WORDS.get(self.reason) or Words(self.reason, self.reason)
