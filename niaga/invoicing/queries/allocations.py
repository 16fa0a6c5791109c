"""What settles what."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from niaga.invoicing.models import Allocation, Invoice, InvoiceBalance
from niaga.organization.access import Actor, access_of

TAKEN = Coalesce("source_amount", "amount")
"""Of the source, in its own currency."""


class Allocated(NamedTuple):
    """What an invoice got of a source, in the invoice's currency; `taken` in the source's, which is named where it is
    another."""

    amount: Decimal
    taken: Decimal
    source_currency: str


def allocated_by_invoice(source_id: UUID) -> dict[UUID, Allocated]:
    """What a payment or credit note settles now, by invoice; what was taken back is gone."""
    rows = Allocation.objects.filter(source_id=source_id).order_by().values_list("invoice_id")
    sums = rows.annotate(sum=Sum("amount"), taken=Sum(TAKEN), of=Max("source_currency"))
    return {invoice_id: Allocated(*found) for invoice_id, *found in sums if found[0]}


def allocated_until(source_id: UUID) -> date | None:
    """The day on which a source last settled something, or let go of it."""
    found: date | None = Allocation.objects.filter(source_id=source_id).aggregate(day=Max("date"))["day"]
    return found


def sellers_settled_by(source_id: UUID) -> set[UUID | None]:
    """The salespeople of the invoices that a payment or credit note settles, or settled before."""
    rows = Allocation.objects.filter(source_id=source_id).order_by()
    return set(rows.values_list("invoice__salesperson_id", flat=True).distinct())


def credit_left(credit_note_id: UUID) -> Any:
    """An issued credit note with what is `left` of it; None: there is none such. Whose it is the caller checks."""
    rows = Invoice.objects.filter(pk=credit_note_id, kind="credit_note", status="issued")
    return rows.annotate(left=F("balance__total") - F("balance__allocated")).first()


def allocations_of_sources(source_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    """What payments and credit notes settle now: source, invoice, its number and currency, amount; what that took of
    the source (`taken`) in its currency (`of`, where it is another) at which rate."""
    rows = Allocation.objects.filter(source_id__in=list(source_ids)).order_by()
    return (
        rows.values(
            "source_id", "source_kind", "invoice_id", number=F("invoice__number"), currency=F("invoice__currency")
        )
        .annotate(sum=Sum("amount"), taken=Sum(TAKEN), of=Max("source_currency"), rate=Max("exchange_rate"))
        .filter(~Q(sum=0))
        .order_by("number")
    )


def allocations_of_invoices(invoice_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    """What settles invoices now: invoice, kind and id of the source, amount; what it took of a source in another
    currency, `of`."""
    rows = Allocation.objects.filter(invoice_id__in=list(invoice_ids)).order_by()
    return (
        rows.values("invoice_id", "source_kind", "source_id")
        .annotate(sum=Sum("amount"), taken=Sum(TAKEN), of=Max("source_currency"))
        .filter(~Q(sum=0))
        .order_by("source_id")
    )


def paid_last(*, customer_id: UUID, currency: str, most: int = 200) -> list[UUID]:
    """The invoices of a customer that something settles, the latest due first. Whose they are the caller checks."""
    rows = InvoiceBalance.objects.filter(customer_id=customer_id, currency=currency, allocated__gt=0)
    found = rows.exclude(kind="credit_note").order_by("-due_date", "-invoice_id")
    return list(found.values_list("invoice_id", flat=True)[:most])


def open_balances(*, customer_id: UUID, by: Actor) -> QuerySet[InvoiceBalance]:
    """The customer's open invoices that the person may see, the earliest due first, with number and what is open."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    rows = InvoiceBalance.objects.filter(seen, customer_id=customer_id, allocated__lt=F("total"))
    return (
        rows.exclude(kind="credit_note")
        .select_related("invoice")
        .annotate(open=F("total") - F("allocated"))
        .order_by("due_date", "invoice_id")
    )


def open_credits(*, customer_id: UUID, by: Actor) -> QuerySet[InvoiceBalance]:
    """The customer's credit notes that are not used up, with number and what is left."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    rows = InvoiceBalance.objects.filter(seen, customer_id=customer_id, kind="credit_note", allocated__lt=F("total"))
    return rows.select_related("invoice").annotate(open=F("total") - F("allocated")).order_by("invoice_id")


def overdue_balances(*, by: Actor, today: date) -> QuerySet[InvoiceBalance]:
    """What is open and past its earliest uncovered part."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    return InvoiceBalance.objects.filter(seen, allocated__lt=F("total"), due_date__lt=today).exclude(kind="credit_note")


def open_debts(*, by: Actor, currency: str) -> QuerySet[Any, Any]:
    """Every open invoice in a currency that the person may see, the earliest due first, with what a payer may tell of
    it: number, customer, what is `open`, total, net, due day, branch, and whether its terms offer a discount."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    rows = InvoiceBalance.objects.filter(seen, currency=currency, allocated__lt=F("total")).exclude(kind="credit_note")
    return (
        rows.annotate(open=F("total") - F("allocated"), offers=Q(invoice__term__0__discount_percent__isnull=False))
        .order_by("due_date", "invoice_id")
        .values_list(
            "invoice_id", "invoice__number", "customer_id", "open", "total", "invoice__net", "due_date",
            "invoice__branch_id", "offers",
        )
    )  # fmt: skip


def settled_by_sources(*, invoice_id: UUID) -> list[dict[str, Any]]:
    """What settles an invoice now: kind and id of the source, `sum`, and where the source is in another currency that
    (`of`) and the `rate` it was turned by; in the order in which the sources came."""
    rows = Allocation.objects.filter(invoice_id=invoice_id).order_by()
    return [
        dict(row)
        for row in rows.values("source_kind", "source_id")
        .annotate(sum=Sum("amount"), of=Max("source_currency"), rate=Max("exchange_rate"), first=Min("at"))
        .filter(~Q(sum=0))
        .order_by("first", "source_id")
    ]
