"""Who is who: units, posts, deputies, staff, shifts, and the registers the written plan asks for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Organisation(models.Model):
    """组织 (organisation): the one this site serves."""

    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    parent = models.CharField("上级单位", max_length=120, blank=True)
    plan_kind = models.CharField("预案种类", max_length=40, blank=True)
    is_sample = models.BooleanField("示例单位", default=False)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """单位 (unit): a department, group or outside body."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, default="department")
    parent = models.ForeignKey("self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位 (post): what plans name; persons hold posts for a time."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts")

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """副岗 (deputy) of a post, in order."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Post, verbose_name="副岗", on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField("次序", default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("post", "deputy"), name="one_deputy_a_post"),
            models.CheckConstraint(condition=~Q(post=F("deputy")), name="no_deputy_of_oneself"),
        )
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return f"{self.post} → {self.deputy}"


class Staff(models.Model):
    """人员 (staff): a person of the organisation who works with the site."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name="账号", on_delete=models.PROTECT)
    name = models.CharField("姓名", max_length=60)
    is_administrator = models.BooleanField("管理员", default=False)

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """任职 (holding): who holds a post, from when to when."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="holdings")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="holdings")
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.post}: {self.staff}"


class Shift(models.Model):
    """班次 (shift): who is on duty in a post in a stretch of time; narrower than a holding."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="shifts")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="shifts")
    start_at = models.DateTimeField("开始")
    end_at = models.DateTimeField("结束")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="a_shift_ends_after_it_starts"),
        )
        ordering = ("start_at",)

    def __str__(self) -> str:
        return f"{self.post} {self.start_at:%m-%d %H:%M}"


class EntryLink(models.Model):
    """一次性登录链接 (one-time link): only its digest is kept; it works once and not for long."""

    digest = models.CharField("摘要", max_length=64, unique=True)
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.staff} {self.expires_at:%m-%d %H:%M}"


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
