from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "niaga.payments"

    def ready(self) -> None:
        from niaga.core.registry import call_handlers, state_words
        from niaga.documents.registry import TrialPaper, papers, payment_codes, subjects, trial_papers
        from niaga.payments import contributions
        from niaga.payments.queries.file_subject import payment_subject, refund_subject
        from niaga.payments.queries.paper import payment_paper
        from niaga.payments.queries.paper_qris import invoice_code
        from niaga.payments.queries.trial_papers import trial_payments
        from niaga.payments.services.take_gateway_call import SOURCE, take_gateway_call
        from niaga.payments.web import request_words, words

        subjects.add("payment", payment_subject)
        subjects.add("refund", refund_subject)
        papers.add("payment", payment_paper)
        payment_codes.add("invoice", invoice_code)
        trial_papers.add("receipt", TrialPaper("payment", trial_payments))
        state_words.add("payment", words.STATUS)
        state_words.add("payment_request", request_words.REQUESTS)
        state_words.add("refund", request_words.REFUNDS)
        call_handlers.add(SOURCE, take_gateway_call)
        contributions.contribute()
