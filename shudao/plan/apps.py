from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "shudao.plan"
    label = "plan"
