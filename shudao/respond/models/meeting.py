"""Meetings."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Meeting(OfIncident):
    """会商 (meeting): called to some posts with an agenda, held with those present; questions, options, choices, reasons.

    `rulings`: [{question, options, choice, reason, post, due_at}]: what a post is to do became its task. `least` of those
    called make a meeting; held with fewer, `short_reason` says why. One that was never called is written down when held.
    """

    code = models.CharField("编号", max_length=20, blank=True)
    called = models.JSONField("通知岗位", default=list)
    agenda = models.JSONField("议题", default=list)
    place = models.CharField("地点", max_length=120, blank=True)
    called_at = models.DateTimeField("通知时间", null=True, blank=True)
    starts_at = models.DateTimeField("开始时间", null=True, blank=True)
    least = models.PositiveSmallIntegerField("法定人数", null=True, blank=True)
    short_reason = models.TextField("人数不足理由", blank=True)
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
        """How many of those called make it a meeting: as stated, else more than half (assumed)."""
        return self.least or len(self.called) // 2 + 1

    @property
    def is_quorate(self) -> bool:
        """Whether enough of those called are there."""
        there = set(self.present if self.is_held else self.joined)
        return len(there & set(self.called)) >= self.quorum if self.called else True


class Analysis(OfIncident):
    """会同研判 (joint analysis): the heads who were asked what they make of it, and whether a meeting follows.

    `meets` stays empty until it is decided.
    """

    code = models.CharField("编号", max_length=20)
    asked = models.JSONField("征询岗位", default=list)
    question = models.TextField("研判什么", blank=True)
    post = models.CharField("发起岗位", max_length=60)
    asked_at = models.DateTimeField("发起时间")
    due_at = models.DateTimeField("期限", null=True, blank=True)
    meets = models.BooleanField("开会商", null=True, blank=True)
    reason = models.TextField("决定理由", blank=True)
    decided_by = models.CharField("决定岗位", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "code"), name="one_analysis_a_code"),)
        ordering = ("asked_at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.code}"

    @property
    def is_open(self) -> bool:
        """Not decided yet."""
        return self.decided_at is None


class View(models.Model):
    """看法 (view) of one post in a joint analysis: what it makes of it, which level, whether to meet."""

    analysis = models.ForeignKey(Analysis, verbose_name="研判", on_delete=models.CASCADE, related_name="views")
    post = models.CharField("岗位", max_length=60)
    text = models.TextField("看法")
    level = models.CharField("主张级别", max_length=20, blank=True)
    wants_meeting = models.BooleanField("主张开会商", null=True, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("analysis", "post"), name="one_view_a_post"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.analysis} {self.post}"
