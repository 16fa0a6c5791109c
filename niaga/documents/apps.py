from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "niaga.documents"

    def ready(self) -> None:
        from niaga.documents.queries.company_files import company_subject
        from niaga.documents.registry import subjects

        subjects.add("company", company_subject)
