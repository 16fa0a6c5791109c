"""Invoices and credit notes a person may see, with what is open and how they stand."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.stamps import stamped
from niaga.organization.access import Actor, access_of, seen
from niaga.pricing.queries.points_earned import points_earned

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
    found: Invoice | None = stamped(with_balance(visible_invoices(by=by), today=today)).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound()
    return found


def invoice_lines(*, invoice_id: UUID) -> list[InvoiceLine]:
    """The lines of an invoice that the caller may see, in order."""
    return list(InvoiceLine.objects.filter(invoice_id=invoice_id).order_by("position"))


def invoice_line_with_origin(*, invoice_id: UUID, line_id: UUID, by: Actor) -> tuple[InvoiceLine, InvoiceLine | None]:
    """A line with its invoice, and the billed line that it credits, if it credits one.

    :raises NotFound: no such line of an invoice that `by` may see
    """
    rows = InvoiceLine.objects.select_related("invoice", "unit", "credits_line__invoice", "credits_line__unit")
    found = rows.filter(pk=line_id, invoice_id=invoice_id, product_id__isnull=False).first()
    if found is None:
        raise NotFound()
    seen(found.invoice, "invoice", by=by)
    return found, found.credits_line


def see_invoice(*, invoice_id: UUID, by: Actor) -> Invoice:
    """:raises NotFound: none, or none that the person may see"""
    found = visible_invoices(by=by).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound()
    return found


def listed_invoices(*, by: Actor, today: date) -> QuerySet[Invoice]:
    """Invoices for a list: with balance, state, and how many days a part of it is overdue."""
    return (
        stamped(with_balance(visible_invoices(by=by), today=today))
        .select_related("customer", "balance")
        .defer("party", "note", "terms_text", "term")
    )


def whole_invoice(*, invoice_id: UUID, by: Actor, today: date) -> Invoice:
    """The invoice with balance, company, branch, customer and the invoice it corrects.

    :raises NotFound: none, or none that the person may see
    """
    found: Invoice | None = _WHOLE.one(invoice_id, today)
    return seen(found, "invoice", by=by)


_WHOLE = Compiled(
    lambda invoice_id, today: (
        stamped(with_balance(Invoice.objects.filter(pk=invoice_id), today=today))
        .select_related("customer", "company", "branch", "credits")
        .annotate(points_earned=points_earned(OuterRef("pk")))
    ),
    UUID,
    date,
)  # fmt: skip


def invoice_line_rows(*, invoice_id: UUID) -> list[Mapping[str, Any]]:
    """The lines as a page and paper show them, with SKU and unit, and how much of each was credited."""
    return list[Mapping[str, Any]](_LINE_ROWS.mappings(invoice_id))


def _line_rows(invoice_id: UUID) -> QuerySet[Any, Any]:
    credited = (
        InvoiceLine.objects.filter(
            credits_line_id=OuterRef("pk"), invoice__kind="credit_note", invoice__status__in=("draft", "issued")
        )
        .order_by()
        .values("credits_line_id")
        .annotate(sum=Sum("quantity"))
        .values("sum")
    )
    return (
        InvoiceLine.objects.filter(invoice_id=invoice_id)
        .order_by("position", "id")
        .annotate(credited=Coalesce(Subquery(credited), Value(Decimal(0))))
        .values(
            "id", "position", "kind", "description", "quantity", "unit__code", "product_id", "product__sku",
            "unit_price", "discount_percent", "discount_amount", "amount", "net", "other_tax_base", "tax", "tax_rate",
            "luxury_rate", "luxury_tax",
            "tax_code", "tax_category_id", "base_numerator", "base_denominator", "credited", "parts", "factor",
        )
    )  # fmt: skip


_LINE_ROWS = Compiled(_line_rows)


def credit_notes_of(*, invoice_id: UUID, by: Actor) -> QuerySet[Invoice]:
    """The credit notes of an invoice that the person may see, drafts too."""
    return visible_invoices(by=by).filter(credits_id=invoice_id).exclude(status="discarded").order_by("created_at")


def kinds_of(invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """Invoice, down payment or credit note, of many at once; for who may know that they are there."""
    return dict(Invoice.objects.filter(pk__in=invoice_ids).values_list("id", "kind"))


def dues_of_invoice(*, invoice_id: UUID) -> list[tuple[date, Decimal]]:
    """The parts of an issued invoice, each with its day; none while a part waits for the exchange to have one. For who
    may see it."""
    dues = (
        Invoice.objects.filter(pk=invoice_id, dues__isnull=False)
        .order_by("dues__position")
        .values_list("dues__due_date", "dues__amount")
    )
    dated = [(due_date, amount) for due_date, amount in dues if due_date is not None]
    return dated if len(dated) == len(dues) else []


def customer_of_invoice(invoice_id: UUID) -> UUID:
    """Whose an invoice is, for a verb that locks the customer's account before it.

    :raises NotFound: there is none
    """
    found: UUID | None = Invoice.objects.filter(pk=invoice_id).values_list("customer_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
