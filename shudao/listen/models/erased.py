"""What is left of an item that retention took: enough to know it again, nothing to read."""

from hashlib import sha256

from django.db import models

from shudao.listen.models.heard import Source


class ErasedItem(models.Model):
    """已清除 (erased item): the digest of its id, so that a source that still lists it does not bring it back as new."""

    source = models.ForeignKey(Source, verbose_name="信源", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField("来源编号摘要", max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "digest"), name="one_erased_item_a_digest"),)

    def __str__(self) -> str:
        return self.digest


def erased_digest(ext_id: str) -> str:
    """The digest by which an id is known again."""
    return sha256(ext_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
