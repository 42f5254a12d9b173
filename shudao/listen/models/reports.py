"""Reports of our own people: what they saw, who of us sent it, and what became of it."""

from django.db import models
from django.db.models import Q

from shudao.base.models import SceneRow
from shudao.listen.models.heard import Item


class ObserverLink(models.Model):
    """信息员链接 (observer's link): lets one person of the register report without an account. Only its digest is kept."""

    observer = models.ForeignKey("org.Observer", verbose_name="信息员", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("发放时间")
    used_at = models.DateTimeField("最近使用", null=True, blank=True)
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("observer",), condition=Q(withdrawn_at=None), name="one_link_in_force_an_observer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.observer} {self.made_at:%Y-%m-%d}"


class Report(SceneRow):
    """上报 (report): one sighting sent by one of our own people. Its words are the item's; here stands what became of it."""

    class State(models.TextChoices):
        """状态 (state) in the duty officer's queue."""

        WAITING = "waiting", "待处理"
        SEEN = "seen", "已阅"
        TAKEN = "taken", "已受理"

    token = models.UUIDField("手机端编号", unique=True)
    staff = models.ForeignKey(
        "org.Staff", verbose_name="上报人", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    observer = models.ForeignKey(
        "org.Observer", verbose_name="信息员", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    item = models.ForeignKey(
        Item, verbose_name="信息条", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    link = models.TextField("链接", blank=True)
    seen_at = models.DateTimeField("看到时间")
    sent_at = models.DateTimeField("收到时间")
    joined_to = models.ForeignKey(
        "self", verbose_name="并入", null=True, blank=True, on_delete=models.SET_NULL, related_name="joined"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.CharField("处理岗位", max_length=60, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("scene", "state", "-sent_at"), name="reports_waiting"),
            models.Index(fields=("staff", "-sent_at"), name="reports_of_staff"),
            models.Index(fields=("observer", "-sent_at"), name="reports_of_observer"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.sent_at:%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has dealt with it."""
        return self.state == self.State.WAITING
