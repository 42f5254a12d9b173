from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "shudao.org"
    label = "org"
