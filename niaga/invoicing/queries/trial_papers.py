"""Invoices, credit notes, rounds of tukar faktur and customers' accounts to try a template on."""

from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import PaperChoice
from niaga.invoicing.queries.exchanges import exchange_rounds
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.organization.access import Actor
from niaga.parties.queries.customers import customers_for


def trial_invoices(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_invoices(by=by).exclude(kind="credit_note"), text=text)


def trial_credit_notes(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_invoices(by=by).filter(kind="credit_note"), text=text)


def trial_statements(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(customers_for(by), text=text, number="code", party="name")


def trial_exchanges(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(exchange_rounds(by=by), text=text, party="collector")
