"""Tests of who can be reached."""

from django.db import models
from django.db.models import Q

from shudao.org.models import Staff


class ReachTest(models.Model):
    """联通测试 (reachability test): everyone who holds a post is asked to answer with one tap, within a limit."""

    reason = models.CharField("事由", max_length=120)
    started_at = models.DateTimeField("开始时间")
    started_by = models.CharField("发起岗位", max_length=60)
    ends_at = models.DateTimeField("截止时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.CharField("结束岗位", max_length=60, blank=True)
    address = models.CharField("本站地址", max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="reach_tests_to_end"),)
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return self.reason

    @property
    def number(self) -> str:
        """How it is named in addresses, messages and entries."""
        return str(self.pk)


class ReachCall(models.Model):
    """点名 (roll call) of one person in a test, with his post and unit as they were. `via`: inbox, page or link."""

    test = models.ForeignKey(ReachTest, verbose_name="测试", on_delete=models.CASCADE, related_name="calls")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    post = models.CharField("岗位", max_length=60)
    post_name = models.CharField("岗位名称", max_length=120)
    unit = models.CharField("单位", max_length=120)
    answered_at = models.DateTimeField("应答时间", null=True, blank=True)
    via = models.CharField("应答途径", max_length=10, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("test", "staff"), name="one_call_a_person"),)
        ordering = ("unit", "post_name", "pk")

    def __str__(self) -> str:
        return f"{self.staff} {self.test}"
