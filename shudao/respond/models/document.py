"""Papers that left the house, as sent."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Document(OfIncident):
    """文书 (document): a Word paper as it was sent, with the head and length of the incident's stream printed on it."""

    kind = models.CharField("类别", max_length=20)
    name = models.CharField("文件名", max_length=120)
    title = models.CharField("标题", max_length=300)
    to = models.CharField("主送", max_length=80, blank=True)
    content = models.BinaryField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    head = models.CharField("链头", max_length=64)
    length = models.PositiveIntegerField("记录条数")
    post = models.CharField("岗位", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "name"), name="one_document_a_name"),)
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.title
