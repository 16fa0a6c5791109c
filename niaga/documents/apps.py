from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "niaga.documents"

    def ready(self) -> None:
        from niaga.documents import contributions

        contributions.contribute()
