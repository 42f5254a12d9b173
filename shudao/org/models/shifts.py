"""Shifts: the rules that repeat, the concrete shifts, swaps, hand-over notes, and the table of holidays."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shudao.org.models.people import Staff
from shudao.org.models.structure import Post


class ShiftRule(models.Model):
    """排班规则 (shift rule): a shift that repeats by the week. The worker rolls it out ahead; it is ended, not deleted."""

    class Days(models.TextChoices):
        """On which days the rule falls."""

        WEEKDAYS = "weekdays", _("按星期")
        WORKDAYS = "workdays", _("工作日（含调休上班）")
        DAYS_OFF = "days_off", _("休息日（含法定节假日）")

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="rules")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.PROTECT, related_name="rules")
    days = models.CharField("哪些天", max_length=10, choices=Days.choices, default=Days.WEEKDAYS)
    weekdays = models.CharField("星期", max_length=7, blank=True)
    every_weeks = models.PositiveSmallIntegerField("每几周", default=1)
    from_time = models.TimeField("上班")
    to_time = models.TimeField("下班")
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(every_weeks__gte=1), name="a_rule_repeats"),)
        ordering = ("post__code", "from_time", "pk")

    def __str__(self) -> str:
        return f"{self.post}: {self.staff} {self.from_time:%H:%M}–{self.to_time:%H:%M}"


class ShiftRows(models.QuerySet["Shift"]):
    """Shifts; those that were dropped are kept, so that their rule does not bring them back."""

    def standing(self) -> "ShiftRows":
        """Those that are to be done or were done."""
        return self.filter(dropped_at=None)

    def at(self, moment: datetime) -> "ShiftRows":
        """Those that run at a moment."""
        return self.standing().filter(start_at__lte=moment, end_at__gt=moment)

    def between(self, start: datetime, end: datetime) -> "ShiftRows":
        """Those that touch a stretch of time."""
        return self.standing().filter(start_at__lt=end, end_at__gt=start)


class Shift(models.Model):
    """班次 (shift): who is on duty in a post in a stretch of time; narrower than a holding. `day` is the day its rule
    made it for; what was changed by hand is not touched by the rule again.
    """

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="shifts")
    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="shifts")
    start_at = models.DateTimeField("开始")
    end_at = models.DateTimeField("结束")
    rule = models.ForeignKey(
        ShiftRule, verbose_name="规则", null=True, blank=True, on_delete=models.PROTECT, related_name="shifts"
    )
    day = models.DateField("日期", null=True, blank=True)
    is_changed = models.BooleanField("人工调整", default=False)
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)
    objects = ShiftRows.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="a_shift_ends_after_it_starts"),
            models.UniqueConstraint(fields=("rule", "day"), name="one_shift_a_rule_and_day"),
        )
        indexes = (models.Index(fields=("start_at", "end_at"), name="shifts_by_time"),)
        ordering = ("start_at", "pk")

    def __str__(self) -> str:
        return f"{self.post} {self.start_at:%m-%d %H:%M}"


class ShiftSwap(models.Model):
    """换班 (swap): somebody asks another to take a shift, perhaps against one of his; that one or a head settles it."""

    class State(models.TextChoices):
        """How far it got."""

        ASKED = "asked", _("待答复")
        ACCEPTED = "accepted", _("已换")
        DECLINED = "declined", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    shift = models.ForeignKey(Shift, verbose_name="班次", on_delete=models.CASCADE, related_name="swaps")
    back = models.ForeignKey(
        Shift, verbose_name="换回的班次", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    asker = models.ForeignKey(Staff, verbose_name="申请人", on_delete=models.CASCADE, related_name="+")
    asked = models.ForeignKey(Staff, verbose_name="接班人", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField("缘由", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField("申请时间")
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    settled_by = models.CharField("办结岗位", max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shift",), condition=Q(state="asked"), name="one_open_swap_a_shift"),
        )
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.shift} → {self.asked}"


class HandOver(models.Model):
    """交接班记录 (hand-over note): written by who leaves a post's shift, acknowledged by who comes."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="hand_overs")
    writer = models.ForeignKey(Staff, verbose_name="交班人", on_delete=models.CASCADE, related_name="+")
    text = models.TextField("内容")
    written_at = models.DateTimeField("交班时间")
    reader = models.ForeignKey(
        Staff, verbose_name="接班人", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    acknowledged_at = models.DateTimeField("接班时间", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("acknowledged_at", "written_at"), name="hand_overs_waiting"),)
        ordering = ("-written_at", "-pk")

    def __str__(self) -> str:
        return f"{self.post} {self.written_at:%m-%d %H:%M}"


class Holiday(models.Model):
    """节假日 (holiday): a day off or a make-up workday of the official table; years without any row are not known."""

    class Kind(models.TextChoices):
        """Off although a weekday, or worked although a weekend."""

        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("调休上班")

    on = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=60, blank=True)

    class Meta:
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
