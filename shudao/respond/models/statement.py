"""Statements in the organisation's own name, their versions, approvals and publications."""

from datetime import datetime, timedelta

from django.db import models

from shudao.respond.models.incident import OfIncident


class Statement(OfIncident):
    """声明 (statement): signed words of the organisation; a holding statement is one of kind `holding`.

    `step` is the plan's step that its draft completed, to which it goes back when returned.
    """

    class State(models.TextChoices):
        """状态 (state)."""

        WAITING = "waiting", "待审签"
        RETURNED = "returned", "已退回"
        APPROVED = "approved", "已签批"
        PUBLISHED = "published", "已发布"

    code = models.CharField("编号", max_length=20)
    kind = models.CharField("类别", max_length=40)
    document = models.CharField("文书", max_length=80, blank=True)
    route = models.CharField("审签路线", max_length=80)
    step = models.CharField("动作", max_length=80, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField("起草时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "code"), name="one_statement_a_code"),)
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"

    @property
    def latest(self) -> "StatementVersion":
        """The version now in question."""
        return self.versions.latest("number")


class StatementVersion(models.Model):
    """稿 (version) of a statement: never changed, a new draft is a new version."""

    statement = models.ForeignKey(Statement, verbose_name="声明", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("稿次")
    text = models.TextField("正文", blank=True)
    checklist = models.JSONField("要素", default=dict)
    figures = models.JSONField("数字", default=dict)
    next_update_at = models.DateTimeField("承诺下次通报", null=True, blank=True)
    post = models.CharField("起草岗位", max_length=60)
    author = models.CharField("起草人", max_length=60, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("statement", "number"), name="one_version_a_number"),)
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.statement.code} v{self.number}"


class ApprovalStep(models.Model):
    """审签环节 (approval step) of one version: whose yes it waits for, until when, and what came."""

    class State(models.TextChoices):
        """状态 (state)."""

        WAITING = "waiting", "待签"
        APPROVED = "approved", "同意"
        RETURNED = "returned", "退回"

    version = models.ForeignKey(StatementVersion, verbose_name="稿", on_delete=models.CASCADE, related_name="approvals")
    stage = models.PositiveSmallIntegerField("环节")
    post = models.CharField("岗位", max_length=60)
    within = models.PositiveIntegerField("时限(分)", null=True, blank=True)
    are_deputies_ok = models.BooleanField("副岗可签", default=True)
    may_return = models.BooleanField("可退回", default=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    since = models.DateTimeField("送达时间", null=True, blank=True)
    by = models.CharField("签批岗位", max_length=60, blank=True)
    signer = models.CharField("签批人", max_length=60, blank=True)
    at = models.DateTimeField("签批时间", null=True, blank=True)
    reason = models.TextField("意见", blank=True)
    is_oral = models.BooleanField("口头", default=False)
    written_by_at = models.DateTimeField("补签时限", null=True, blank=True)
    written_at = models.DateTimeField("补签时间", null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "stage"), name="one_approval_a_stage"),)
        ordering = ("stage",)

    def __str__(self) -> str:
        return f"{self.version} {self.stage} {self.post}"

    @property
    def due_at(self) -> datetime | None:
        """Until when it should be signed."""
        if self.since is None or self.within is None:
            return None
        return self.since + timedelta(minutes=self.within)


class PublicationRecord(models.Model):
    """发布记录 (publication record): where and when a version was made public, and the digest of its words."""

    version = models.ForeignKey(
        StatementVersion, verbose_name="稿", on_delete=models.PROTECT, related_name="publications"
    )
    channel = models.CharField("渠道", max_length=60)
    digest = models.CharField("摘要值", max_length=64)
    post = models.CharField("发布岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "channel"), name="one_publication_a_channel"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.version} {self.channel}"
