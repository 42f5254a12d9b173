"""What sensing found: topics in versions, where each item stands, readings by the hour, alerts with their reasons."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from shudao.base.models import SceneRow
from shudao.engine.words import Words
from shudao.listen.models import Item

TITLE = 60  # characters of a story's title
ERASED = "〔首条已按期清除〕"


class Topic(SceneRow):
    """专题 (topic): one version of a standing question. A change is a new row; the old one keeps its matches."""

    code = models.CharField("代码", max_length=60)
    version = models.PositiveIntegerField("版本", default=1)
    name = models.CharField("名称", max_length=200)
    query = models.TextField("检索式")
    sources = models.JSONField("限定信源", default=list, blank=True)
    languages = models.JSONField("限定语言", default=list, blank=True)
    owner_post = models.CharField("负责岗位", max_length=60, blank=True)
    added_at = models.DateTimeField("启用时间")
    added_by = models.CharField("启用岗位", max_length=60)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scene", "code", "version"), name="one_topic_a_version"),
            models.UniqueConstraint(
                fields=("scene", "code"), condition=Q(retired_at=None), name="one_topic_in_force_a_code"
            ),
        )
        ordering = ("scene", "code", "version")

    def __str__(self) -> str:
        return self.name


class Story(SceneRow):
    """话题 (story): posts that tell one matter, named by its first item. `merged_into` when it proved part of another."""

    first_item = models.ForeignKey(Item, verbose_name="首条", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField("首条时间")
    last_at = models.DateTimeField("最近一条时间")
    posts = models.PositiveIntegerField("条数", default=0)
    merged_into = models.ForeignKey(
        "self", verbose_name="并入", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField("并入时间", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "first_item"), name="one_story_a_first_item"),)
        indexes = (models.Index(fields=("scene", "last_at"), name="story_by_time"),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Cut from the first item, never kept apart from it: its pseudonyms change with it."""
        words = " ".join((self.first_item.title or self.first_item.text).split()) or ERASED
        return words if len(words) <= TITLE else f"{words[:TITLE]}…"


class Placement(SceneRow):
    """安置 (placement): where an item stands: its story, the item it copies, what it changes, its tone; by which version.

    `story` follows merges; `story_placed` is the story as first placed.
    """

    item = models.OneToOneField(Item, verbose_name="信息条", on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, verbose_name="话题", on_delete=models.PROTECT, related_name="placements")
    story_placed = models.ForeignKey(Story, verbose_name="当时话题", on_delete=models.PROTECT, related_name="+")
    copy_of = models.ForeignKey(
        Item, verbose_name="近似重复于", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField("与原文不同", default=list, blank=True)
    tone = models.CharField("情感倾向", max_length=10)
    tone_score = models.FloatField("倾向值")
    tone_confidence = models.FloatField("把握")
    version = models.CharField("算法版本", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = (
            models.Index(fields=("scene", "story", "at"), name="placement_by_story"),
            models.Index(fields=("scene", "at"), name="placement_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} in {self.story_id}"


class StoryHold(SceneRow):
    """定夺 (hold): a person's word on stories: `other` is the same matter, or the items named are another one (`other` is
    then the story they became). The worker follows it within seconds (`done_at`, at `place` of the reading); the engine
    never undoes it. `failed` says that there was nothing left to do.
    """

    story = models.ForeignKey(Story, verbose_name="话题", on_delete=models.CASCADE, related_name="holds")
    other = models.ForeignKey(
        Story, verbose_name="另一话题", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    together = models.BooleanField("合并")
    items = models.JSONField("拆出的信息条", default=list, blank=True)
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")
    done_at = models.DateTimeField("生效时间", null=True, blank=True)
    place = models.BigIntegerField("读到", default=0)
    failed = models.BooleanField("无可办", default=False)

    class Meta:
        indexes = (models.Index(fields=("scene", "done_at"), name="story_holds_waiting"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.story_id} {'+' if self.together else '-'} {self.other_id}"


class ToneCorrection(SceneRow):
    """语气更正 (tone correction): what a person found the tone of a post to be, and what it had been read as.

    It goes with the placement and so with the post. `drawn`: the post was put before the person by chance; `of_copy`: the
    same words were corrected elsewhere, so nothing new is learned from it.
    """

    placement = models.OneToOneField(
        Placement, verbose_name="安置", on_delete=models.CASCADE, related_name="correction"
    )
    tone = models.CharField("情感倾向", max_length=10)
    read_as = models.CharField("原读作", max_length=10)
    drawn = models.BooleanField("抽看", default=False)
    of_copy = models.BooleanField("随转抄更正", default=False)
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = (models.Index(fields=("scene", "of_copy", "at"), name="tone_correction_by_time"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.placement_id} {self.tone}"


class TaughtTone(SceneRow):
    """倾向模型 (taught tone): numbers learned from the corrections of the real world, a new row each time; no word of any post.

    Of the `tested` posts drawn by chance it had `right`, the lexicon alone `lexicon_right`; `in_use`: it was better.
    """

    number = models.PositiveIntegerField("版次")
    made_at = models.DateTimeField("时间")
    corrections = models.PositiveIntegerField("更正条数")
    tested = models.PositiveIntegerField("抽看条数")
    right = models.PositiveIntegerField("读对")
    lexicon_right = models.PositiveIntegerField("只用词表读对")
    differing = models.PositiveIntegerField("两者不同")
    in_use = models.BooleanField("在用")
    version = models.CharField("算法版本", max_length=60)
    weights = models.JSONField("权重")
    digest = models.CharField("摘要值", max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "number"), name="one_taught_tone_a_number"),)
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"tone-model-{self.number}"


class Hit(models.Model):
    """命中 (hit): a topic caught an item, with the clauses that fired and where (character offsets)."""

    placement = models.ForeignKey(Placement, verbose_name="安置", on_delete=models.CASCADE, related_name="hits")
    topic = models.ForeignKey(Topic, verbose_name="专题", on_delete=models.PROTECT, related_name="hits")
    clauses = models.JSONField("子句")
    spans = models.JSONField("位置")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("placement", "topic"), name="one_hit_a_topic"),)
        indexes = (models.Index(fields=("topic", "at"), name="hit_by_time"),)

    def __str__(self) -> str:
        return f"{self.topic_id} {self.placement_id}"


class Reading(SceneRow):
    """读数 (reading) of a topic in one hour: heat (posts, stories), burst (against the usual number), tone."""

    topic_code = models.CharField("专题", max_length=60)
    hour_at = models.DateTimeField("小时")
    posts = models.PositiveIntegerField("条数", default=0)
    copies = models.PositiveIntegerField("近似重复", default=0)
    stories = models.PositiveIntegerField("新话题", default=0)
    negative = models.PositiveIntegerField("偏负面", default=0)
    usual = models.FloatField("通常条数", default=0.0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "topic_code", "hour_at"), name="one_reading_an_hour"),)
        ordering = ("hour_at",)

    def __str__(self) -> str:
        return f"{self.topic_code} {self.hour_at:%m-%d %H} {self.posts}"


class EngineState(SceneRow):
    """引擎状态 (engine state): the file that holds what the scene's engine knew when it had read up to `place`, against the
    topics named; `erased`: the mark of retention as it stood. One a scene.
    """

    version = models.CharField("算法版本", max_length=200)
    place = models.BigIntegerField("位置")
    erased = models.BigIntegerField("清除标记", default=0)
    topics = models.JSONField("专题", default=list)
    file = models.CharField("存放名", max_length=120)
    digest = models.CharField("摘要值", max_length=64)
    made_at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene",), name="one_engine_state_a_scene"),)

    def __str__(self) -> str:
        return f"{self.scene} {self.place}"


class Alert(SceneRow):
    """预警 (alert): one for a matter: what moved, since when, the numbers, the items. Its level is a hint."""

    class Kind(models.TextChoices):
        """种类 (kind): what made it an alert."""

        BURST = "burst", "突增"
        SECOND_WAVE = "second_wave", "再起"
        NEW_STORY = "new_story", "新话题"

    number = models.PositiveIntegerField("编号")
    kind = models.CharField("种类", max_length=20, choices=Kind.choices)
    topic = models.ForeignKey(Topic, verbose_name="专题", on_delete=models.PROTECT, related_name="alerts")
    story = models.ForeignKey(
        Story, verbose_name="话题", on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    level_hint = models.CharField("建议级别", max_length=4)
    why_zh = models.TextField("理由")
    why_en = models.TextField("理由(英文)")
    version = models.CharField("算法版本", max_length=200)
    at = models.DateTimeField("信息流时间")
    raised_at = models.DateTimeField("发出时间")
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.CharField("签收岗位", max_length=60, blank=True)
    dismissed_at = models.DateTimeField("排除时间", null=True, blank=True)
    dismissed_by = models.CharField("排除岗位", max_length=60, blank=True)
    reason = models.TextField("排除理由", blank=True)
    items: Any = models.ManyToManyField(Item, verbose_name="信息条", through="AlertItem", related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "number"), name="one_alert_a_number"),)
        ordering = ("-raised_at", "-number")

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"

    @property
    def code(self) -> str:
        """The alert's name in the ledger."""
        return str(self.number)

    @property
    def why(self) -> Words:
        """The reasons in both languages."""
        return Words(zh=self.why_zh, en=self.why_en)

    @property
    def is_open(self) -> bool:
        """Neither taken up nor dismissed."""
        return self.acknowledged_at is None and self.dismissed_at is None


class AlertItem(models.Model):
    """预警信息条 (alert item): evidence of an alert, in the order shown."""

    alert = models.ForeignKey(Alert, verbose_name="预警", on_delete=models.CASCADE, related_name="evidence")
    item = models.ForeignKey(Item, verbose_name="信息条", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField("次序")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "item"), name="one_place_an_item"),)
        ordering = ("alert", "place")

    def __str__(self) -> str:
        return f"{self.alert_id} #{self.place}"


class AlertCase(models.Model):
    """案由 (case): everything the engine made an alert from, so that its page can explain it and anyone make it again.

    Apart from the alert, for it may be long and is read on one page only.
    """

    alert = models.OneToOneField(Alert, verbose_name="预警", on_delete=models.CASCADE, related_name="made_from")
    case = models.JSONField("案由")

    def __str__(self) -> str:
        return f"{self.alert_id}"


class Trial(SceneRow):
    """试算 (trial): the latest posts once more from an empty cursor, by the algorithms of now or with another setup; what
    came of it stands beside what was decided then, which stays. `adopted_at`: its setup is in force since."""

    version = models.CharField("算法版本", max_length=200, blank=True)
    with_vectors = models.BooleanField("用句向量", default=False)
    since, upto = models.BigIntegerField("起点"), models.BigIntegerField("终点")
    place = models.BigIntegerField("位置")
    found, placed = models.JSONField("结果", default=dict), models.BinaryField("安置", default=bytes)
    begun_at, begun_by = models.DateTimeField("开始时间"), models.CharField("开始岗位", max_length=60)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    adopted_at = models.DateTimeField("采用时间", null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.pk} {self.version}"


class WarningRule(models.Model):
    """部门预警规则 (warning rule): what a department wants to hear of: every alert of a topic (or of all topics), or so
    many posts of a topic within some hours (`at_least` above zero). Of the real world alone.
    """

    unit = models.CharField("部门", max_length=60)
    topic_code = models.CharField("专题", max_length=60, blank=True)
    at_least = models.PositiveIntegerField("至少条数", default=0)
    hours = models.PositiveSmallIntegerField("小时", default=1)
    set_by = models.CharField("设定岗位", max_length=60)
    set_at = models.DateTimeField("设定时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    told_at = models.DateTimeField("最近一次", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "topic_code", "at_least", "hours"), condition=Q(ended_at=None), name="one_rule_a_matter"
            ),
        )
        ordering = ("unit", "topic_code", "at_least")

    def __str__(self) -> str:
        return f"{self.unit} {self.topic_code}"


class UnitWarning(SceneRow):
    """部门预警 (warning passed to a department): by a person or by its rule; acknowledged and answered there."""

    unit = models.CharField("部门", max_length=60)
    post = models.CharField("答复岗位", max_length=60)
    alert = models.ForeignKey(
        Alert, verbose_name="预警", on_delete=models.CASCADE, null=True, blank=True, related_name="passed"
    )
    rule = models.ForeignKey(WarningRule, verbose_name="规则", on_delete=models.SET_NULL, null=True, blank=True)
    why = models.TextField("缘由")
    note = models.TextField("要求", blank=True)
    passed_by = models.CharField("转办岗位", max_length=60)
    passed_at = models.DateTimeField("转办时间")
    due_at = models.DateTimeField("答复期限", null=True, blank=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.CharField("签收岗位", max_length=60, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.CharField("答复人岗位", max_length=60, blank=True)
    late_told_at = models.DateTimeField("催办时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("alert", "unit"), condition=Q(alert__isnull=False), name="one_warning_an_alert_and_unit"
            ),
        )
        indexes = (models.Index(fields=("unit", "answered_at"), name="warnings_of_a_unit"),)
        ordering = ("-passed_at", "-pk")

    def __str__(self) -> str:
        return f"{self.unit} {self.alert or self.rule}"

    @property
    def is_open(self) -> bool:
        """Not answered yet."""
        return self.answered_at is None

    def is_late(self, now: datetime) -> bool:
        """Not answered, and its limit has passed."""
        return self.is_open and self.due_at is not None and self.due_at < now
