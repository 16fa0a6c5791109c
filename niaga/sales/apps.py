from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "niaga.sales"

    def ready(self) -> None:
        from niaga.documents.registry import papers, subjects
        from niaga.sales.queries.file_subject import order_subject, quotation_subject
        from niaga.sales.queries.paper import order_paper, quotation_paper

        subjects.add("quotation", quotation_subject)
        papers.add("quotation", quotation_paper)
        subjects.add("order", order_subject)
        papers.add("order", order_paper)
