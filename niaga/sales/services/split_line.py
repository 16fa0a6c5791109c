from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.errors import CannotSplit
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.choose_supply import keep_choice
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.rewrite_lines import rewrite_lines


@transaction.atomic
def split_line(
    *,
    order_id: UUID,
    line_id: UUID,
    quantity: Decimal,
    planned_date: date | None = None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> SalesOrder:
    """Cut a line of a draft order in two at the same price: `quantity` stays, the rest comes on `planned_date`.

    :raises NotFound: no such order, or no such line in it
    :raises Forbidden: the person may not change it
    :raises WrongState: it is confirmed; amend it instead
    :raises CannotSplit: nothing would stay, or nothing would be split off
    """
    order = lock_order(order_id=order_id, action="change", by=by, version=version)
    if order.status != "draft":
        raise WrongState()
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    origins = {line.id: line for line in stored}
    cut = origins.get(line_id)
    if cut is None or cut.product_id is None:
        raise NotFound(field="line_id")
    if not 0 < quantity < cut.quantity:
        raise CannotSplit(field="quantity")
    rest_id = new_id()
    origins[rest_id] = cut
    lines = []
    for line in stored:
        if line is cut:
            rest = kept_line(line, quantity=line.quantity - quantity, planned_date=planned_date)
            lines += [kept_line(line, quantity=quantity), replace(rest, id=rest_id)]
        else:
            lines.append(kept_line(line))
    rewrite_lines(
        order=order, lines=lines, origins=origins, verb="split_line", by=by.id, at=at,
        data={"line": cut.position, "description": cut.description, "quantity": [cut.quantity, quantity]},
    )  # fmt: skip
    keep_choice(order_id=order.id, line_id=line_id, also=rest_id)
    return order
