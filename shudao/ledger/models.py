"""Entries, their streams and the erasable texts beside them."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models


class Stream(models.Model):
    """记录流 (stream): its head and length, the row that makes appending serial."""

    name = models.CharField("名称", max_length=80, unique=True)
    head = models.CharField("链头", max_length=64)
    length = models.PositiveIntegerField("条数", default=0)

    def __str__(self) -> str:
        return f"{self.name} ({self.length})"


class AppendOnly(models.QuerySet):
    """A query set that neither changes nor deletes."""

    def update(self, **_: Any) -> int:
        """Refused: evidence is corrected by a new entry."""
        raise TypeError("entries are append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: evidence is never deleted."""
        raise TypeError("entries are append-only")


class Entry(models.Model):
    """记录 (entry): one line of the ledger. Holds values, not foreign keys, and nothing erasable."""

    stream = models.CharField("记录流", max_length=80)
    seq = models.PositiveIntegerField("序号")
    at = models.DateTimeField("记录时间")
    happened_at = models.DateTimeField("发生时间", null=True)
    verb = models.CharField("动作", max_length=60)
    post = models.CharField("岗位", max_length=60)
    data = models.TextField("内容")
    prev = models.CharField("上一哈希", max_length=64)
    hash = models.CharField("哈希", max_length=64, db_index=True)

    objects = AppendOnly.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stream", "seq"), name="one_entry_a_number"),)
        ordering = ("stream", "seq")

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever inserts."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: evidence is never deleted."""
        raise TypeError("entries are append-only")

    def as_value(self) -> dict[str, Any]:
        """The entry as the plain value that was hashed."""
        happened = stamp(self.happened_at) if self.happened_at else None
        body = {"stream": self.stream, "seq": self.seq, "at": stamp(self.at), "happened_at": happened}
        rest = {"verb": self.verb, "post": self.post, "data": json.loads(self.data)}
        return {**body, **rest, "prev": self.prev, "hash": self.hash}


class SideRecord(models.Model):
    """附注 (side record): an erasable text (quote, name, contact) that an entry only commits to."""

    stream = models.CharField("记录流", max_length=80)
    seq = models.PositiveIntegerField("序号")
    path = models.CharField("位置", max_length=80)
    salt = models.CharField("盐", max_length=64)
    text = models.TextField("原文")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stream", "seq", "path"), name="one_side_record_a_place"),)

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.path}"


class Retention(models.Model):
    """留存期 (retention): how long the office keeps a class (`base.retention.Kind`), and whether the daily job applies it.

    `days` None: kept for good. A class without a row has its own period and is not applied.
    """

    kind = models.CharField("类别", max_length=40, unique=True)
    days = models.PositiveIntegerField("留存天数", null=True, blank=True)
    is_on = models.BooleanField("按期清除", default=False)
    reason = models.CharField("理由", max_length=200, blank=True)
    set_at = models.DateTimeField("设定时间")
    set_by = models.CharField("设定岗位", max_length=60)

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


def stamp(at: datetime) -> str:
    """A moment as entries write it: UTC, microseconds, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
