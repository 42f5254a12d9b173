"""People: who works with the site, who holds which post, who is on duty, and the links that let them in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shudao.org.models.structure import Post


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
