"""How each person wishes to be reached."""

from django.db import models

from shudao.notify.models.channels import Channel, all_colours
from shudao.org.models import Staff


class Habit(models.Model):
    """通知习惯 (habit): which levels a person wants outside the inbox, and the hours in which he is left alone."""

    staff = models.OneToOneField(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    colours = models.JSONField("级别", default=all_colours)
    quiet_from = models.TimeField("免打扰起", null=True, blank=True)
    quiet_to = models.TimeField("免打扰止", null=True, blank=True)

    def __str__(self) -> str:
        return str(self.staff)


class Contact(models.Model):
    """联系方式 (contact): a person's address in a channel: a mail address, or how a robot mentions him."""

    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, verbose_name="渠道", on_delete=models.CASCADE, related_name="contacts")
    address = models.CharField("地址", max_length=120, blank=True)
    is_on = models.BooleanField("使用", default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("staff", "channel"), name="one_contact_a_channel"),)

    def __str__(self) -> str:
        return f"{self.staff} {self.channel}"
