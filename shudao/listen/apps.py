from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "shudao.listen"
    label = "listen"
