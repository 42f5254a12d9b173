"""The incident, the plan it began with, its key, and the items attached to it."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from shudao.base.models import SceneRow
from shudao.base.scene import Scene
from shudao.engine.plan.load import plan_from_json
from shudao.engine.plan.model import Plan
from shudao.engine.respond.state import RunState, state_from_json
from shudao.listen.models import Item


class PlanCopy(models.Model):
    """预案副本 (plan copy): an edition as it was when an incident began. Never changed; found by its digest."""

    digest = models.CharField("摘要值", max_length=64, unique=True)
    plan_id = models.CharField("预案", max_length=80)
    title = models.CharField("名称", max_length=200)
    edition = models.CharField("版次", max_length=40)
    data = models.TextField("内容")

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"


MOST_PLANS = 64
_plans: dict[str, Plan] = {}
"""Plans read before; the same object for the same digest, so that its index is built once."""


def plan_of_digest(digest: str) -> Plan:
    """The plan of a kept copy."""
    if digest not in _plans:
        warm_plans([digest])
    return _plans[digest]


def warm_plans(digests: Iterable[str]) -> None:
    """Read the plans of many incidents with one question at most; what was read before is not asked for."""
    missing = {digest for digest in digests if digest not in _plans}
    if not missing:
        return
    if len(_plans) + len(missing) > MOST_PLANS:
        _plans.clear()
    for digest, data in PlanCopy.objects.filter(digest__in=missing).values_list("digest", "data"):
        _plans[digest] = plan_from_json(data)


class Incident(SceneRow):
    """事件 (incident): one matter being handled under one frozen edition of a plan. `state` is the run of that plan."""

    class Origin(models.TextChoices):
        """来由 (origin)."""

        ALERT = "alert", "监测预警"
        HOTLINE = "hotline", "热线来电"
        SECURITY = "security", "安保部门"
        LEADER = "leader", "领导交办"
        OTHER = "other", "其他"

    number = models.CharField("编号", max_length=40)
    title = models.CharField("名称", max_length=200)
    origin = models.CharField("来由", max_length=10, choices=Origin.choices)
    alert = models.CharField("预警", max_length=60, blank=True)
    plan_copy = models.ForeignKey(
        PlanCopy, verbose_name="预案", to_field="digest", on_delete=models.PROTECT, related_name="incidents"
    )
    level = models.CharField("级别", max_length=20, blank=True)
    is_level_assumed = models.BooleanField("级别为默认", default=False)
    state_json = models.TextField("运行状态")
    opened_at = models.DateTimeField("启动时间")
    opened_by = models.CharField("启动岗位", max_length=60)
    settled_at = models.DateTimeField("平息时间", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "number"), name="one_incident_a_number"),)
        indexes = (models.Index(fields=("scene", "closed_at"), name="incidents_by_end"),)
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def stream(self) -> str:
        """The ledger stream of what happens in it: its own, or its drill run's."""
        scene = self.scene_value
        return f"incident/{self.number}" if scene.is_live else scene.stream

    @property
    def is_open(self) -> bool:
        """Not closed yet."""
        return self.closed_at is None

    @property
    def level_colour(self) -> str:
        """Colour of its level in the plan; "" while it has none."""
        return next((level.colour for level in self.plan.levels if level.code == self.level), "")

    @property
    def plan(self) -> Plan:
        """The plan it began with."""
        return plan_of_digest(self.plan_copy_id)

    @property
    def state(self) -> RunState:
        """The run of its plan."""
        return state_from_json(self.state_json)


class OfIncident(models.Model):
    """A row that belongs to an incident and writes to its stream."""

    incident = models.ForeignKey(Incident, verbose_name="事件", on_delete=models.CASCADE)

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """The stream of its incident."""
        return self.incident.stream


class OfScene(SceneRow):
    """A row that may belong to an incident, or to none: then it is the office's ordinary business and writes to the
    scene's own stream."""

    incident = models.ForeignKey(Incident, verbose_name="事件", on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row of an incident stands in its scene."""
        if not self.scene and self.incident is not None:
            self.scene = self.incident.scene
        super().save(*args, **kwargs)

    @property
    def stream(self) -> str:
        """The stream of its incident, else the scene's own."""
        return self.incident.stream if self.incident else Scene(self.scene).stream


class IncidentKey(models.Model):
    """事件密钥 (incident key): gives each author one pseudonym in this incident. Zeros once destroyed."""

    incident = models.OneToOneField(Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="key_row")
    key = models.BinaryField("密钥")
    made_at = models.DateTimeField("生成时间")
    destroyed_at = models.DateTimeField("销毁时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.incident} {'销毁' if self.destroyed_at else '有效'}"

    @property
    def is_alive(self) -> bool:
        """Whether it can still tell a voice."""
        return self.destroyed_at is None


class Attachment(OfIncident):
    """关联信息 (attachment): an item that belongs to the incident, as the incident's own key names its voices."""

    item = models.ForeignKey(Item, verbose_name="信息条", on_delete=models.PROTECT, related_name="+")
    voice = models.CharField("化名", max_length=20, blank=True)
    title = models.TextField("标题", blank=True)
    text = models.TextField("正文", blank=True)
    attached_at = models.DateTimeField("关联时间")
    by = models.CharField("岗位", max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "item"), name="one_attachment_an_item"),)
        indexes = (models.Index(fields=("incident", "voice"), name="voices_of_an_incident"),)

    def __str__(self) -> str:
        return (self.title or self.text)[:60]


class Milestone(OfIncident):
    """里程碑 (milestone) reached by an incident; the first time counts."""

    name = models.CharField("名称", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "name"), name="one_milestone_a_name"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%m-%d %H:%M}"
