"""What may be taken off an invoice that is paid early, and what was given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.invoicing.models import Allocation, GivenDiscount, InvoiceBalance
from niaga.organization.access import Actor, access_of
from niaga.parties.rules.early_discount import early_discount

NOUGHT = Decimal(0)
OFFERED = "invoice__term__0__discount_percent"
"""Of a balance: set where the invoice's frozen term has a discount."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` may be taken off what is open when the rest, `pay`, is paid by `until`."""

    percent: Decimal
    until: date
    amount: Decimal
    pay: Decimal
    currency: str
    lessens_tax: bool = False
    """It is given by a credit note, so that tax base and tax follow."""

    def holds(self, on: date) -> bool:
        return on <= self.until


def standing_offers(*, invoice_ids: Sequence[UUID], on: date | None) -> dict[UUID, Offer]:
    """The discounts that hold on a day; without a day the ones whose day is over too. None where several
    instalments were planned by hand, and none on down payments: those are no sale yet. One statement.

    Who decides by it has locked the balances.
    """
    if not invoice_ids:
        return {}
    rows = (
        InvoiceBalance.objects.filter(
            invoice_id__in=list(invoice_ids), kind="invoice", invoice__instalments__1__isnull=True
        )
        .filter(**{f"{OFFERED}__isnull": False}, allocated__lt=F("total"))
        .annotate(lessened=_allocated("credit_note", "write_off"), given=_allocated("early_discount"))
        .values("invoice_id", "currency", "total", "allocated", "lessened", "given", "invoice__term", "invoice__date")
    )
    found = {}
    for row in rows:
        discount = early_discount(row["invoice__term"], invoice_date=row["invoice__date"])
        if discount is None or (on is not None and on > discount.until):
            continue
        left = row["total"] - row["allocated"]
        amount = discount.left(
            claim=row["total"], lessened=row["lessened"], given=row["given"], open_amount=left,
            currency=row["currency"],
        )  # fmt: skip
        if amount:
            found[row["invoice_id"]] = Offer(
                discount.percent, discount.until, amount, left - amount, row["currency"], discount.lessens_tax
            )
    return found


def _allocated(*kinds: str) -> Coalesce:
    rows = Allocation.objects.filter(invoice_id=OuterRef("invoice_id"), source_kind__in=kinds).order_by()
    return Coalesce(Subquery(rows.values("invoice_id").annotate(sum=Sum("amount")).values("sum")), NOUGHT)


def offering(rows: Iterable[Any]) -> list[UUID]:
    """The invoices among open balances whose terms have a discount: of the others nothing is asked."""
    return [
        row.invoice_id
        for row in rows
        if early_discount(row.invoice.term, invoice_date=row.invoice.date) is not None
    ]  # fmt: skip


def with_offer(invoice: Any, *, on: date) -> Any:
    """An issued invoice as a customer is shown it, with the `offer` that pays it early on that day, or None."""
    offer = offer_of(invoice, on=on)
    invoice.offer = offer if offer is not None and offer.pay else None
    return invoice


def offer_of(invoice: Any, *, on: date | None) -> Offer | None:
    """Of one issued invoice, for its pages; nothing is asked where its term has none."""
    if (
        invoice.status != "issued"
        or not invoice.open
        or early_discount(invoice.term, invoice_date=invoice.date) is None
    ):
        return None
    return standing_offers(invoice_ids=[invoice.pk], on=on).get(invoice.pk)


def discounts_standing_on(invoice_ids: Sequence[UUID]) -> list[GivenDiscount]:
    """What was given on them and not taken back; the caller has locked their balances. Nothing is asked of none."""
    if not invoice_ids:
        return []
    rows = GivenDiscount.objects.filter(invoice_id__in=list(invoice_ids), reversal=None)
    return list(rows.select_related("invoice").order_by("id"))


def visible_discounts(*, by: Actor) -> QuerySet[Any]:
    """Given on invoices that the person may see, each with `customer_id`, `reversed_on` and why."""
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    rows = GivenDiscount.objects.filter(seen).select_related("invoice__customer", "reversal", "credit_note")
    return rows.annotate(
        customer_id=F("invoice__customer_id"), reversed_on=F("reversal__date"), why=F("reversal__reason"),
        debit_note_id=F("reversal__debit_note_id"),
    )  # fmt: skip


def see_discount(*, discount_id: UUID, by: Actor) -> Any:
    """:raises NotFound: none, or none that the person may see"""
    found = visible_discounts(by=by).filter(pk=discount_id).first()
    if found is None:
        raise NotFound()
    return found


def discounts_given(invoice_id: UUID) -> Question[list[Any]]:
    """Asks for what was given on an invoice, for who may see it."""
    rows = GivenDiscount.objects.filter(Q(invoice_id=invoice_id)).order_by("at")
    return Question(
        rows.values(
            "id", "number", "amount", "currency", "percent", "date", "late", "reason",
            reversed_on=F("reversal__date"), why=F("reversal__reason"), note_id=F("credit_note_id"),
            note=F("credit_note__number"), debit_id=F("reversal__debit_note_id"),
            debit=F("reversal__debit_note__number"),
        ),
        list,
    )  # fmt: skip


def discounts_by_id() -> QuerySet[Any, Any]:
    return GivenDiscount.objects.all()
