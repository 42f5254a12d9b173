"""Web hooks in: other systems hand posts over, signed with a secret of their own."""

from django.db import models
from django.db.models import Q

from shudao.listen.models.heard import Source


class Hook(models.Model):
    """推送接口 (hook): the address at which one source hands posts over."""

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.PROTECT, related_name="hooks")
    code = models.SlugField("代码", max_length=40, unique=True)
    opened_at = models.DateTimeField("开通时间")
    opened_by = models.CharField("开通岗位", max_length=60)
    used_at = models.DateTimeField("最近一次", null=True, blank=True)
    taken = models.PositiveBigIntegerField("累计接收", default=0)
    withdrawn_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source",), condition=Q(withdrawn_at=None), name="one_hook_a_source"),
        )

    def __str__(self) -> str:
        return self.code


class HookSecret(models.Model):
    """推送密钥 (hook's secret), sealed. After a change the one before still holds for a day, so that nothing is lost."""

    hook = models.ForeignKey(Hook, verbose_name="推送接口", on_delete=models.CASCADE, related_name="secrets")
    sealed = models.BinaryField("密封的密钥")
    made_at = models.DateTimeField("生成时间")
    ends_at = models.DateTimeField("失效时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.hook} {self.made_at:%Y-%m-%d}"


class HookCall(models.Model):
    """推送 (hook call) that was taken: remembered as long as its time stamp would pass, so that it cannot be sent again."""

    hook = models.ForeignKey(Hook, verbose_name="推送接口", on_delete=models.CASCADE, related_name="calls")
    digest = models.CharField("摘要值", max_length=64)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("hook", "digest"), name="one_call_a_digest"),)

    def __str__(self) -> str:
        return f"{self.hook} {self.at:%m-%d %H:%M}"
