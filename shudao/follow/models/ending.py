"""After handling: how an incident ended, the watch over it, what came back, where it is sealed."""

from django.db import models

from shudao.listen.models import Item
from shudao.respond.models import Incident


class OfIncident(models.Model):
    """A row about one incident; what is done to it is written to the incident's stream."""

    incident = models.ForeignKey(Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """The ledger stream of its incident."""
        return self.incident.stream


class Closure(OfIncident):
    """结束 (closure): when and by which post; with the reasons that stood against it when it was closed all the same."""

    closed_at = models.DateTimeField("结束时间")
    post = models.CharField("岗位", max_length=60)
    reasons = models.JSONField("当时未了事项", default=list)
    override_reason = models.TextField("仍予结束的理由", blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident",), name="one_closure_an_incident"),)

    def __str__(self) -> str:
        return f"{self.incident.number} {self.closed_at:%Y-%m-%d}"


class Watch(OfIncident):
    """跟踪 (watch) over an incident until a day; while it lasts the incident's key lives and voices are recognised."""

    begun_at = models.DateTimeField("开始")
    until = models.DateTimeField("到期", db_index=True)
    post = models.CharField("岗位", max_length=60)
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident",), name="one_watch_an_incident"),)

    def __str__(self) -> str:
        return f"{self.incident.number} → {self.until:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None

    @property
    def cursor(self) -> str:
        """Name of its place in the items of its scene."""
        return f"follow/{self.incident.number}"


class Recurrence(OfIncident):
    """再现 (recurrence): items read in one pass that bring the matter back, for one reason."""

    class Why(models.TextChoices):
        """原因 (why)."""

        COPY = "copy", "近似重复"
        CLAIM = "claim", "同一说法"
        STORY = "story", "同一话题"

    watch = models.ForeignKey(Watch, verbose_name="跟踪", on_delete=models.CASCADE, related_name="recurrences")
    code = models.CharField("编号", max_length=20)
    why = models.CharField("原因", max_length=10, choices=Why.choices)
    found_at = models.DateTimeField("发现时间")
    version = models.CharField("算法版本", max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("watch", "code"), name="one_recurrence_a_code"),)
        ordering = ("found_at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.code} {self.why}"


class RecurrenceItem(models.Model):
    """再现信息条 (recurrence item): what it comes back to, how much of it, and its voice within this incident alone."""

    recurrence = models.ForeignKey(Recurrence, verbose_name="再现", on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, verbose_name="信息条", on_delete=models.PROTECT, related_name="+")
    of = models.CharField("对应", max_length=600)
    share = models.FloatField("相符程度", default=1.0)
    changes = models.JSONField("与原文不同", default=list)
    voice = models.CharField("化名", max_length=20, blank=True)
    is_returning = models.BooleanField("曾在本事件中发声", default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("recurrence", "item"), name="one_recurrence_item"),)

    def __str__(self) -> str:
        return f"{self.recurrence} {self.item_id}"


class Archive(OfIncident):
    """档案 (archive): a sealed bundle of an incident: head and length in it, the file and its SHA-256."""

    sealed_at = models.DateTimeField("封存时间")
    post = models.CharField("岗位", max_length=60)
    length = models.PositiveIntegerField("记录条数")
    head = models.CharField("末条哈希", max_length=64)
    sha256 = models.CharField("文件哈希", max_length=64)
    name = models.CharField("文件名", max_length=200)
    erased_at = models.DateTimeField("清除时间", null=True, blank=True)

    class Meta:
        ordering = ("sealed_at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.name}"
