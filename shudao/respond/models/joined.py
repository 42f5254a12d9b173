"""An incident put on another edition; incidents linked, and merged into one another with what was carried over."""

from django.db import models
from django.db.models import Q

from shudao.engine.plan.model import Plan
from shudao.respond.models.incident import Incident, OfIncident, PlanCopy, plan_of_digest


class PlanChange(OfIncident):
    """换版 (plan change): from when an incident ran under which edition, who signed it, why."""

    before = models.ForeignKey(
        PlanCopy, verbose_name="原版", to_field="digest", on_delete=models.PROTECT, related_name="left_by"
    )
    after = models.ForeignKey(
        PlanCopy, verbose_name="新版", to_field="digest", on_delete=models.PROTECT, related_name="taken_by"
    )
    reason = models.TextField("理由", blank=True)
    post = models.CharField("签署岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    @property
    def plan_before(self) -> Plan:
        """The edition that was left."""
        return plan_of_digest(self.before_id)

    @property
    def plan_after(self) -> Plan:
        """The edition that was taken."""
        return plan_of_digest(self.after_id)

    def __str__(self) -> str:
        return f"{self.incident.number} {self.before.edition} → {self.after.edition}"


class IncidentLink(models.Model):
    """事件关联 (link) of two incidents that belong together and are handled apart."""

    incident = models.ForeignKey(Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Incident, verbose_name="另一事件", on_delete=models.CASCADE, related_name="linked_by")
    note = models.TextField("关系说明", blank=True)
    by = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")
    ended_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "other"), condition=Q(ended_at=None), name="one_link_a_pair_of_incidents"
            ),
        )
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} – {self.other.number}"


class Merger(models.Model):
    """并案 (merger): one incident went into another and is closed by it."""

    incident = models.OneToOneField(Incident, verbose_name="被并事件", on_delete=models.CASCADE, related_name="merger")
    into = models.ForeignKey(Incident, verbose_name="并入事件", on_delete=models.CASCADE, related_name="mergers")
    reason = models.TextField("理由", blank=True)
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} → {self.into.number}"


class Carried(models.Model):
    """移交事项 (carried over): a piece of open work and where it is now. Words and voices are not among it: what was
    attached stays with its incident, under that incident's own key."""

    class Kind(models.TextChoices):
        """种类 (kind)."""

        DEMAND = "demand", "诉求"
        TASK = "task", "任务"
        STATEMENT = "statement", "声明"
        PROMISE = "promise", "承诺"
        REPORT = "report", "报告"

    merger = models.ForeignKey(Merger, verbose_name="并案", on_delete=models.CASCADE, related_name="carried")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    before = models.CharField("原编号", max_length=20)
    after = models.CharField("新编号", max_length=20)
    title = models.CharField("名称", max_length=200, blank=True)

    class Meta:
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
