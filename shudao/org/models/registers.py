"""The registers the written plan asks for."""

from django.db import models

from shudao.org.models.structure import Unit


class OwnAccount(models.Model):
    """自有账号 (own account) on which the organisation speaks in its own name."""

    platform = models.CharField("平台", max_length=60)
    name = models.CharField("名称", max_length=120)
    channel = models.CharField("渠道", max_length=40)

    def __str__(self) -> str:
        return f"{self.platform} {self.name}"


class Observer(models.Model):
    """信息员 (observer): one of the organisation's own people who reports what he sees, and when he was trained."""

    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    trained_on = models.DateField("最近培训", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """媒体 (outlet): tier 0 no medium, 1 local, 2 provincial, 3 national."""

    name = models.CharField("名称", max_length=120, unique=True)
    kind = models.CharField("类别", max_length=20, default="news")
    tier = models.PositiveSmallIntegerField("层级", default=1)

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """更正 (correction) asked of an outlet: evidence, its reply, when the record is reviewed. Not a blacklist."""

    outlet = models.ForeignKey(Outlet, verbose_name="媒体", on_delete=models.CASCADE, related_name="corrections")
    asked_on = models.DateField("提出日期")
    claim = models.TextField("不实说法")
    evidence = models.TextField("依据")
    reply = models.TextField("答复", blank=True)
    review_on = models.DateField("复核日期")

    def __str__(self) -> str:
        return f"{self.outlet} {self.asked_on}"
