from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.invoicing.errors import NothingToInvoice
from niaga.invoicing.queries.crediting import down_payments_left
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts, term_parts
from niaga.pricing.rules.treatment import merged
from niaga.sales.errors import NotOneInvoice, OverInvoicing
from niaga.sales.models import OrderInvoice, OrderLineInvoice, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import progress
from niaga.sales.services.bill_lines import Bill, bill_lines, bill_totals, owed
from niaga.sales.services.document_money import in_base
from niaga.sales.services.take_off_down_payments import take_off_down_payments

Basis = Literal["delivered", "ordered"]
_COLUMNS = (
    "id", "order_id", "position", "kind", "description", "product_id", "unit_id", "tax_category_id", "quantity",
    "factor", "list_price", "unit_price", "discount_percent", "discount_amount", "amount", "document_discount",
    "tax_code", "tax_rate", "base_numerator", "base_denominator", "unit_cost", "parts", "needs_stock", "shipped",
    "invoiced", "cancelled", "net", "other_tax_base", "tax",
    "luxury_rate", "luxury_tax", "points_discount",
)  # fmt: skip


@transaction.atomic
def invoice_orders(
    *,
    order_ids: Sequence[UUID],
    basis: Basis = "delivered",
    quantities: Mapping[UUID, Decimal] | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Write one draft invoice of what orders of a customer have delivered (or promised) and not yet billed.

    Named `quantities`, by order line in the line's unit, bill just that. Prices, discounts and tax are the orders'
    own, shared out to the last rupiah; down payments are taken off. Returns the invoice's id.

    :raises NotFound: no such order, or a named line is not one of them
    :raises Forbidden: the person may not write invoices
    :raises WrongState: an order is neither confirmed nor closed
    :raises NotOneInvoice: the orders differ in customer, billing address, branch, currency or how they are taxed
    :raises NothingToInvoice: nothing is left to bill
    :raises OverInvoicing: more is named than is left to bill; each such line is answered
    """
    orders = _locked(order_ids)
    for order in orders:
        access_of(by).require("invoice", "create", order)
        if order.status not in ("confirmed", "closed"):
            raise WrongState()
    first = orders[0]
    if len({same_on_all(one) for one in orders}) > 1 or merged([one.tax_treatment for one in orders]) is None:
        raise NotOneInvoice()
    lines: dict[UUID, list[Any]] = {order.id: [] for order in orders}
    rows = SalesOrderLine.objects.filter(order_id__in=list(lines), product_id__isnull=False).order_by("position")
    for line in rows.values_list(*_COLUMNS, named=True):
        lines[line.order_id].append(line)
    take = _quantities([line for order in orders for line in lines[order.id]], basis, quantities)
    if not take:
        raise NothingToInvoice()
    customer = customer_facts(customer_id=first.customer_id)
    assert customer is not None
    term_name, term = term_parts(term_id=first.payment_term_id)
    today = day_at(at=at, zone=first.branch.zone)

    bill, shares, whole = _bill(orders, lines, take)
    advance_net = Decimal(0)
    if any(order.has_links for order in orders):
        ids = OrderInvoice.objects.filter(order_id__in=list(lines)).values_list("invoice_id", flat=True)
        left = down_payments_left(invoice_ids=list(ids))
        advance_net = take_off_down_payments(bill=bill, left=left, currency=first.currency)
    rounding = first.rounding if whole and not advance_net else None
    totals = bill_totals(orders, bill, rounding=rounding)

    reached, opened = {}, {}
    room = in_base(first, totals["total"])
    for order in orders:
        reached[order.id] = progress(
            [
                (line.invoiced + take.get(line.id, Decimal(0)), line.quantity - line.cancelled)
                for line in lines[order.id]
            ]
        )
        wanted = room if len(orders) == 1 else in_base(order, shares[order.id])
        opened[order.id] = order.exposure if reached[order.id] == "done" else min(wanted, order.exposure)
    batch = Batch()
    invoice_id = draft_invoice(
        batch=batch, kind="invoice", company_id=first.company_id, branch_id=first.branch_id,
        customer_id=first.customer_id, salesperson_id=first.salesperson_id,
        party=customer.frozen_party(first.billing_address),
        term_name=term_name, term=term, totals=totals, lines=bill.rows,
        source_numbers=[order.number for order in orders],
        customer_reference=", ".join(filter(None, (one.customer_reference for one in orders)))[:60],
        open_order_amount=sum(opened.values(), Decimal(0)), advance_net=advance_net,
        exchange_rate=first.exchange_rate, by=by.id, at=at, today=today,
    )  # fmt: skip
    batch.insert(OrderLineInvoice, bill.links)
    if len(orders) > 1:
        batch.insert(
            OrderInvoice,
            [{"id": new_id(), "order_id": order.id, "open_amount": opened[order.id]} for order in orders],
            invoice_id=invoice_id,
        )
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "invoiced": quantity} for line_id, quantity in take.items()],
        values={"invoiced": "t.invoiced + v.invoiced"},
    )
    for order in orders:
        batch.update(
            SalesOrder,
            where={"id": order.id},
            values={
                "invoice_progress": reached[order.id], "exposure": order.exposure - opened[order.id], "updated_at": at,
            },
        )  # fmt: skip
    batch.write()
    return invoice_id


def same_on_all(order: SalesOrder) -> tuple[Any, ...]:
    """What orders on one invoice share."""
    place = order.billing_address.get("id")
    return order.customer_id, order.branch_id, order.currency, order.prices_include_tax, order.tax_rounding, place


def _locked(order_ids: Sequence[UUID]) -> list[Any]:
    """The orders in key order, locked, each with whether invoices are linked to it beside its lines."""
    linked = Exists(OrderInvoice.objects.filter(order_id=OuterRef("pk")))
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch").annotate(has_links=linked)
    orders = list(rows.filter(pk__in=list(order_ids)).order_by("pk"))
    if not orders or len(orders) != len(set(order_ids)):
        raise NotFound()
    return orders


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
    orders: Sequence[SalesOrder], lines: Mapping[UUID, list[Any]], take: Mapping[UUID, Decimal]
) -> tuple[Bill, dict[UUID, Decimal], bool]:
    """The bill of all orders, each one's share of it, and whether it is one order, billed whole and at once."""
    if len(orders) == 1:
        own = lines[orders[0].id]
        whole = all(take.get(line.id) == line.quantity for line in own)
        return bill_lines(order=orders[0], lines=own, take=take), {}, whole
    bill, shares = Bill(), {}
    for order in orders:
        part = bill_lines(order=order, lines=lines[order.id], take=take)
        if part.rows:
            bill.rows.append(_heading(order, part.rows[0]))
        shares[order.id] = owed(part.sums())
        bill.rows += part.rows
        bill.parts += part.parts
        bill.links += part.links
        bill.points_used += part.points_used
    for place, row in enumerate(bill.rows, 1):
        row["position"] = place
    return bill, shares, False


def _heading(order: SalesOrder, like: Mapping[str, Any]) -> dict[str, Any]:
    """A section line that names the order; the same columns as `like`."""
    numbers = {name: Decimal(0) for name, value in like.items() if isinstance(value, Decimal)}
    named = f"{order.number} · {order.customer_reference}" if order.customer_reference else order.number
    return {
        **dict.fromkeys(like), **numbers, "id": new_id(), "kind": "section", "description": named,
        "factor": Decimal(1), "tax_code": "", "base_numerator": 1, "base_denominator": 1, "parts": [],
    }  # fmt: skip
