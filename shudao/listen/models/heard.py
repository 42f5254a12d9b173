"""What was heard: sources, items without names, the keys at the door, and what was turned away."""

from django.db import models
from django.db.models import Q

from shudao.base.models import SceneQuerySet, SceneRow
from shudao.engine.post import KINDS


class Source(SceneRow):
    """信源 (source): where posts come from. A drill run has its own, so injects never touch the real register."""

    class State(models.TextChoices):
        """状态 (state) of the last reading."""

        OK = "ok", "正常"
        FAILING = "failing", "读取失败"
        PAUSED = "paused", "暂停"
        RETIRED = "retired", "停用"

    code = models.SlugField("代码", max_length=60)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("媒体类别", max_length=10, choices=[(kind, kind) for kind in KINDS])
    connector = models.CharField("接入方式", max_length=30)
    address = models.CharField("地址", max_length=2000, blank=True)
    every_seconds = models.PositiveIntegerField("轮询间隔(秒)", default=900)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OK)
    next_at = models.DateTimeField("下次读取", null=True, blank=True, db_index=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    etag = models.CharField("ETag", max_length=300, blank=True)
    last_modified = models.CharField("Last-Modified", max_length=100, blank=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    last_fault = models.CharField("上次错误", max_length=300, blank=True)
    fault_code = models.CharField("错误种类", max_length=40, blank=True)
    terms = models.TextField("使用依据", blank=True)
    department = models.ForeignKey(
        "org.Unit", verbose_name="归口部门", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_read_at = models.DateTimeField("上次读取", null=True, blank=True)
    last_item_at = models.DateTimeField("上次有新信息", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "code"), name="one_source_a_code"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_polled(self) -> bool:
        """Whether the site asks for it by itself; a file is handed over by somebody."""
        return self.connector != "file"

    @property
    def is_listened_to(self) -> bool:
        """Neither paused nor retired."""
        return self.state in (self.State.OK, self.State.FAILING)


class DoorKey(SceneRow):
    """门钥 (door key): turns handles into pseudonyms for one period. Once destroyed its bytes are zeros."""

    key = models.BinaryField("密钥")
    opened_at = models.DateTimeField("启用时间")
    closes_at = models.DateTimeField("到期时间")
    destroyed_at = models.DateTimeField("销毁时间", null=True, blank=True)
    is_wiped = models.BooleanField("封存名已清除", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scene",), condition=Q(destroyed_at=None), name="one_open_door_a_scene"),
        )

    def __str__(self) -> str:
        return f"{self.scene} {self.opened_at:%Y-%m-%d}"

    @property
    def is_alive(self) -> bool:
        """Whether what is sealed under it can still be opened."""
        return self.destroyed_at is None


class ItemQuerySet(SceneQuerySet):
    """Items, and what is asked of them cheaply."""

    def after(self, cursor: int) -> "ItemQuerySet":
        """Items read later than the one with that key, in the order of reading."""
        return self.filter(pk__gt=cursor).order_by("pk")


class Item(SceneRow):
    """信息条 (item): one post as stored. No handle stands in it in clear, only door pseudonyms and a seal.

    `erased_at`: retention took its words; the row stays while a story or an incident is told by it.
    """

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.PROTECT, related_name="items")
    ext_id = models.CharField("来源编号", max_length=600)
    kind = models.CharField("媒体类别", max_length=10)
    outlet = models.CharField("媒体", max_length=200, blank=True)
    url = models.TextField("地址", blank=True)
    title = models.TextField("标题", blank=True)
    text = models.TextField("正文", blank=True)
    published_at = models.DateTimeField("发布时间")
    read_at = models.DateTimeField("读取时间")
    door = models.ForeignKey(DoorKey, verbose_name="门钥", on_delete=models.PROTECT, related_name="items")
    pseudonym = models.CharField("化名", max_length=20, blank=True)
    is_unlinked = models.BooleanField("化名只在本条内有效", default=False)
    sealed = models.BinaryField("封存的账号名", default=bytes)
    counts = models.JSONField("互动数", default=dict, blank=True)
    digest = models.CharField("内容摘要值", max_length=64)
    erased_at = models.DateTimeField("清除时间", null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "source", "ext_id"), name="one_item_an_ext_id"),)
        indexes = (
            models.Index(fields=("scene", "published_at"), name="item_by_time"),
            models.Index(fields=("scene", "read_at"), name="item_by_reading"),
        )

    def __str__(self) -> str:
        return (self.title or self.text)[:60]

    @property
    def seal_name(self) -> str:
        """What binds the sealed names to this very item."""
        return f"{self.scene}/{self.source_id}/{self.ext_id}"


class Rejection(SceneRow):
    """退件 (rejection): a line that was no post. Number, reason and a keyed digest; never the line itself."""

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField("行号")
    why_zh = models.CharField("原因", max_length=300)
    why_en = models.CharField("原因(英文)", max_length=300)
    digest = models.CharField("摘要值", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "digest"), name="one_rejection_a_line"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.why_zh}"
