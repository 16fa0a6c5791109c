from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "niaga.stock"

    def ready(self) -> None:
        from niaga.core.registry import state_words
        from niaga.documents.registry import papers, subjects
        from niaga.stock import contributions
        from niaga.stock.queries.file_subject import delivery_subject
        from niaga.stock.queries.paper import delivery_paper
        from niaga.stock.web import words

        subjects.add("delivery", delivery_subject)
        papers.add("delivery", delivery_paper)
        state_words.add("delivery", words.DELIVERY)
        state_words.add("count", words.COUNT)
        state_words.add("expected_receipt", words.EXPECTED)
        contributions.contribute()
