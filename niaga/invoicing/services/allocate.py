"""What settles what. An allocation is a row; the invoice's balance is their sum, and its row is the lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.core.batch import Batch
from niaga.core.money import base_share
from niaga.core.outbox import announce
from niaga.core.queries.compiled import Compiled
from niaga.invoicing.errors import BalanceChanged
from niaga.invoicing.events import InvoiceAllocated
from niaga.invoicing.models import Allocation, Invoice, InvoiceBalance


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An issued invoice that is locked for settling, and what is open on it."""

    invoice_id: UUID
    company_id: UUID
    customer_id: UUID
    number: str
    currency: str
    total: Decimal
    allocated: Decimal
    due_date: date | None
    base_total: Decimal
    """In the company's own currency, `home`."""
    base_allocated: Decimal
    home: str
    kind: str
    discount: str | None = None
    """The percentage of an early-payment discount in its frozen term."""

    @property
    def open(self) -> Decimal:
        return self.total - self.allocated

    @property
    def offers_discount(self) -> bool:
        return self.discount is not None

    def settles(self, amount: Decimal) -> Decimal:
        """What of the receivable, in the company's own currency, `amount` more settles; negative: owes again."""
        after = base_share(self.allocated + amount, whole=self.total, base_whole=self.base_total, home=self.home)
        return after - self.base_allocated


class Share(NamedTuple):
    """What an invoice gets, in its currency; and what that is of a source in another, by which rate."""

    invoice: OpenInvoice
    amount: Decimal
    source_currency: str = ""
    source_amount: Decimal | None = None
    exchange_rate: Decimal | None = None

    @property
    def taken(self) -> Decimal:
        """Of the source, in its currency."""
        return self.amount if self.source_amount is None else self.source_amount


def lock_open_invoices(*, invoice_ids: Sequence[UUID]) -> list[OpenInvoice]:
    """Lock invoices in key order; the earliest due first in the answer."""
    if len(invoice_ids) == 1:  # what most payments settle
        return _found(_ONE.rows(invoice_ids[0]))
    return _found(_locking(Q(invoice_id__in=list(invoice_ids))))


def lock_open_invoices_of(*, customer_id: UUID) -> list[OpenInvoice]:
    """Lock all open invoices of a customer in key order; the earliest due first in the answer."""
    return _found(_locking(Q(customer_id=customer_id, settled_at=None)))


def _locking(which: Q) -> QuerySet[Any, Any]:
    """In the order of `OpenInvoice`."""
    rows = InvoiceBalance.objects.select_for_update(of=("self",)).filter(which).exclude(kind="credit_note")
    columns = (
        "invoice_id",
        "company_id",
        "customer_id",
        "invoice__number",
        "currency",
        "total",
        "allocated",
        "due_date",
        "base_total",
        "base_allocated",
        "invoice__company__currency",
        "kind",
        "invoice__term__0__discount_percent",
    )
    return rows.order_by("invoice_id").values_list(*columns)


_ONE = Compiled(lambda invoice_id: _locking(Q(invoice_id=invoice_id)))


def _found(rows: Iterable[Any]) -> list[OpenInvoice]:
    found = [OpenInvoice(*row) for row in rows]
    return sorted(found, key=lambda invoice: (invoice.due_date or date.max, invoice.invoice_id))


def allocate(
    *,
    batch: Batch,
    invoices: Sequence[Share],
    source_kind: str,
    source_id: UUID,
    today: date,
    by: UUID | None,
    at: datetime,
    also: Sequence[tuple[UUID, Decimal, Decimal, Decimal]] = (),
) -> None:
    """Add allocations of a source to locked invoices; a negative amount takes one back.

    `also` are balances (id, allocated, total, base_allocated) that change with it: a credit note's own, since one
    statement writes a table's rows once.

    :raises BalanceChanged: when the batch is written, a balance is not what was locked
    """
    moved = [share for share in invoices if share.amount]
    if not moved:
        return
    batch.insert(
        Allocation,
        [
            {
                "company_id": share.invoice.company_id, "invoice_id": share.invoice.invoice_id, "amount": share.amount,
                "source_currency": share.source_currency, "source_amount": share.source_amount,
                "exchange_rate": share.exchange_rate,
            }
            for share in moved
        ],
        source_kind=source_kind, source_id=source_id, at=at, date=today, by=by,
    )  # fmt: skip
    batch.update_each(
        InvoiceBalance,
        [
            {"invoice_id": i.invoice_id, "allocated": i.allocated + amount,
             "base_allocated": i.base_allocated + i.settles(amount),
             "settled_at": at if i.allocated + amount == i.total else None, "due_date": i.due_date, "last_on": today}
            for i, amount, *_source in moved
        ]
        + [
            {"invoice_id": invoice_id, "allocated": allocated, "base_allocated": based,
             "settled_at": at if allocated == total else None, "due_date": None, "last_on": today}
            for invoice_id, allocated, total, based in also
        ],
        key=("invoice_id",),
        values={
            "allocated": "v.allocated",
            "base_allocated": "v.base_allocated",
            "settled_at": "v.settled_at",
            "first_on": "least(t.first_on, v.last_on)",
            "last_on": "greatest(t.last_on, v.last_on)",
            # the earliest part that the new sum does not cover; the last one when all are
            "due_date": (
                "CASE WHEN v.allocated >= t.total THEN t.due_date ELSE (SELECT min(d.due_date) FROM ("
                "SELECT due_date, sum(amount) OVER (ORDER BY position) AS upto FROM invoicing_invoicedue"
                " WHERE invoice_id = v.invoice_id) d WHERE d.upto > v.allocated) END"
            ),
        },
        refusal=BalanceChanged,
    )  # fmt: skip
    announce(
        batch=batch,
        event=[InvoiceAllocated(i.invoice_id, i.customer_id, i.open - amount) for i, amount, *_source in moved],
        company_id=moved[0].invoice.company_id, by=by, at=at,
    )  # fmt: skip


def settle_with_credit_note(
    *, batch: Batch, credit_note: Invoice, today: date, by: UUID | None, at: datetime
) -> tuple[OpenInvoice, Decimal]:
    """Settle the corrected invoice with its credit note as far as it is open. Returns it as it was, and how far; the
    rest is a credit."""
    assert credit_note.credits_id is not None
    [invoice] = lock_open_invoices(invoice_ids=[credit_note.credits_id])
    amount = min(invoice.open, credit_note.payable)
    allocate(
        batch=batch, invoices=[Share(invoice, amount)], source_kind="credit_note", source_id=credit_note.id,
        today=today, by=by, at=at,
    )  # fmt: skip
    return invoice, amount
