"""Meetings."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Meeting(OfIncident):
    """会商 (meeting): called to some posts with an agenda, held with those present; questions, options, choices, reasons.

    `rulings`: [{question, options, choice, reason}]. One that was never called is written down when it is held.
    """

    code = models.CharField("编号", max_length=20, blank=True)
    called = models.JSONField("通知岗位", default=list)
    agenda = models.JSONField("议题", default=list)
    place = models.CharField("地点", max_length=120, blank=True)
    called_at = models.DateTimeField("通知时间", null=True, blank=True)
    starts_at = models.DateTimeField("开始时间", null=True, blank=True)
    joined = models.JSONField("已到岗位", default=list)
    present = models.JSONField("参加岗位", default=list)
    decision = models.TextField("决定", blank=True)
    rulings = models.JSONField("议决", default=list)
    post = models.CharField("主持岗位", max_length=60)
    at = models.DateTimeField("时间")
    held_at = models.DateTimeField("召开时间", null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.at:%m-%d %H:%M}"

    @property
    def is_held(self) -> bool:
        """Whether it took place; a row from before meetings were called always did."""
        return self.held_at is not None or self.called_at is None

    @property
    def quorum(self) -> int:
        """How many of those called make it a meeting: more than half. Assumed: written plans rarely say."""
        return len(self.called) // 2 + 1

    @property
    def is_quorate(self) -> bool:
        """Whether enough of those called are there."""
        there = set(self.present if self.is_held else self.joined)
        return len(there & set(self.called)) >= self.quorum if self.called else True
