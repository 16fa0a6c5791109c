from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "niaga.stock"

    def ready(self) -> None:
        from niaga.core.registry import state_words
        from niaga.documents.registry import TrialPaper, papers, subjects, trial_papers
        from niaga.stock import contributions
        from niaga.stock.queries.file_subject import delivery_subject
        from niaga.stock.queries.joint_paper import joint_paper
        from niaga.stock.queries.load_paper import load_paper, trial_routes
        from niaga.stock.queries.paper import delivery_paper
        from niaga.stock.queries.transfer_paper import transfer_paper
        from niaga.stock.queries.trial_papers import trial_deliveries
        from niaga.stock.web import words

        subjects.add("delivery", delivery_subject)
        papers.add("delivery", delivery_paper)
        trial_papers.add("delivery_note", TrialPaper("delivery", trial_deliveries))
        trial_papers.add("pick_list", TrialPaper("delivery", trial_deliveries, "pick_list"))
        state_words.add("delivery", words.DELIVERY)
        papers.add("transfer", transfer_paper)
        papers.add("route", load_paper)
        papers.add("joint", joint_paper)
        trial_papers.add("load_list", TrialPaper("route", trial_routes))
        state_words.add("transfer", words.TRANSFER)
        state_words.add("count", words.COUNT)
        state_words.add("expected_receipt", words.EXPECTED)
        contributions.contribute()
