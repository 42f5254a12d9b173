"""Raw evidence: captures, screenshots, uploaded files. The one store that may hold handles, and only sealed."""

from django.db import models

from shudao.base.models import SceneRow
from shudao.listen.models.heard import Item


class Evidence(SceneRow):
    """证据 (evidence): one sealed file. Its key is wrapped under the site's; once erased neither key nor file is left."""

    class Kind(models.TextChoices):
        """种类 (kind): a picture somebody took, a file to be imported, or any other piece."""

        PICTURE = "picture", "图片"
        UPLOAD = "upload", "导入文件"
        FILE = "file", "文件"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    file = models.CharField("存放名", max_length=64, unique=True)
    wrapped = models.BinaryField("封装的密钥", default=bytes)
    media_type = models.CharField("格式", max_length=80, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)
    digest = models.CharField("摘要值", max_length=64, blank=True, db_index=True)
    look = models.CharField("感知摘要", max_length=64, blank=True)
    words = models.BinaryField("图中文字（密封）", default=bytes)
    words_at = models.DateTimeField("文字识别时间", null=True, blank=True)
    added_at = models.DateTimeField("存入时间", db_index=True)
    added_by = models.CharField("存入岗位", max_length=60)
    item = models.ForeignKey(
        Item, verbose_name="信息条", null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence"
    )
    report = models.ForeignKey(
        "listen.Report", verbose_name="上报", null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence"
    )
    erased_at = models.DateTimeField("清除时间", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("scene", "-added_at"), name="evidence_by_time"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_kept(self) -> bool:
        """Whether it can still be looked at."""
        return self.erased_at is None

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown on a page."""
        return self.kind == self.Kind.PICTURE
