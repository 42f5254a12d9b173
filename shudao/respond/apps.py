from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "shudao.respond"
    label = "respond"
    verbose_name = "处置"
    default_auto_field = "django.db.models.BigAutoField"
