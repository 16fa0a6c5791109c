from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "niaga.parties"

    def ready(self) -> None:
        from niaga.documents.registry import subjects
        from niaga.parties import contributions
        from niaga.parties.queries.file_subject import customer_subject

        subjects.add("customer", customer_subject)
        contributions.contribute()
