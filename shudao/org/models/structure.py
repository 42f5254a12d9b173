"""Units and posts: what plans name, and what each post may do on this site."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

UNNAMED = "（未命名单位）"
"""What an empty site's organisation is called until somebody gives it a name."""


class Organisation(models.Model):
    """组织 (organisation): the one this site serves."""

    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    parent = models.CharField("上级单位", max_length=120, blank=True)
    plan_kind = models.CharField("预案种类", max_length=40, blank=True)
    is_sample = models.BooleanField("示例单位", default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def is_named(self) -> bool:
        """Somebody gave it a name."""
        return self.name != UNNAMED


class Unit(models.Model):
    """单位 (unit): a department, group or outside body."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, default="department")
    parent = models.ForeignKey("self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位 (post): what plans name; persons hold posts for a time. A post that was merged into another is answered for
    by that one's holders (`replaced_by`), since plans and records go on naming it.
    """

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts")
    is_all_hours = models.BooleanField("昼夜值守", default=False)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="由其接替", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(replaced_by=F("pk")), name="no_post_replaces_itself"),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(retired_at__isnull=False), name="only_a_retired_post_is_replaced"
            ),
        )

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


class Right(models.TextChoices):
    """权限 (right): what a post may do on this site beside what the plan's authorities say. Persons have rights only
    through the posts they answer for; an administrator has those of setting up, see `SETTING_UP`.
    """

    WATCH = "watch", _("查看态势、预警、事件与诉求")
    RECEIVE = "receive", _("受理预警与上报，登记诉求，开启事件")
    PEOPLE = "people", _("管理单位、岗位、人员与班次")
    REGISTERS = "registers", _("管理登记册")
    SOURCES = "sources", _("管理信源与导入")
    TOPICS = "topics", _("管理专题")
    PLAN = "plan", _("管理预案")
    CHANNELS = "channels", _("管理通知渠道")
    DRILL = "drill", _("组织演练")
    EVIDENCE = "evidence", _("查看原始证据")
    ERASE = "erase", _("按期清除")
    CARE = "care", _("受理关怀转介")
    SITE = "site", _("运行维护")


SETTING_UP = frozenset(
    {
        Right.PEOPLE,
        Right.REGISTERS,
        Right.SOURCES,
        Right.TOPICS,
        Right.PLAN,
        Right.CHANNELS,
        Right.DRILL,
        Right.SITE,
    }
)
"""What an administrator may do without any post. Seeing raw evidence, erasing and care are never among it."""


class PostRight(models.Model):
    """岗位权限 (post's right): that post has that right."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.CASCADE, related_name="rights")
    right = models.CharField("权限", max_length=20, choices=Right.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("post", "right"), name="one_right_a_post"),)

    def __str__(self) -> str:
        return f"{self.post}: {self.get_right_display()}"
