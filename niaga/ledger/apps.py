from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "niaga.ledger"
