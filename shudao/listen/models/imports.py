"""Imports in the background, what they turned away, and which column stood for what the last time."""

from django.db import models

from shudao.base.models import SceneRow
from shudao.listen.models.evidence import Evidence
from shudao.listen.models.heard import Source


class ImportRun(SceneRow):
    """导入 (import): one file on its way in. How far it is stands in the row, so that a restart goes on from there."""

    class State(models.TextChoices):
        """状态 (state): waits for a person, waits for the worker, is being read, ended well, failed, was stopped."""

        MAPPING = "mapping", "待核对"
        WAITING = "waiting", "排队中"
        RUNNING = "running", "导入中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        STOPPED = "stopped", "已停止"

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.PROTECT, related_name="imports")
    evidence = models.ForeignKey(
        Evidence, verbose_name="文件", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField("文件名", max_length=200)
    form = models.CharField("文件种类", max_length=12)
    sheet = models.CharField("工作表", max_length=120, blank=True)
    layout = models.JSONField("列对应", null=True, blank=True)
    kind = models.CharField("媒体类别", max_length=10, blank=True)
    is_remembered = models.BooleanField("沿用上次对应", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.MAPPING)
    total = models.PositiveIntegerField("总行数", default=0)
    place = models.PositiveIntegerField("已读", default=0)
    added = models.PositiveIntegerField("新读入", default=0)
    repeated = models.PositiveIntegerField("已有", default=0)
    rejected = models.PositiveIntegerField("退件", default=0)
    last_item = models.PositiveBigIntegerField("最后一条", default=0)
    fault_zh = models.CharField("未完成原因", max_length=400, blank=True)
    fault_en = models.CharField("未完成原因(英文)", max_length=400, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传岗位", max_length=60)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    claimed_by = models.CharField("占用者", max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=("scene", "-uploaded_at"), name="imports_by_time"),)

    def __str__(self) -> str:
        return f"{self.file_name} {self.uploaded_at:%Y-%m-%d}"

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has it or will have it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class ImportReject(models.Model):
    """导入退件 (import's reject): line and reason, in the order of the file; never the line itself."""

    run = models.ForeignKey(ImportRun, verbose_name="导入", on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField("行号")
    why_zh = models.CharField("原因", max_length=300)
    why_en = models.CharField("原因(英文)", max_length=300)

    def __str__(self) -> str:
        return f"{self.line}: {self.why_zh}"


class ColumnMemory(models.Model):
    """列对应记忆 (column memory): how the columns of sheets with these headings were confirmed for a source."""

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.CASCADE, related_name="column_memories")
    fingerprint = models.CharField("表头指纹", max_length=64)
    layout = models.JSONField("列对应")
    kind = models.CharField("媒体类别", max_length=10, blank=True)
    used_at = models.DateTimeField("最近使用")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "fingerprint"), name="one_memory_a_heading"),)

    def __str__(self) -> str:
        return f"{self.source} {self.fingerprint[:8]}"
