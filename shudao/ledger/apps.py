from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "shudao.ledger"
    label = "ledger"
