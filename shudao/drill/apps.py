from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "shudao.drill"
    label = "drill"
