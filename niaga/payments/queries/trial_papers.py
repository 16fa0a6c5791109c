"""Payments whose receipts a template can be tried on."""

from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import PaperChoice
from niaga.organization.access import Actor
from niaga.payments.queries.payments import visible_payments


def trial_payments(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_payments(by=by), text=text)
