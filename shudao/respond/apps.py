from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "shudao.respond"
    label = "respond"
    verbose_name = "处置"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The pages of sensing show which incident was opened from an alert; whoever reported something hears of it; a
        post that an open incident needs cannot simply go."""
        from shudao.respond import claims, fates  # noqa: F401, PLC0415 - add themselves
        from shudao.respond.beside import tell  # noqa: PLC0415 - models must be loaded first

        tell()
