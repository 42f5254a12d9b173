from importlib import import_module

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "shudao.org"
    label = "org"

    def ready(self) -> None:
        """What the sign-in library does is watched from the start."""
        import_module("shudao.org.sessions")
        import_module("shudao.org.kept")
