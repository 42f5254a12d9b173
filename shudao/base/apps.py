from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "shudao.base"
    label = "base"
