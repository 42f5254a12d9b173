from django.apps import AppConfig


class SenseConfig(AppConfig):
    name = "shudao.sense"
    label = "sense"
    verbose_name = "研判"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever reported something is told which alert it stands behind."""
        from shudao.sense import fates  # noqa: F401, PLC0415 - adds itself
