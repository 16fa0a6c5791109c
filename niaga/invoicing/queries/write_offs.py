"""What was given up of invoices, and claimed again."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.invoicing.models import WriteOff, WriteOffDeed, WriteOffRule
from niaga.organization.access import Actor, access_of


def small_rest_of(company_id: UUID) -> Decimal:
    """Up to which open rest the company writes off at once."""
    found = WriteOffRule.objects.filter(pk=company_id).values_list("most", flat=True).first()
    return found or Decimal(0)


def visible_write_offs(*, by: Actor) -> QuerySet[Any]:
    """Write-offs of the invoices that the person may see, each with number, date, reason, kind and `reversed_on`."""
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    return (
        WriteOff.objects.filter(seen)
        .select_related("deed", "invoice__customer", "reversal")
        .annotate(
            number=F("deed__number"), date=F("deed__date"), kind=F("deed__kind"), reason=F("deed__reason"),
            at=F("deed__at"), customer_id=F("invoice__customer_id"), reversed_on=F("reversal__date"),
        )
    )  # fmt: skip


def see_write_off(*, write_off_id: UUID, by: Actor) -> Any:
    """:raises NotFound: none, or none that the person may see"""
    found = visible_write_offs(by=by).filter(pk=write_off_id).first()
    if found is None:
        raise NotFound()
    return found


def write_offs_of(invoice_id: UUID) -> Question[list[Any]]:
    """Asks for what was given up of an invoice, for who may see it."""
    rows = WriteOff.objects.filter(Q(invoice_id=invoice_id)).order_by("deed__at")
    return Question(
        rows.values(
            "id", "amount", "currency", number=F("deed__number"), date=F("deed__date"), reason=F("deed__reason"),
            kind=F("deed__kind"), reversed_on=F("reversal__date"), why=F("reversal__reason"),
        ),
        list,
    )  # fmt: skip


def deeds_by_id() -> QuerySet[Any, Any]:
    return WriteOffDeed.objects.all()
