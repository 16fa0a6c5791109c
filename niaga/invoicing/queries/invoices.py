"""Invoices and credit notes a person may see, with what is open and how they stand."""

from datetime import date
from uuid import UUID

from django.db.models import Case, CharField, DecimalField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.organization.access import Actor, access_of

_MONEY = DecimalField(max_digits=19, decimal_places=4)


def with_balance(rows: QuerySet[Invoice], *, today: date) -> QuerySet[Invoice]:
    """Annotates `open` (what is unpaid), `next_due` and `payment_state`.

    The state is `none` (a draft), `unpaid`, `partial`, `paid` or `overdue`: open and past its earliest uncovered part.
    """
    return rows.annotate(
        open=Coalesce(F("balance__total") - F("balance__allocated"), Value(0), output_field=_MONEY),
        next_due=F("balance__due_date"),
        payment_state=Case(
            When(balance__isnull=True, then=Value("none")),
            When(balance__allocated=F("balance__total"), then=Value("paid")),
            When(balance__due_date__lt=today, then=Value("overdue")),
            When(balance__allocated__gt=0, then=Value("partial")),
            default=Value("unpaid"),
            output_field=CharField(),
        ),
    )


def visible_invoices(*, by: Actor) -> QuerySet[Invoice]:
    return Invoice.objects.filter(access_of(by).filter("invoice"))


def get_invoice(*, invoice_id: UUID, by: Actor, today: date) -> Invoice:
    """The invoice with its balance.

    :raises NotFound: none, or none that `by` may see
    """
    found = with_balance(visible_invoices(by=by), today=today).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound()
    return found


def invoice_lines(*, invoice_id: UUID) -> list[InvoiceLine]:
    """The lines of an invoice that the caller may see, in order."""
    return list(InvoiceLine.objects.filter(invoice_id=invoice_id).order_by("position"))
