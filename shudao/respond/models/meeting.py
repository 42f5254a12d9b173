"""Meetings."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Meeting(OfIncident):
    """会商 (meeting): which posts were present and what was decided."""

    present = models.JSONField("参加岗位", default=list)
    decision = models.TextField("决定", blank=True)
    post = models.CharField("主持岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.at:%m-%d %H:%M}"
