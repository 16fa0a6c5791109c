"""What the visitor's customer owes and paid: nothing here reaches another customer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.together import ask
from niaga.invoicing.queries.customer_debt import CustomerDebt, customer_debt
from niaga.invoicing.queries.invoices import visible_invoices, whole_invoice, with_balance
from niaga.parties.queries.credit import credit_figures
from niaga.payments.queries.payments import visible_payments, whole_payment
from niaga.portal.models import PortalCase
from niaga.portal.queries.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Credit:
    limit: Decimal
    left: Decimal
    currency: str


def invoices_of(visitor: Visitor, *, today: date) -> QuerySet[Any]:
    """Issued invoices and credit notes, with balance."""
    rows = visible_invoices(by=visitor.actor).filter(customer_id=visitor.customer_id, status="issued")
    return with_balance(rows, today=today).defer("party", "note", "terms_text", "term")


def open_invoices(visitor: Visitor, *, today: date) -> QuerySet[Any]:
    """What is to be paid, the earliest due first."""
    rows = invoices_of(visitor, today=today).exclude(kind="credit_note").filter(open__gt=0)
    return rows.order_by("next_due", "number", "pk")


def invoice_of(visitor: Visitor, invoice_id: UUID, *, today: date) -> Any:
    """:raises NotFound: none, not issued, or of another customer"""
    found = whole_invoice(invoice_id=invoice_id, by=visitor.actor, today=today)
    if found.customer_id != visitor.customer_id or found.status != "issued":
        raise NotFound()
    return found


def debt_of(visitor: Visitor, *, today: date) -> list[CustomerDebt]:
    """Open, overdue and unused credit by currency."""
    asked = customer_debt(customer_ids=[visitor.customer_id], by=visitor.actor, today=today)
    (found,) = ask(asked)
    return list(found)


def credit_of(visitor: Visitor, *, today: date) -> Credit | None:
    """What may still be ordered on credit; None without a limit."""
    figures = credit_figures([visitor.customer_id], on=today).get(visitor.customer_id)
    if figures is None or figures.limit is None:
        return None
    return Credit(figures.limit, max(figures.available or Decimal(0), Decimal(0)), figures.currency)


def payments_of(visitor: Visitor) -> QuerySet[Any]:
    return visible_payments(by=visitor.actor).filter(customer_id=visitor.customer_id).select_related("clearing")


def payment_of(visitor: Visitor, payment_id: UUID) -> Any:
    """:raises NotFound: none, or of another customer"""
    found = whole_payment(payment_id=payment_id, by=visitor.actor)
    if found.customer_id != visitor.customer_id:
        raise NotFound()
    return found


def reported(visitor: Visitor, invoice_ids: Collection[UUID]) -> set[UUID]:
    """Those of the invoices of which the customer told a payment that nobody has answered yet."""
    rows = PortalCase.objects.filter(customer_id=visitor.customer_id, kind="payment", status="open")
    return set(rows.filter(invoice_id__in=list(invoice_ids)).values_list("invoice_id", flat=True))
