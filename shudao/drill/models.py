"""Runs, what is sent into them, and their scores."""

import msgspec
from django.db import models
from django.utils.functional import cached_property

from shudao.base.models import DueRow
from shudao.base.scene import Scene
from shudao.engine.drill.model import Scenario


class Run(models.Model):
    """场次 (run): one drill of one scenario with one plan edition, in the scene `run:<code>`.

    The scenario is kept as it was when the run was made; later edits of the library change nothing here.
    """

    class State(models.TextChoices):
        READY = "ready", "待开始"
        RUNNING = "running", "进行中"
        PAUSED = "paused", "暂停"
        FINISHED = "finished", "已结束"

    code = models.CharField("编号", max_length=20, unique=True)
    scenario_id = models.CharField("脚本", max_length=60)
    scenario_digest = models.CharField("脚本摘要", max_length=64)
    scenario_json = models.TextField("脚本内容")
    edition = models.ForeignKey("plan.Edition", verbose_name="预案版次", on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField("种子")
    team = models.CharField("队伍", max_length=40)
    speed = models.PositiveSmallIntegerField("倍速", default=1)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.READY)
    started_at = models.DateTimeField("开始", null=True, blank=True)
    ends_at = models.DateTimeField("最迟结束", null=True, blank=True)
    finished_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.code} {self.scenario_id}"

    @property
    def scene(self) -> Scene:
        """The run's own scene."""
        return Scene.run(self.code)

    @property
    def stream(self) -> str:
        """The ledger stream that holds all of it."""
        return self.scene.stream

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was when the run was made."""
        return msgspec.json.decode(self.scenario_json, type=Scenario)

    @property
    def is_open(self) -> bool:
        """Running or paused."""
        return self.state in (self.State.RUNNING, self.State.PAUSED)


class InjectRow(DueRow):
    """情景注入 (inject) of a run and, with `wave` > 0, a later part of its posts; one row is sent once."""

    class State(models.TextChoices):
        READY = "ready", "待发"
        SENT = "sent", "已发"
        SKIPPED = "skipped", "条件不成立"
        CANCELLED = "cancelled", "取消"

    run = models.ForeignKey(Run, verbose_name="场次", on_delete=models.CASCADE, related_name="injects")
    inject = models.CharField("注入", max_length=60)
    wave = models.PositiveIntegerField("批次", default=0)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.READY)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    posts = models.TextField("帖文", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "inject", "wave"), name="one_row_a_wave"),)
        ordering = ("due_at", "pk")

    def __str__(self) -> str:
        return f"{self.run.code} {self.inject}.{self.wave} {self.state}"


class Score(models.Model):
    """评分 (score) of a run as it was last computed; always recomputable from the ledger."""

    run = models.OneToOneField(Run, verbose_name="场次", on_delete=models.CASCADE, related_name="score")
    at = models.DateTimeField("时间")
    total = models.FloatField("总分")
    coverage = models.FloatField("覆盖")
    data = models.JSONField("内容")

    def __str__(self) -> str:
        return f"{self.run.code} {self.total}"
