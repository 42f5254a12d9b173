from django.apps import AppConfig

from shudao.base.languages import compile_catalogues


class BaseConfig(AppConfig):
    name = "shudao.base"
    label = "base"

    def ready(self) -> None:
        """The site reads binary catalogues, which are made from their sources and never committed."""
        compile_catalogues()
