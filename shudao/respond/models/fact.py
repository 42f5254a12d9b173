"""The fact sheet."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Fact(OfIncident):
    """事实 (fact) on the sheet: known, not known, or found false; a correction is a new row that replaces an old one."""

    class Status(models.TextChoices):
        """状态 (status)."""

        KNOWN = "known", "已核实"
        NOT_KNOWN = "not_known", "尚待核实"
        FALSE = "false", "查明不实"

    code = models.CharField("编号", max_length=20)
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    text = models.TextField("内容", blank=True)
    figures = models.JSONField("数字", default=dict)
    ref = models.CharField("出处编号", max_length=80, blank=True)
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")
    replaced_by = models.ForeignKey("self", verbose_name="更正为", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "code"), name="one_fact_a_code"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"
