"""A payment's money on an invoice in another currency."""

from decimal import Decimal

from niaga.invoicing.services.allocate import OpenInvoice, Share
from niaga.organization.queries.exchange_rates import Exchange
from niaga.payments.rules.settle import Turn


def turn_of(payment: Exchange, invoice: Exchange) -> Turn:
    return Turn(payment.currency, invoice.currency, payment.rate, invoice.rate)


def turned(invoice: OpenInvoice, amount: Decimal, taken: Decimal, turn: Turn) -> Share:
    """The share that an invoice gets, with what it took of the payment where that is in another currency."""
    if turn.source == turn.target:
        return Share(invoice, amount)
    rate = turn.source_rate if turn.target == invoice.home else turn.target_rate
    return Share(invoice, amount, turn.source, taken, rate)
