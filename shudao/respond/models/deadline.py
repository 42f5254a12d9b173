"""Deadlines of a run."""

from django.db import models
from django.db.models import Q

from shudao.base.models import DueRow
from shudao.respond.models.incident import Incident


class Deadline(DueRow):
    """时限点 (deadline): a moment at which the run must be told that a limit, a rung or an interval has passed.

    `key` is the engine's (`due:`, `ack:`, `rung:`, `repeat:`, `wait:`) or one of the desk's (`stage:`, `demand:`).
    """

    incident = models.ForeignKey(Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="deadlines")
    key = models.CharField("键", max_length=200)
    is_assumed = models.BooleanField("节假日为推定", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "key"), condition=Q(done_at=None), name="one_open_deadline_a_key"
            ),
        )
        indexes = (models.Index(fields=("scene", "due_at"), condition=Q(done_at=None), name="deadlines_to_come"),)

    def __str__(self) -> str:
        return f"{self.incident.number} {self.key}"

    @property
    def stream(self) -> str:
        """The stream of its incident."""
        return self.incident.stream
