"""Other goods take the place of missing ones on an order: its lines, its stock and its delivery, in one change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.catalog.queries.substitutes import StandIn
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.credit import lock_credit_account
from niaga.sales.models import OrderLineDelivery, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.substitution import discount_share, price_as_ordered
from niaga.sales.services.carry_out_change import carry_out_change, judge_change
from niaga.sales.services.held_parts import held_parts
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.order_change import Change
from niaga.sales.services.price_amendment import price_amendment
from niaga.sales.services.selling_facts import still_chosen
from niaga.sales.services.sign_prices import manual_steps, sign_prices
from niaga.stock.queries.deliveries import ShippedLine
from niaga.stock.services.draft_delivery import DeliveryItem
from niaga.stock.services.stand_in import Fetched, add_stand_in, lessen_line


class Exchange(NamedTuple):
    """`units` of an order's line, for `base` base units of its substitute, in a delivery that has not left."""

    line: SalesOrderLine
    delivery_line: ShippedLine
    entry: StandIn
    units: Decimal
    base: Decimal
    pick_list_id: UUID
    reason: str


def replace_goods(
    *, order: SalesOrder, delivery: Any, what: Exchange, fetched: Fetched | None, by: Actor, at: datetime
) -> UUID:
    """Write the exchange on a locked order and its locked delivery. Returns the id of the order's new line.

    The ordered line is less by what is replaced, at the price it was promised; the substitute is a line of its own with
    its price frozen, its tax, and its goods held. As many statements whatever the order's length.

    :raises OutOfStock: somebody else has the last of it
    :raises CreditOnHold, CreditOverdue, CreditExceeded: the order grows, and `check_credit` does not let it
    :raises ApprovalNeeded: a rule asks for a yes
    """
    today = day_at(at=at, zone=order.branch.zone)
    account = lock_credit_account(order.customer_id, on=today)
    _take_off(what)
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    new_line_id = new_id()
    change = _priced(order, stored, what, new_line_id, by, at)
    judged = judge_change(order, stored=stored, change=change, account=account, today=today)
    carry_out_change(order=order, stored=stored, change=change, judged=judged, account=account, by=by, at=at)
    _deliver(order, delivery, what, new_line_id, fetched, by, at)
    return new_line_id


def _take_off(what: Exchange) -> None:
    """What nobody found leaves the delivery, so that the order's line can become less. Links of deliveries that were
    called off go with a line of which nothing stays."""
    batch = Batch()
    lessen_line(batch=batch, line=what.delivery_line, quantity=what.units)
    if what.units < what.delivery_line.quantity:
        batch.sql(
            "linked",
            "UPDATE sales_orderlinedelivery SET quantity = quantity - %s::numeric WHERE delivery_line_id = %s::uuid"
            " RETURNING 1",
            [what.units, what.delivery_line.id],
        )
    else:
        batch.sql(
            "unlinked",
            "DELETE FROM sales_orderlinedelivery k WHERE k.delivery_line_id = %s::uuid OR (%s AND k.order_line_id ="
            " %s::uuid) RETURNING 1",
            [what.delivery_line.id, what.units == what.line.quantity, what.line.id],
        )
    batch.update_each(
        SalesOrderLine, [{"id": what.line.id, "in_delivery": what.units}],
        values={"in_delivery": "t.in_delivery - v.in_delivery"},
    )  # fmt: skip
    batch.write()


def _priced(
    order: SalesOrder, stored: Sequence[SalesOrderLine], what: Exchange, new_line_id: UUID, by: Actor, at: datetime
) -> Change:
    """The order's lines as they shall be. The lower of both prices is found by trying the substitute's own first."""
    context = document_context(branch_id=order.branch_id, at=at)
    customer, _chosen = still_chosen(customer_id=order.customer_id, document=order)
    known = {line.id: line for line in stored}
    with override(customer.language or order.branch.company.language or None):
        names = {"substitute": what.entry.name, "ordered": what.entry.ordered_name}
        description = _("%(substitute)s (in place of %(ordered)s)") % names
    new = LineInput(
        id=new_line_id, product_id=what.entry.product_id, quantity=what.base, description=description,
        planned_date=what.line.planned_date,
    )  # fmt: skip
    as_ordered = replace(
        new, unit_price=price_as_ordered(what.line, ratio=what.entry.ratio),
        discount_percent=what.line.discount_percent, discount_amount=discount_share(what.line, what.units),
    )  # fmt: skip

    def priced(line: LineInput) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        wanted = []
        for one in stored:
            left = one.quantity - what.units if one.id == what.line.id else one.quantity
            if left > 0 or not one.product_id:
                wanted.append(kept_line(one, quantity=left) if one.id == what.line.id else kept_line(one))
            if one.id == what.line.id:
                wanted.append(line)
        return price_amendment(order=order, wanted=wanted, known=known, context=context, customer=customer)

    rows, totals = priced(as_ordered if what.entry.price == "as_ordered" else new)
    if what.entry.price == "cheaper":
        other = priced(as_ordered)
        if _paid(other[0], new_line_id) < _paid(rows, new_line_id):
            rows, totals = other
    rows = sign_prices(rows, by=by.id, at=at, before=manual_steps((line.id, line.steps) for line in stored))
    return Change(rows, totals, {}, f"{description}. {what.reason}".strip(), "refuse")


def _paid(rows: Sequence[dict[str, Any]], line_id: UUID) -> Decimal:
    """What the customer pays for a line, tax and all."""
    row = next(row for row in rows if row["id"] == line_id)
    paid: Decimal = row["net"] + row["tax"] + row["luxury_tax"]
    return paid


def _deliver(
    order: SalesOrder, delivery: Any, what: Exchange, new_line_id: UUID, fetched: Fetched | None, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Put the substitute into the delivery in the place of what is missing."""
    line = SalesOrderLine.objects.get(pk=new_line_id)
    held = held_parts(order_id=order.id)[new_line_id, what.entry.product_id]
    assert line.product_id is not None
    assert line.unit_id is not None
    item = DeliveryItem(
        id=new_id(), product_id=line.product_id, reservation_id=held.reservation_id, description=line.description,
        quantity=line.quantity, unit_id=line.unit_id, factor=line.factor, unit_cost=line.unit_cost,
    )  # fmt: skip
    batch = Batch()
    add_stand_in(
        batch=batch, delivery=delivery, item=item, sku=what.entry.sku, by_lot=what.entry.by_lot,
        pick_list_id=what.pick_list_id, reason=what.reason, fetched=fetched,
        today=day_at(at=at, zone=order.branch.zone), by=by.id, at=at,
    )  # fmt: skip
    batch.insert(
        OrderLineDelivery,
        [{"id": new_id(), "order_line_id": new_line_id, "delivery_line_id": item.id, "quantity": line.quantity}],
    )
    batch.update(SalesOrderLine, where={"id": new_line_id}, values={"in_delivery": line.quantity})
    batch.write()
