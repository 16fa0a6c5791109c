from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "niaga.returns"

    def ready(self) -> None:
        from niaga.returns import contributions

        contributions.contribute()
