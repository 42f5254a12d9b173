from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "shudao.review"
    label = "review"
