"""Statements in the organisation's own name, their versions, approvals and publications."""

from django.db import models

from shudao.org.models.signing import SigningRow
from shudao.respond.models.document import Document
from shudao.respond.models.incident import Incident, OfIncident

KINDS = {"holding": "临时口径", "full": "情况通报"}
"""What people call them where no plan is at hand."""


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
        return f"{self.code} {KINDS.get(self.kind, self.kind)}"

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


class ApprovalStep(SigningRow):
    """审签环节 (approval step): one post's yes to one version of a statement, or to one report."""

    version = models.ForeignKey(
        StatementVersion, verbose_name="稿", on_delete=models.CASCADE, related_name="approvals", null=True, blank=True
    )
    document = models.ForeignKey(
        Document, verbose_name="文书", on_delete=models.CASCADE, related_name="approvals", null=True, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "stage", "post"), name="one_approval_a_stage_and_post"),
            models.UniqueConstraint(fields=("document", "stage", "post"), name="one_report_approval_a_stage_and_post"),
        )
        ordering = ("stage", "pk")

    def __str__(self) -> str:
        return f"{self.subject} {self.stage} {self.post}"

    @property
    def incident(self) -> Incident:
        """The incident its paper belongs to."""
        return self.document.incident if self.document else self._version.statement.incident

    @property
    def subject(self) -> "StatementVersion | Document":
        """What is signed."""
        return self.document or self._version

    @property
    def stream(self) -> str:
        """The ledger stream of its incident."""
        return self.incident.stream

    @property
    def _version(self) -> StatementVersion:
        if self.version is None:
            raise ValueError("an approval of nothing")
        return self.version


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
