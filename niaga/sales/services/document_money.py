"""The currency and the rate of a quotation or order."""

from datetime import date
from decimal import Decimal

from niaga.organization.errors import CurrencyNotSold, RateMissing
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.exchange_rates import Exchange, exchange_on
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.sales.models import Quotation, SalesOrder


def frozen_exchange(document: Quotation | SalesOrder, context: DocumentContext) -> Exchange | None:
    """The rate that a document has, or None: it is in the company's own currency, or has none yet."""
    if document.currency == context.currency or document.exchange_rate is None:
        return None
    return Exchange(document.currency, context.currency, document.exchange_rate, document.date)


def bound_exchange(document: SalesOrder, today: date) -> Exchange:
    """The rate by which a document is bound today.

    :raises RateMissing: its currency has none
    """
    return exchange_on(company=document.company, currency=document.currency, on=today)


def in_base(document: Quotation | SalesOrder, amount: Decimal) -> Decimal:
    """An amount of the document in the company's own currency, at the document's rate. No statement for its own.

    :raises RateMissing: the document has no rate yet
    """
    if document.exchange_rate == 1:
        return amount
    company = document.company
    if document.exchange_rate is None:
        raise RateMissing.of(document.currency, document.date, rate_days=company.rate_days)
    return Exchange(document.currency, company.currency, document.exchange_rate, document.date).in_base(amount)


def currency_for(context: DocumentContext, customer: CustomerFacts, *, wanted: str = "", present: str = "") -> str:
    """The currency of a document: the `wanted` one, the one it has, the customer's, or the company's own.

    :raises CurrencyNotSold: the company does not sell in the wanted one
    """
    sold = (context.currency, *context.other_currencies)
    code = wanted.strip().upper() or present
    if not code:
        return customer.currency if customer.currency in sold else context.currency
    if code not in sold and code != present:
        raise CurrencyNotSold(field="currency")
    return code
