"""Papers that leave the house: waiting for the plan's signatures, and as sent."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class Document(OfIncident):
    """文书 (document): a Word paper with the head and length of the incident's stream printed on it. One that the plan
    wants signed waits; what was returned stays as it was, and the next one is written anew."""

    class State(models.TextChoices):
        """状态 (state)."""

        WAITING = "waiting", "待审签"
        RETURNED = "returned", "已退回"
        SENT = "sent", "已报送"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SENT)
    route = models.CharField("审签路线", max_length=80, blank=True)
    author = models.CharField("经办人", max_length=60, blank=True)
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

    @property
    def code(self) -> str:
        """Its name within its incident: `final-1`."""
        return self.name.removeprefix(f"{self.incident.number}-").removesuffix(".docx")
