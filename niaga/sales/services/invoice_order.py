from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.invoicing.errors import NothingToInvoice
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts, term_parts
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.billing import FrozenLine, Part, bill_part
from niaga.sales.rules.lines import progress

Basis = Literal["delivered", "ordered"]
_COLUMNS = (
    "id", "position", "kind", "description", "product_id", "unit_id", "tax_category_id", "quantity", "factor",
    "list_price", "unit_price", "discount_percent", "discount_amount", "amount", "document_discount", "tax_code",
    "tax_rate", "base_numerator", "base_denominator", "unit_cost", "needs_stock", "shipped", "invoiced", "cancelled",
)  # fmt: skip
_SUMS = ("net", "other_tax_base", "tax", "rounding")


@transaction.atomic
def invoice_order(
    *,
    order_id: UUID,
    basis: Basis = "delivered",
    quantities: Mapping[UUID, Decimal] | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Write a draft invoice of what an order has delivered (or promised) and not yet billed. Returns its id.

    Named `quantities`, by order line in the line's unit, bill just that. Prices, discounts and tax are the order's
    own, shared out to the last rupiah.

    :raises NotFound: no such order, or a named line is not one of it
    :raises Forbidden: the person may not write invoices
    :raises WrongState: the order is neither confirmed nor closed
    :raises NothingToInvoice: nothing is left to bill
    :raises OverInvoicing: more is named than is left to bill; each such line is answered
    """
    order = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    access_of(by).require("invoice", "create", order)
    if order.status not in ("confirmed", "closed"):
        raise WrongState()
    lines = list(
        SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False)
        .order_by("position")
        .values_list(*_COLUMNS, named=True)
    )
    take = _quantities(lines, basis, quantities)
    if not take:
        raise NothingToInvoice()
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    term_name, term = term_parts(term_id=order.payment_term_id)
    today = day_at(at=at, zone=order.branch.zone)

    rows, parts, links = _bill(order, lines, take)
    totals = _totals(order, lines, take, rows, parts)
    reached = progress(
        [(line.invoiced + take.get(line.id, Decimal(0)), line.quantity - line.cancelled) for line in lines]
    )
    open_amount = order.exposure if reached == "done" else min(totals["total"], order.exposure)
    batch = Batch()
    invoice_id = draft_invoice(
        batch=batch, kind="invoice", company_id=order.company_id, branch_id=order.branch_id,
        customer_id=order.customer_id, salesperson_id=order.salesperson_id, party=customer.frozen_party(),
        term_name=term_name, term=term, totals=totals, lines=rows, source_numbers=[order.number],
        customer_reference=order.customer_reference, open_order_amount=open_amount, by=by.id, at=at, today=today,
    )  # fmt: skip
    batch.insert(OrderLineInvoice, links)
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "invoiced": quantity} for line_id, quantity in take.items()],
        values={"invoiced": "t.invoiced + v.invoiced"},
    )
    batch.update(
        SalesOrder,
        where={"id": order.id},
        values={"invoice_progress": reached, "exposure": order.exposure - open_amount, "updated_at": at},
    )
    batch.write()
    return invoice_id


def _quantities(lines: Sequence[Any], basis: Basis, named: Mapping[UUID, Decimal] | None) -> dict[UUID, Decimal]:
    """How much of each line is billed now."""
    left = {}
    for line in lines:
        promised = line.quantity - line.cancelled
        ready = line.shipped if basis == "delivered" and line.needs_stock else promised
        left[line.id] = ready - line.invoiced
    if named is None:
        return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
    if set(named) - set(left):
        raise NotFound(field="lines")
    places = {line.id: line.position for line in lines}
    over = [
        {"line": places[line_id], "line_id": str(line_id), "wanted": quantity, "available": left[line_id]}
        for line_id, quantity in named.items()
        if quantity > left[line_id]
    ]
    if over:
        raise OverInvoicing(lines=over)
    return {line_id: quantity for line_id, quantity in named.items() if quantity > 0}


def _bill(
    order: SalesOrder, lines: Sequence[Any], take: Mapping[UUID, Decimal]
) -> tuple[list[dict[str, Any]], list[Part], list[dict[str, Any]]]:
    rows, parts, links = [], [], []
    for line in lines:
        quantity = take.get(line.id)
        if quantity is None:
            continue
        frozen = FrozenLine(
            line.quantity, line.amount, line.discount_amount, line.document_discount, line.tax_rate,
            line.base_numerator, line.base_denominator,
        )  # fmt: skip
        part = bill_part(
            frozen, already=line.invoiced, quantity=quantity, currency=order.currency,
            prices_include_tax=order.prices_include_tax,
        )  # fmt: skip
        invoice_line_id = new_id()
        rows.append(
            {
                "id": invoice_line_id, "position": line.position, "kind": line.kind, "description": line.description,
                "product_id": line.product_id, "unit_id": line.unit_id, "tax_category_id": line.tax_category_id,
                "quantity": quantity, "factor": line.factor, "list_price": line.list_price,
                "unit_price": line.unit_price, "discount_percent": line.discount_percent,
                "discount_amount": part.discount_amount, "amount": part.amount,
                "document_discount": part.document_discount, "net": part.net, "other_tax_base": part.other_tax_base,
                "tax_code": line.tax_code, "tax_rate": line.tax_rate, "base_numerator": line.base_numerator,
                "base_denominator": line.base_denominator, "tax": part.tax, "unit_cost": line.unit_cost,
            }
        )  # fmt: skip
        parts.append(part)
        links.append(
            {"id": new_id(), "order_line_id": line.id, "invoice_line_id": invoice_line_id, "quantity": quantity}
        )
    return rows, parts, links


def _totals(
    order: SalesOrder,
    lines: Sequence[Any],
    take: Mapping[UUID, Decimal],
    rows: Sequence[Mapping[str, Any]],
    parts: Sequence[Part],
) -> dict[str, Any]:
    """The invoice's header: the order's own when it is billed whole, else the sum of the parts."""
    nought = Decimal(0)
    sums = {name: sum((getattr(part, name) for part in parts), nought) for name in _SUMS}
    if all(take.get(line.id) == line.quantity for line in lines):
        sums["rounding"] = order.rounding
    return {
        "currency": order.currency, "prices_include_tax": order.prices_include_tax,
        "subtotal": sum((row["amount"] for row in rows), nought), "discount_percent": order.discount_percent,
        "discount_amount": sum((part.document_discount for part in parts), nought), **sums,
        "total": sums["net"] + sums["tax"] + sums["rounding"],
    }  # fmt: skip
