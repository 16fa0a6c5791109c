from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "niaga.stock"

    def ready(self) -> None:
        from niaga.documents.registry import papers, subjects
        from niaga.stock import contributions
        from niaga.stock.queries.file_subject import delivery_subject
        from niaga.stock.queries.paper import delivery_paper

        subjects.add("delivery", delivery_subject)
        papers.add("delivery", delivery_paper)
        contributions.contribute()
