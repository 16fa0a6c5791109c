from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "niaga.parties"

    def ready(self) -> None:
        from niaga.parties import contributions

        contributions.contribute()
