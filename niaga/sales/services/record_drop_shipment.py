from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import check_move, move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.errors import MoreThanAsked
from niaga.sales.events import OrderChanged
from niaga.sales.models import (
    DropShip,
    DropShipDelivery,
    DropShipLine,
    OrderLineDelivery,
    SalesOrder,
    SalesOrderLine,
)
from niaga.sales.queries.drop_ships import lock_drop_ship
from niaga.sales.rules.drop_ship import drop_ship_flow, left_of, sent_now
from niaga.sales.rules.lines import delivery_progress
from niaga.sales.services.give_back_direct import give_back_direct
from niaga.sales.services.lock_drop_order import lock_drop_order
from niaga.stock.errors import BadStockLines
from niaga.stock.events import DeliveryShipped
from niaga.stock.queries.costs import costs_now
from niaga.stock.services.check_lines import LotGiven, StockItem, check_lines
from niaga.stock.services.pass_goods import Journey, Passing, pass_goods


@dataclass(frozen=True, slots=True)
class Sent:
    """What the supplier told. Without `quantities` all that is left was sent; `unit_costs` (of a base unit) hold in the
    place of what was agreed, `lots` name those of goods that are kept so; all by line of the request. With `is_last`
    the supplier sends nothing more."""

    quantities: Mapping[UUID, Decimal] | None = None
    unit_costs: Mapping[UUID, Decimal] = field(default_factory=dict)
    lots: Mapping[UUID, Sequence[LotGiven]] = field(default_factory=dict)
    carrier: str = ""
    tracking: str = ""
    reference: str = ""
    note: str = ""
    is_last: bool = False


@transaction.atomic
def record_drop_shipment(*, drop_ship_id: UUID, sent: Sent, by: Actor, at: datetime) -> UUID:
    """The supplier sent goods to the customer: they are received at what they cost and delivered, at this moment, and
    no stock of ours is touched. Returns the delivery's id.

    What is short (`is_last`) is asked of our own stock again. Without the right to see costs, agreed ones hold. That
    the customer's credit is short now stops nothing: the goods have left.

    :raises NotFound: no such request, or a named line is not one of it
    :raises Forbidden: the person may not ship it
    :raises WrongState: everything was sent, or it was cancelled
    :raises MoreThanAsked: more is named than is left; each such line is answered
    :raises BadStockLines: nothing was sent, or the lots of goods that are kept by lot are not named
    :raises PeriodClosed: the books of today's month are closed
    """
    order = lock_drop_order(drop_ship_id)
    drop, lines = lock_drop_ship(drop_ship_id)
    access_of(by).require("delivery", "ship", drop)
    check_move(drop_ship_flow, "ship", drop.status)
    taken = _taken(lines, sent)
    passing = _passing(drop, lines, taken, sent, sees_cost=access_of(by).sees_cost)
    rest = {
        line.id: (line.order_line_id, more)
        for line in lines
        if (more := left_of(line) - taken.get(line.id, Decimal(0))) > 0
    }
    if rest and sent.is_last:
        give_back_direct(order=order, rest=rest, at=at)
    is_done = sent.is_last or not rest
    today = day_at(at=at, zone=order.branch.zone)
    by_line = {line.order_line_id: taken[line.id] for line in lines if line.id in taken}
    reached = _progress(order, by_line)
    batch = Batch()
    receipt_id, delivery_id, number = pass_goods(
        batch=batch, expected=drop.expected, passing=passing, is_done=is_done, today=today,
        currency=drop.company.currency, by=by.id, at=at,
        journey=Journey(
            drop.branch_id, drop.customer_id, drop.salesperson_id, order.number, drop.address,
            sent.carrier.strip()[:80], sent.tracking.strip()[:80],
            sent.reference.strip()[:60] or drop.supplier_reference, sent.note.strip()[:2000],
        ),
    )  # fmt: skip
    _count(batch, drop, lines, taken, passing, receipt_id, delivery_id)
    if is_done:
        move(batch=batch, flow=drop_ship_flow, document=drop, move="ship", by=by.id, at=at)
    else:
        batch.update(DropShip, where={"id": drop.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
        record(
            batch=batch, subject_kind="drop_ship", subject_id=drop.id, verb="ship_part", by=by.id, at=at,
            company_id=drop.company_id, from_status=drop.status, to_status=drop.status,
        )  # fmt: skip
    batch.update(
        SalesOrder, where={"id": order.id},
        values={"delivery_progress": reached, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    told = batch.write()[number]
    _tell(order, delivery_id, told, by, at)
    return delivery_id


def _taken(lines: Sequence[DropShipLine], sent: Sent) -> dict[UUID, Decimal]:
    named = set(sent.quantities or ()) | set(sent.unit_costs) | set(sent.lots)
    if named - {line.id for line in lines}:
        raise NotFound(field="lines")
    taken, wrong = sent_now(lines, sent.quantities)
    if wrong:
        raise MoreThanAsked(
            field="lines",
            lines=[
                {"line": line.position, "line_id": str(line.id), "wanted": (sent.quantities or {})[line.id],
                 "available": left_of(line)}
                for line in lines if line.id in wrong
            ],
        )  # fmt: skip
    if not taken:
        raise BadStockLines(field="lines")
    return taken


def _passing(
    drop: DropShip, lines: Sequence[DropShipLine], taken: Mapping[UUID, Decimal], sent: Sent, *, sees_cost: bool
) -> list[Passing]:
    """The lines that were sent, checked, each with what a base unit of it costs."""
    theirs = [line for line in lines if line.id in taken]
    told = sent.unit_costs if sees_cost else {}
    checked = check_lines(
        company_id=drop.company_id, by_lot=True,
        items=[
            StockItem(
                taken[line.id], product_id=line.order_line.product_id,
                unit=line.order_line.unit.code if line.order_line.unit else None, unit_cost=told.get(line.id),
                lots=tuple(sent.lots.get(line.id, ())),
            )
            for line in theirs
        ],
    )  # fmt: skip
    unknown = {one.product.id for line, one in zip(theirs, checked, strict=True)
               if one.unit_cost is None and line.unit_cost is None}  # fmt: skip
    now = costs_now(unknown)
    return [
        Passing(line.expected_line_id, new_id(), one, _first(one.unit_cost, line.unit_cost, now.get(one.product.id)),
                line.order_line.description)
        for line, one in zip(theirs, checked, strict=True)
    ]  # fmt: skip


def _first(*costs: Decimal | None) -> Decimal:
    return next((cost for cost in costs if cost is not None), Decimal(0))


def _progress(order: SalesOrder, sent: Mapping[UUID, Decimal]) -> str:
    lines = list(SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False))
    for line in lines:
        line.shipped += sent.get(line.id, Decimal(0))
    return delivery_progress(lines)


def _count(
    batch: Batch,
    drop: DropShip,
    lines: Sequence[DropShipLine],
    taken: Mapping[UUID, Decimal],
    passing: Sequence[Passing],
    receipt_id: UUID,
    delivery_id: UUID,
) -> None:
    theirs: list[dict[str, Any]] = [
        {"id": line.id, "line": line.order_line_id, "quantity": taken[line.id]} for line in lines if line.id in taken
    ]
    batch.insert(
        DropShipDelivery,
        [{"id": new_id(), "drop_ship_id": drop.id, "delivery_id": delivery_id, "receipt_id": receipt_id}],
    )
    batch.insert(
        OrderLineDelivery,
        [
            {"id": new_id(), "order_line_id": one["line"], "delivery_line_id": gone.delivery_line_id,
             "quantity": one["quantity"]}
            for one, gone in zip(theirs, passing, strict=True)
        ],
    )  # fmt: skip
    batch.update_each(
        DropShipLine,
        [{"id": one["id"], "shipped": one["quantity"]} for one in theirs],
        values={"shipped": "t.shipped + v.shipped"},
    )
    batch.update_each(
        SalesOrderLine,
        [{"id": one["line"], "shipped": one["quantity"]} for one in theirs],
        values={
            "shipped": "t.shipped + v.shipped", "in_delivery": "t.in_delivery + v.shipped",
            "direct": "t.direct - v.shipped",
        },
    )  # fmt: skip


def _tell(order: SalesOrder, delivery_id: UUID, number: str, by: Actor, at: datetime) -> None:
    """What is told by its number, which the statement before drew."""
    batch = Batch()
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="delivery.shipped",
        subject_kind="delivery", subject_id=delivery_id, number=number, actor_id=by.id, at=at,
    )  # fmt: skip
    for event in (
        DeliveryShipped(delivery_id, number, order.customer_id),
        OrderChanged(order.id, order.number, order.customer_id, "shipped"),
    ):
        announce(batch=batch, event=event, company_id=order.company_id, by=by.id, at=at)
    batch.write()
