from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "niaga.ui"

    def ready(self) -> None:
        from niaga.ui import checks  # noqa: F401
