"""The registers the written plan asks for. What is no longer kept is retired, never deleted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shudao.org.models.structure import Post, Unit


class OwnAccount(models.Model):
    """自有账号 (own account or group) on which the organisation speaks in its own name, and who answers for it."""

    class Kind(models.TextChoices):
        """An account that publishes, or a group that the organisation runs."""

        ACCOUNT = "account", _("账号")
        GROUP = "group", _("群组")

    platform = models.CharField("平台", max_length=60)
    name = models.CharField("名称", max_length=120)
    channel = models.CharField("渠道", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.ACCOUNT)
    address = models.URLField("网址", max_length=300, blank=True)
    owner = models.ForeignKey(
        Post, verbose_name="负责岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_on = models.DateField("最近核对", null=True, blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.platform} {self.name}"


class Observer(models.Model):
    """信息员 (observer): one of the organisation's own people who reports what he sees, and when he was trained."""

    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    since = models.DateField("聘任日期", null=True, blank=True)
    trained_on = models.DateField("最近培训", null=True, blank=True)
    ended_on = models.DateField("离任日期", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """媒体 (outlet): tier 0 no medium, 1 local, 2 provincial, 3 national."""

    class Tier(models.IntegerChoices):
        """How far its word carries."""

        NONE = 0, _("非媒体")
        LOCAL = 1, _("本地")
        PROVINCE = 2, _("省级")
        NATION = 3, _("全国")

    class Kind(models.TextChoices):
        """What it is."""

        NEWS = "news", _("新闻网站或客户端")
        PRINT = "print", _("报刊")
        RADIO = "radio", _("广播")
        TV = "tv", _("电视")
        WEB = "web", _("网站")
        SOCIAL = "social", _("社交平台账号")

    name = models.CharField("名称", max_length=120, unique=True)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.NEWS)
    tier = models.PositiveSmallIntegerField("层级", choices=Tier.choices, default=Tier.LOCAL)
    retired_on = models.DateField("停用日期", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """更正 (correction) asked of an outlet: evidence, its reply, when the record is reviewed. Not a blacklist."""

    class Outcome(models.TextChoices):
        """What became of it; the outlet may have been right."""

        OPEN = "open", _("待答复")
        CORRECTED = "corrected", _("对方已更正")
        EXPLAINED = "explained", _("对方已说明")
        KEPT = "kept", _("对方维持原报道")
        WITHDRAWN = "withdrawn", _("我方撤回")

    outlet = models.ForeignKey(Outlet, verbose_name="媒体", on_delete=models.CASCADE, related_name="corrections")
    asked_on = models.DateField("提出日期")
    claim = models.TextField("不实说法")
    evidence = models.TextField("依据")
    reply = models.TextField("答复", blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    review_on = models.DateField("复核日期")
    reviewed_on = models.DateField("最近复核", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.outlet} {self.asked_on}"


class Activity(models.Model):
    """宣教活动 (activity): training or awareness work of a unit: what, when, how many came, and what shows it."""

    class Kind(models.TextChoices):
        """What was done."""

        TRAINING = "training", _("培训")
        AWARENESS = "awareness", _("宣传教育")
        DRILL = "drill", _("演练观摩")
        TALK = "talk", _("座谈走访")

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    held_on = models.DateField("日期")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField("主题", max_length=200)
    attended = models.PositiveIntegerField("参加人数", default=0)
    evidence = models.TextField("佐证", blank=True)
    file = models.BinaryField("佐证文件", null=True, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    observers = models.ManyToManyField(Observer, verbose_name="参加的信息员", blank=True, related_name="activities")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(file=None) | ~Q(file_name=""), name="a_file_has_a_name"),)
        indexes = (models.Index(fields=("held_on",), name="activities_by_day"),)
        ordering = ("-held_on", "-pk")

    def __str__(self) -> str:
        return f"{self.held_on} {self.subject}"
