from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "shudao.plan"
    label = "plan"

    def ready(self) -> None:
        """A post that the plan in force names cannot simply go."""
        from shudao.plan import claims  # noqa: F401, PLC0415 - adds itself
