from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, StaleVersion
from niaga.core.flow import check_move
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import CreditHeld
from niaga.sales.models import OrderLineDelivery, SalesOrder
from niaga.sales.queries.credit import standing_of, with_standing
from niaga.sales.services.check_credit import check_credit
from niaga.sales.services.leave_warehouse import leave_warehouse
from niaga.stock.errors import BadStockLines
from niaga.stock.queries.deliveries import ShippedLine, lock_picks, shipped_lines
from niaga.stock.queries.together import lock_together
from niaga.stock.rules.delivery_flow import delivery_flow
from niaga.stock.services.leave_joint import leave_joint
from niaga.stock.services.lock_levels import lock_costs, lock_levels


class Stayed(NamedTuple):
    """A delivery that did not go along: its number, and the refusal of its credit; none: nothing of it was to go."""

    delivery_id: UUID
    number: str
    held: CreditHeld | None


class Sent(NamedTuple):
    """What left, in the order of their ids, and what stayed. `is_joint`: at least two travel together."""

    delivery_ids: tuple[UUID, ...]
    stayed: tuple[Stayed, ...]
    is_joint: bool


@transaction.atomic
def ship_together(
    *, joint_id: UUID, quantities: Mapping[UUID, Decimal] | None = None, by: Actor, at: datetime
) -> Sent:  # fmt: skip
    """Let the goods of all deliveries that travel together leave in one deed, each counted on its own order.

    `quantities`, by delivery line of any of them, ship just that, as does what was picked; what is short of one leaves
    the others whole. Whose credit stops it, or of which nothing goes, stays here and travels alone from now on.
    Orders, then deliveries, pick lists, levels and costs are locked, each in key order. Some statements a delivery,
    whatever its number of lines.

    :raises NotFound: no such joint delivery, or a named line is not one of it
    :raises Forbidden: the person may not ship one of its deliveries
    :raises WrongState: it has left
    :raises StaleVersion: a delivery was put to it, or taken out, in this very moment
    :raises CreditOnHold, CreditOverdue, CreditExceeded: all of it is held; see `check_credit`
    :raises PeriodClosed: the books of today's month are closed
    :raises BadStockLines: more is named than a delivery holds, or nothing at all
    """
    orders, members = _lock(joint_id)
    for one in members:
        access_of(by).require("delivery", "ship", one)
    for one in members:
        check_move(delivery_flow, "ship", one.status)
    lock_picks(delivery_ids=[one.id for one in members])
    lines = {one.id: shipped_lines(delivery_id=one.id) for one in members}
    if quantities is not None and set(quantities) - {line.id for rows in lines.values() for line in rows}:
        raise NotFound(field="lines")
    stayed: list[Stayed] = []
    for one in members:
        order = orders[one.id]
        today = day_at(at=at, zone=order.branch.zone)
        held = None
        try:
            check_credit(standing_of(order, today=today), more=Decimal(0), total=order.total)
        except CreditHeld as refusal:
            held = refusal
        if held is not None or not _goes(lines[one.id], quantities):
            stayed.append(Stayed(one.id, one.number, held))
    if len(stayed) == len(members):
        raise next((one.held for one in stayed if one.held is not None), BadStockLines(field="lines"))
    stays = {one.delivery_id for one in stayed}
    leave_joint(members=members, leaving=stays, by=by.id, at=at)
    goes = [one for one in members if one.id not in stays]
    products = {goods.product_id for one in goes for line in lines[one.id] for goods in line.goods}
    lock_levels(keys=[(goes[0].warehouse_id, product_id) for product_id in products])
    lock_costs(product_ids=products)
    for one in goes:  # each in a statement of its own: two may take the same product, or be of the same order
        order = orders[one.id]
        own = {line.id: quantities[line.id] for line in lines[one.id] if quantities and line.id in quantities}
        batch = Batch()
        order.delivery_progress = leave_warehouse(
            batch=batch, order=order, delivery=one, lines=lines[one.id], quantities=own or None,
            today=day_at(at=at, zone=order.branch.zone), by=by.id, at=at,
        )  # fmt: skip
        batch.write()
    return Sent(tuple(one.id for one in goes), tuple(stayed), len(goes) > 1)


def _lock(joint_id: UUID) -> tuple[dict[UUID, SalesOrder], list[Any]]:
    """The orders of a joint delivery by delivery, locked in the order of their ids, then its deliveries."""
    links = OrderLineDelivery.objects.filter(delivery_line__delivery__joint_id=joint_id).order_by()
    pairs = dict(links.values_list("delivery_line__delivery_id", "order_line__order_id").distinct())
    if not pairs:
        raise NotFound()
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch", "company")
    orders = {one.pk: one for one in with_standing(rows.filter(pk__in=set(pairs.values()))).order_by("pk")}
    members = [one for one in lock_together(delivery_ids=pairs) if one.joint_id == joint_id]
    if {one.id for one in members} != set(pairs):
        raise StaleVersion()
    return {key: orders[order_id] for key, order_id in pairs.items()}, members


def _goes(lines: list[ShippedLine], quantities: Mapping[UUID, Decimal] | None) -> bool:
    """Whether anything of a delivery leaves: of what is named, else of what was picked."""
    named = quantities or {}
    if any(line.id in named for line in lines):
        return any(named.get(line.id, line.quantity) != 0 for line in lines)
    return any(line.picked is None or line.picked > 0 for line in lines)
