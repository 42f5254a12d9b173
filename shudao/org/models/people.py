"""People: who works with the site, who holds which post, and the links that let them in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shudao.org.models.structure import Post


class Staff(models.Model):
    """人员 (staff): a person of the organisation who works with the site. Number and address are his own to give."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name="账号", on_delete=models.PROTECT)
    name = models.CharField("姓名", max_length=60)
    is_administrator = models.BooleanField("管理员", default=False)
    phone = models.CharField("电话", max_length=40, blank=True)
    mail = models.EmailField("邮箱", max_length=120, blank=True)
    left_at = models.DateTimeField("离开时间", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """任职 (holding): who holds a post, from when to when."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="holdings")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="holdings")
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(to_at=None) | Q(to_at__gte=F("from_at")), name="a_holding_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=("from_at", "to_at"), name="holdings_by_time"),)

    def __str__(self) -> str:
        return f"{self.post}: {self.staff}"


class EntryLink(models.Model):
    """一次性登录链接 (one-time link): only its digest is kept; it works once and not for long."""

    digest = models.CharField("摘要", max_length=64, unique=True)
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.staff} {self.expires_at:%m-%d %H:%M}"


class SheetUpload(models.Model):
    """上传的表 (uploaded sheet): kept until its preview is confirmed, an hour at most, for the one who uploaded it."""

    token = models.CharField("编号", max_length=43, unique=True)
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    name = models.CharField("文件名", max_length=200)
    data = models.BinaryField("内容")
    digest = models.CharField("摘要", max_length=64)
    is_whole = models.BooleanField("完整名单", default=False)
    expires_at = models.DateTimeField("失效时间")

    def __str__(self) -> str:
        return self.name
