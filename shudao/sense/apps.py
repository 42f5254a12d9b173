from django.apps import AppConfig


class SenseConfig(AppConfig):
    name = "shudao.sense"
    label = "sense"
    verbose_name = "研判"
    default_auto_field = "django.db.models.BigAutoField"
