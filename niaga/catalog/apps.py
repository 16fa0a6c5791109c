from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "niaga.catalog"

    def ready(self) -> None:
        from niaga.catalog import contributions
        from niaga.catalog.queries.file_subject import product_subject
        from niaga.documents.registry import subjects

        subjects.add("product", product_subject)
        contributions.contribute()
