"""Signing in: the office's rules, and the devices on which people are signed in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInRules(models.Model):
    """登录规定 (sign-in rules) of this site: one row, or none while nothing was changed."""

    class Asked(models.TextChoices):
        """Of whom a second factor is asked."""

        NOBODY = "nobody", _("不要求，各人自愿")
        ADMINISTRATORS = "administrators", _("管理员必须启用")
        EVERYBODY = "everybody", _("所有人必须启用")

    second_factor = models.CharField("二次验证", max_length=20, choices=Asked.choices, default=Asked.NOBODY)
    makes_staff = models.BooleanField("统一身份认证自动建档", default=False)

    def __str__(self) -> str:
        return self.get_second_factor_display()


class Device(models.Model):
    """登录设备 (device): a browser on which somebody is signed in; gone with its session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="账号", on_delete=models.CASCADE, related_name="+")
    key = models.CharField("会话", max_length=40, unique=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    address = models.CharField("网络地址", max_length=45, blank=True)
    since = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")

    class Meta:
        ordering = ("-seen_at", "-pk")

    def __str__(self) -> str:
        return f"{self.user} {self.since:%m-%d %H:%M}"
