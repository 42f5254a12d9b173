from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "shudao.follow"
    label = "follow"

    def ready(self) -> None:
        """Register the jobs of this stage."""
        from shudao.follow import jobs  # noqa: F401, PLC0415 - registers them
