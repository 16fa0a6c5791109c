from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "niaga.ledger"

    def ready(self) -> None:
        from niaga.ledger import contributions

        contributions.contribute()
