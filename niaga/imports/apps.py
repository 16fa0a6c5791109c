from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "niaga.imports"

    def ready(self) -> None:
        from niaga.imports.web import contributions

        contributions.contribute()
