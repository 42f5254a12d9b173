"""Channels as the office set them up, and what the site says of itself to the outside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

COLOURS = (("red", _("红色")), ("orange", _("橙色")), ("yellow", _("黄色")), ("blue", _("蓝色")), ("", _("未定级")))
"""Levels of messages by their colour, which every plan's levels have."""

KINDS = (
    ("call", _("呼叫办理")), ("alarm", _("无人应答与超时告警")), ("approval", _("审签")), ("alert", _("预警")),
    ("recurrence", _("再现")), ("demand", _("诉求")), ("meeting", _("会商")), ("reach", _("联通测试")),
    ("channel", _("渠道故障")), ("other", _("其他")),
)  # fmt: skip
"""Kinds of messages that a channel may carry or leave out; a kind not named here counts as `other`."""

_SAME = {"task_late": "alarm", "demand_late": "alarm"}


def all_colours() -> list[str]:
    """Every level."""
    return [code for code, _name in COLOURS]


def all_kinds() -> list[str]:
    """Every kind."""
    return [code for code, _name in KINDS]


def named_kind(kind: str) -> str:
    """A message's kind as one of KINDS."""
    found = _SAME.get(kind, kind)
    return found if found in all_kinds() else "other"


class Channel(models.Model):
    """渠道 (channel): a way by which messages leave, as the office set it up. `settings` may be shown, `sealed` holds
    the secrets, encrypted. `is_inside`: its server stands in the office's own network. `hold_until`: the other side
    asked for a pause. `fault_told_at`: those who look after channels were told that it fails.
    """

    code = models.SlugField("代码", max_length=40, unique=True)
    kind = models.CharField("种类", max_length=20)
    name = models.CharField("名称", max_length=60)
    settings = models.JSONField("设置", default=dict)
    sealed = models.TextField("密封设置", blank=True)
    is_inside = models.BooleanField("在内网", default=False)
    colours = models.JSONField("承担的级别", default=all_colours)
    kinds = models.JSONField("承担的类别", default=all_kinds)
    made_at = models.DateTimeField("添加时间")
    paused_at = models.DateTimeField("停用时间", null=True, blank=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    hold_until = models.DateTimeField("暂缓至", null=True, blank=True)
    fault_told_at = models.DateTimeField("告知故障时间", null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Carries messages."""
        return self.paused_at is None and self.removed_at is None

    def carries(self, kind: str, colour: str) -> bool:
        """Whether a message of that kind and level goes out by it."""
        return named_kind(kind) in self.kinds and (colour if colour in all_colours() else "") in self.colours


class Outside(models.Model):
    """对外 (outside): the site's own address for links in messages, and the address told regularly that it lives."""

    address = models.CharField("本站地址", max_length=200, blank=True)
    beat_sealed = models.TextField("心跳地址", blank=True)
    beat_every = models.PositiveSmallIntegerField("间隔分钟", default=5)
    is_beat_inside = models.BooleanField("心跳地址在内网", default=False)
    beat_at = models.DateTimeField("上次心跳", null=True, blank=True)
    beat_ok = models.BooleanField("上次送达", null=True, blank=True)
    beat_said = models.CharField("对方应答", max_length=500, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_outside"),)

    def __str__(self) -> str:
        return self.address
