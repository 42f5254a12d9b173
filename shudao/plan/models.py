"""Editions of plans, and the written plans they were read from."""

from functools import lru_cache

import msgspec
from django.db import models

from shudao.engine.plan.load import plan_from_json
from shudao.engine.plan.model import Plan
from shudao.engine.plan.read.reading import Reading
from shudao.engine.words import Words
from shudao.org.models.signing import SigningRow


class Upload(models.Model):
    """文字预案 (written plan) that somebody handed over, and what was understood of it. The file stays beside its reading."""

    class State(models.TextChoices):
        """状态 (state) of the reading; a large file waits for the worker."""

        WAITING = "waiting", "等待读入"
        READ = "read", "已读入"
        FAILED = "failed", "读不出"

    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    size = models.PositiveIntegerField("字节")
    data = models.BinaryField("内容")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reading_json = models.TextField("读数", blank=True)
    counts = models.JSONField("计数", default=dict, blank=True)
    fault_zh = models.CharField("错误", max_length=300, blank=True)
    fault_en = models.CharField("错误(英文)", max_length=300, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传岗位", max_length=60)
    read_at = models.DateTimeField("读入时间", null=True, blank=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_read(self) -> bool:
        """Its reading can be shown."""
        return self.state == self.State.READ

    @property
    def reading(self) -> Reading:
        """What was understood."""
        return _reading(self.pk, self.reading_json)

    @property
    def fault(self) -> Words:
        """Why it could not be read."""
        return Words(zh=self.fault_zh, en=self.fault_en)


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
    origin = models.CharField("来历", max_length=120, blank=True)
    upload = models.ForeignKey(
        Upload, verbose_name="文字预案", null=True, blank=True, on_delete=models.SET_NULL, related_name="editions"
    )
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)
    retired_for = models.CharField("停用理由", max_length=300, blank=True)
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    submitted_by = models.CharField("送审岗位", max_length=60, blank=True)
    submitter = models.CharField("送审人", max_length=60, blank=True)

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

    @property
    def is_draft(self) -> bool:
        """Not signed yet: it may still be changed."""
        return self.state in ("draft", "review")


class PlanSignature(SigningRow):
    """预案签名 (plan signature): one post's yes to an edition, in one round of its route; a returned one begins anew."""

    edition = models.ForeignKey(Edition, verbose_name="版次", on_delete=models.CASCADE, related_name="signatures")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    late_told_at = models.DateTimeField("超时提醒", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "round", "stage", "post"), name="one_signature_a_stage_and_post"
            ),
        )
        ordering = ("round", "stage", "pk")

    def __str__(self) -> str:
        return f"{self.edition} {self.stage} {self.post}"


@lru_cache(maxsize=32)
def _plan(_digest: str, data: str) -> Plan:
    return plan_from_json(data)


@lru_cache(maxsize=8)
def _reading(_key: int, raw: str) -> Reading:
    return msgspec.json.decode(raw, type=Reading)
