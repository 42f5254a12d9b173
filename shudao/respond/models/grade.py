"""Levels: what the plan's criteria proposed, what a post confirmed."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class LevelProposal(OfIncident):
    """级别建议 (proposal) by the plan's criteria, with the evidence of each and the facts still missing.

    `sources`: measure -> {how, by, at, of}: measured from the attached posts, or stated by a post, upon which fact.
    """

    level = models.CharField("级别", max_length=20)
    rule = models.CharField("依据方式", max_length=10)
    is_upgraded = models.BooleanField("已升级", default=False)
    clauses = models.JSONField("条款", default=list)
    evidence = models.JSONField("各条依据", default=list)
    missing = models.JSONField("尚缺", default=list)
    sources = models.JSONField("各值来处", default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.level}"


class Grade(OfIncident):
    """定级 (grade): a level confirmed by an authorised post, with clause and reason. The last one holds."""

    level = models.CharField("级别", max_length=20)
    clause = models.CharField("条款", max_length=60, blank=True)
    reason = models.TextField("理由", blank=True)
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.level}"


class LevelContest(OfIncident):
    """级别异议 (contest) of the level in force by a post with a say in it; answered by the next confirmed level."""

    level = models.CharField("现行级别", max_length=20, blank=True)
    wanted = models.CharField("主张级别", max_length=20)
    reason = models.TextField("理由")
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer = models.ForeignKey(Grade, verbose_name="答复", on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.level} → {self.wanted}"
