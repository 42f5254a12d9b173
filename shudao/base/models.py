"""Rows that every stage builds on."""

from datetime import datetime
from typing import Self

from django.db import models

from shudao.base.scene import Scene


class SceneQuerySet(models.QuerySet):
    """Rows of one scene only."""

    def in_scene(self, scene: Scene) -> Self:
        """The rows of that scene."""
        return self.filter(scene=scene.key)


class SceneRow(models.Model):
    """A row that belongs to the real world or to one drill run."""

    scene = models.CharField("场景", max_length=40, db_index=True)
    objects = SceneQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def scene_value(self) -> Scene:
        """The scene as a value."""
        return Scene(self.scene)


class DueRow(SceneRow):
    """到期 (due): something that must happen at a time. A row, not a queued message: a restart forgets nothing."""

    due_at = models.DateTimeField("到期时间")
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    claimed_by = models.CharField("占用者", max_length=64, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        abstract = True


class SceneClock(models.Model):
    """演练时钟 (exercise clock) of one run: exercise time at a real moment, and its speed since."""

    scene = models.CharField("场景", max_length=40, unique=True)
    scene_at = models.DateTimeField("场景时间")
    real_at = models.DateTimeField("真实时间")
    speed = models.PositiveSmallIntegerField("倍速", default=1)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.scene} x{self.speed}"

    def at(self, real: datetime) -> datetime:
        """Exercise time at a real moment."""
        return self.scene_at + max(real - self.real_at, real - real) * self.speed


class Cursor(models.Model):
    """游标 (cursor): how far one stage has read the stage before it, per scene."""

    scene = models.CharField("场景", max_length=40)
    name = models.CharField("名称", max_length=60)
    place = models.BigIntegerField("位置", default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scene", "name"), name="one_cursor_a_name"),)

    def __str__(self) -> str:
        return f"{self.scene} {self.name} {self.place}"


class JobRow(models.Model):
    """后台作业 (job): when it runs next and who holds it."""

    name = models.CharField("名称", max_length=80, unique=True)
    due_at = models.DateTimeField("下次运行", db_index=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    claimed_by = models.CharField("占用者", max_length=64, blank=True)
    last_fault = models.TextField("上次错误", blank=True)

    def __str__(self) -> str:
        return self.name


class InnerHost(models.Model):
    """内网许可 (inner host): a server of the office's own that may be visited although it is not public.

    Written by verbs of `org`, read by `outgoing`.
    """

    host = models.CharField("主机或网段", max_length=260, unique=True)
    reason = models.CharField("用途", max_length=200)
    allowed_at = models.DateTimeField("许可时间")
    allowed_by = models.CharField("许可岗位", max_length=60)

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host
