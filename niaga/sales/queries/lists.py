"""What lists of quotations and orders read: one statement for the rows, whatever they show."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from niaga.core.clock import now
from niaga.core.queries.compiled import Compiled
from niaga.core.rules.search_terms import search_query
from niaga.organization.access import Actor
from niaga.sales.models import OrderLineInvoice, Quotation, SalesOrder, SalesOrderLine
from niaga.sales.queries.documents import visible_orders, visible_quotations

_SHOWN = (
    "number", "status", "date", "currency", "total", "net", "customer_reference", "company_id", "branch_id", "version",
    "customer__name", "salesperson__name", "salesperson__username",
)  # fmt: skip


def quotation_rows(*, by: Actor) -> QuerySet[Quotation]:
    """Quotations with what the list shows of each."""
    rows = visible_quotations(by=by).select_related("customer", "salesperson")
    return rows.only(*_SHOWN, "valid_until", "offer_version", "sent_at")


def order_rows(*, by: Actor) -> QuerySet[SalesOrder]:
    """Orders with what the list shows of each."""
    rows = visible_orders(by=by).select_related("customer", "salesperson")
    return rows.only(*_SHOWN, "planned_date", "delivery_progress", "invoice_progress")


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Documents whose number or reference begins so, or whose customer fits every typed word; each by an index.

    `418` finds SQ-2026-00418 of this year and the three before it.
    """
    typed = text.strip()[:60]
    model = rows.model
    numbers = Q(number__startswith=typed.upper())
    if typed.isascii() and typed.isdigit() and len(typed) <= 7:
        prefix, year = PREFIXES[model], now().year
        numbers |= Q(number__in=[f"{prefix}-{back}-{int(typed):05}" for back in range(year - 3, year + 2)])
    found = model.objects.filter(numbers).values("pk")
    parts = [model.objects.filter(customer_reference__istartswith=typed).exclude(customer_reference="").values("pk")]
    if query := search_query(typed):
        search = SearchQuery(query, search_type="raw", config="simple")
        parts.append(model.objects.filter(customer__search=search).values("pk"))
    return rows.filter(pk__in=found.union(*parts))


def later_than_asked(rows: QuerySet[SalesOrder]) -> QuerySet[SalesOrder]:
    """Orders of which something is promised for a later day than the customer asked for."""
    lines = SalesOrderLine.objects.filter(order_id=OuterRef("pk"), product_id__isnull=False).annotate(
        asked=Coalesce("requested_date", "order__requested_date"),
        promised=Coalesce("planned_date", "order__planned_date"),
    )
    return rows.filter(Exists(lines.filter(promised__gt=F("asked"))))


PREFIXES: dict[Any, str] = {Quotation: "SQ", SalesOrder: "SO"}


def awaiting_answer(*, by: Actor) -> QuerySet[Quotation]:
    """Offers that customers have and did not answer yet."""
    return visible_quotations(by=by).filter(status="sent")


def to_ship(*, by: Actor) -> QuerySet[SalesOrder]:
    """Promises that are not delivered whole."""
    return visible_orders(by=by).filter(status="confirmed").exclude(delivery_progress="done")


def _bills(**which: Any) -> Exists:
    links = OrderLineInvoice.objects.filter(order_line__order_id=OuterRef("pk"), invoice_line__invoice__status="issued")
    return Exists(links.filter(**{f"invoice_line__invoice__balance__{name}": value for name, value in which.items()}))


def with_payment_state(rows: QuerySet[SalesOrder], *, today: date) -> QuerySet[Any]:
    """Annotates `payment_state`: `none` (nothing is billed), `unpaid`, `partial`, `paid` or `overdue`."""
    return rows.annotate(
        payment_state=Case(
            When(invoice_progress="none", then=Value("none")),
            When(_bills(settled_at=None, due_date__lt=today), then=Value("overdue")),
            When(_bills(settled_at=None, allocated__gt=0), then=Value("partial")),
            When(_bills(settled_at=None), then=Value("unpaid")),
            When(_bills(settled_at__isnull=False), then=Value("paid")),
            default=Value("none"),
            output_field=CharField(),
        )
    )


def in_payment_state(rows: QuerySet[SalesOrder], state: str, *, today: date) -> QuerySet[Any]:
    """Orders whose invoices stand so."""
    return with_payment_state(rows, today=today).filter(payment_state=state)


def name_of_seller() -> Any:
    """The salesperson's name as an expression, for sorting and exports."""
    return Case(When(salesperson__name="", then=F("salesperson__username")), default=F("salesperson__name"))


_PAYMENT_STATE = Compiled(
    lambda order_id, today: with_payment_state(SalesOrder.objects.filter(pk=order_id), today=today).values_list(
        "payment_state"
    ),
    UUID,
    date,
)


def payment_state_of(*, order_id: UUID, today: date) -> str:
    """How the invoices of one order stand. One statement."""
    [(state,)] = _PAYMENT_STATE.rows(order_id, today)
    return str(state)
