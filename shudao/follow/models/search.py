"""What the archive is searched by."""

from django.db import models

from shudao.respond.models import Incident


class ArchiveText(models.Model):
    """检索文 (archive text): the folded words of a closed incident: title, facts, statements, demands and their answers.

    `length` is that of its stream when it was made; a longer stream has it made again.
    """

    incident = models.OneToOneField(Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("年份", db_index=True)
    words = models.TextField("检索词")
    length = models.PositiveIntegerField("记录条数")

    def __str__(self) -> str:
        return str(self.incident)
