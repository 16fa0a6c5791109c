from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "niaga.invoicing"

    def ready(self) -> None:
        from niaga.core.registry import state_words
        from niaga.documents.registry import TrialPaper, papers, subjects, trial_papers
        from niaga.invoicing import contributions
        from niaga.invoicing.queries.exchange_paper import exchange_paper
        from niaga.invoicing.queries.file_subject import invoice_subject
        from niaga.invoicing.queries.paper import invoice_paper
        from niaga.invoicing.queries.statement_paper import statement_paper
        from niaga.invoicing.queries.trial_papers import (
            trial_credit_notes,
            trial_exchanges,
            trial_invoices,
            trial_statements,
        )
        from niaga.invoicing.web import exchange_words, tax_words, words

        subjects.add("invoice", invoice_subject)
        papers.add("invoice", invoice_paper)
        papers.add("statement", statement_paper)
        papers.add("exchange_round", exchange_paper)
        trial_papers.add("invoice", TrialPaper("invoice", trial_invoices))
        trial_papers.add("credit_note", TrialPaper("invoice", trial_credit_notes))
        trial_papers.add("exchange_list", TrialPaper("exchange_round", trial_exchanges))
        trial_papers.add("statement", TrialPaper("statement", trial_statements))
        state_words.add("invoice", words.STATUS)
        state_words.add("issue_run", words.RUNS)
        state_words.add("exchange_round", exchange_words.ROUNDS)
        state_words.add("tax_filing", tax_words.TAX_STATES)
        contributions.contribute()
