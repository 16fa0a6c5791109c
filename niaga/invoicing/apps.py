from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "niaga.invoicing"

    def ready(self) -> None:
        from niaga.core.registry import state_words
        from niaga.documents.registry import papers, subjects
        from niaga.invoicing import contributions
        from niaga.invoicing.queries.file_subject import invoice_subject
        from niaga.invoicing.queries.paper import invoice_paper
        from niaga.invoicing.queries.statement_paper import statement_paper
        from niaga.invoicing.web import tax_words, words

        subjects.add("invoice", invoice_subject)
        papers.add("invoice", invoice_paper)
        papers.add("statement", statement_paper)
        state_words.add("invoice", words.STATUS)
        state_words.add("issue_run", words.RUNS)
        state_words.add("tax_filing", tax_words.TAX_STATES)
        contributions.contribute()
