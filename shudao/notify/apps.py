from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "shudao.notify"
    label = "notify"
