"""Who held which role in an incident, and when."""

from django.db import models

from shudao.respond.models.incident import OfIncident


class RoleHolding(OfIncident):
    """角色 (role) of an incident and the post that has it, from when to when: who was in charge at 14:10."""

    class Role(models.TextChoices):
        """角色 (role)."""

        LEAD = "lead", "牵头"
        SPOKESPERSON = "spokesperson", "新闻发言人"
        LIAISON = "liaison", "上级联络"
        RECORDER = "recorder", "记录"

    role = models.CharField("角色", max_length=12, choices=Role.choices)
    post = models.CharField("岗位", max_length=60)
    person = models.CharField("人员", max_length=60, blank=True)
    from_at = models.DateTimeField("起")
    to_at = models.DateTimeField("止", null=True, blank=True)
    note = models.TextField("交接事项", blank=True)
    by = models.CharField("经办岗位", max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "role"), condition=models.Q(to_at=None), name="one_holder_a_role"
            ),
        )
        ordering = ("from_at", "pk")

    def __str__(self) -> str:
        return f"{self.incident.number} {self.role} {self.post}"
