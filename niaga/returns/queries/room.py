"""Whether an order has room for goods that came without a document: the same goods, and so many still to come back."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.returns.models import ReturnLine
from niaga.returns.queries.coming_back import ComingBack, coming_back
from niaga.sales.queries.returnable import sold_lines, sold_lines_of


class Fitted(NamedTuple):
    """By return line its line of the order; and of lines that have none, how many at most would have room."""

    chosen: Mapping[UUID, Any]
    lacking: Mapping[UUID, Decimal]


def fit_to_order(lines: Sequence[ReturnLine], order_id: UUID) -> Fitted:
    """The caller holds the order's lock where it writes. Two statements."""
    sold = sold_lines(order_id)
    return _fit(lines, sold, coming_back([one.pk for one in sold]))


def fitting_orders(lines: Sequence[ReturnLine], order_ids: Collection[UUID]) -> set[UUID]:
    """Those of the orders that all lines fit. Two statements."""
    by_order: dict[UUID, list[Any]] = {}
    sold = sold_lines_of(order_ids, product_ids={line.product_id for line in lines})
    for one in sold:
        by_order.setdefault(one.order_id, []).append(one)
    back = coming_back([one.pk for one in sold])
    return {order_id for order_id, own in by_order.items() if not _fit(lines, own, back).lacking}


def _fit(lines: Sequence[ReturnLine], sold: Sequence[Any], back: Mapping[UUID, ComingBack]) -> Fitted:
    room: dict[UUID, Decimal] = {}
    for one in sold:
        held = back.get(one.pk, ComingBack())
        room[one.pk] = one.shipped - held.whole - held.most if one.needs_stock and not one.parts else Decimal(0)
    chosen: dict[UUID, Any] = {}
    lacking: dict[UUID, Decimal] = {}
    for line in lines:
        same = [one for one in sold if (one.product_id, one.unit_id) == (line.product_id, line.unit_id)]
        found = next((one for one in same if room[one.pk] >= line.held), None)
        if found is None:
            lacking[line.pk] = max((room[one.pk] for one in same), default=Decimal(0))
            continue
        room[found.pk] -= line.held
        chosen[line.pk] = found
    return Fitted(chosen, lacking)
