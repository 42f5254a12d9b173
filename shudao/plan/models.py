"""Editions of plans."""

from functools import lru_cache

from django.db import models

from shudao.engine.plan.load import plan_from_json
from shudao.engine.plan.model import Plan


class Edition(models.Model):
    """版次 (edition) of a plan. Its data are frozen once signed; an incident keeps the edition it began with."""

    code = models.SlugField("预案", max_length=60)
    version = models.CharField("版次", max_length=40)
    title = models.CharField("标题", max_length=200)
    kind = models.CharField("种类", max_length=40, blank=True)
    language = models.CharField("语言", max_length=8, default="zh")
    state = models.CharField("状态", max_length=10)
    data = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    adopted_at = models.DateTimeField("导入时间")
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    signed_by = models.CharField("签发岗位", max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "version"), name="one_edition_a_version"),)
        ordering = ("code", "-adopted_at")

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def plan(self) -> Plan:
        """The plan as the engine knows it."""
        return _plan(self.digest, self.data)

    @property
    def is_signed(self) -> bool:
        """In force: incidents may be opened under it."""
        return self.state == "signed"


@lru_cache(maxsize=32)
def _plan(_digest: str, data: str) -> Plan:
    return plan_from_json(data)
