from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "niaga.invoicing"

    def ready(self) -> None:
        from niaga.documents.registry import papers, subjects
        from niaga.invoicing import contributions
        from niaga.invoicing.queries.file_subject import invoice_subject
        from niaga.invoicing.queries.paper import invoice_paper

        subjects.add("invoice", invoice_subject)
        papers.add("invoice", invoice_paper)
        contributions.contribute()
