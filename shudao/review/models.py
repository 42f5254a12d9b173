"""Reports that were written and the lessons drawn from them."""

from dataclasses import dataclass

from django.db import models

from shudao.base.models import SceneRow
from shudao.base.scene import Scene
from shudao.engine.drill.model import Scenario
from shudao.engine.plan.model import Plan


@dataclass(frozen=True)
class Subject:
    """复盘对象 (subject): one stream with its plan, a real incident's or a drill run's. `matter` is its title in words."""

    scene: Scene
    stream: str
    matter: str
    plan: Plan
    scenario: Scenario | None = None
    evaluators: tuple[str, ...] = ()


class Report(SceneRow):
    """复盘报告 (after-action report): the Word file as written, its SHA-256, and the score that stands in it."""

    stream = models.CharField("记录流", max_length=80, db_index=True)
    number = models.CharField("编号", max_length=40, unique=True)
    written_at = models.DateTimeField("成文时间")
    length = models.PositiveIntegerField("成文时记录条数")
    head = models.CharField("成文时末条哈希", max_length=64)
    total = models.FloatField("总分", null=True)
    coverage = models.FloatField("到期占比", null=True)
    grade = models.CharField("等次", max_length=20, blank=True)
    score = models.JSONField("评分")
    document = models.BinaryField("文件")
    sha256 = models.CharField("文件哈希", max_length=64)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.number

    @property
    def file_name(self) -> str:
        """Its name in a bundle or a download."""
        return f"after-action-{self.number}.docx"


class Lesson(SceneRow):
    """改进项 (lesson): what changes, whose it is, until when, and the proof; done is a time and a post, not a flag."""

    stream = models.CharField("记录流", max_length=80, db_index=True)
    code = models.CharField("编号", max_length=40)
    text = models.TextField("改进内容")
    post = models.CharField("责任岗位", max_length=60)
    due_at = models.DateTimeField("期限")
    step = models.CharField("对应规定动作", max_length=60, blank=True)
    wanted_proof = models.TextField("验收方式", blank=True)
    added_at = models.DateTimeField("登记时间")
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    done_by = models.CharField("完成岗位", max_length=60, blank=True)
    proof = models.TextField("完成证明", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stream", "code"), name="one_lesson_a_code"),)
        ordering = ("stream", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.text[:30]}"

    @property
    def is_done(self) -> bool:
        """Whether its proof has been handed in."""
        return self.done_at is not None
