"""The orders of which goods without a document may be."""

from typing import Any

from niaga.organization.access import Actor
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.room import fitting_orders
from niaga.sales.queries.documents import visible_orders

_MOST = 200


def link_candidates(rma: Return, *, by: Actor) -> list[Any]:
    """Orders of its customer that hold all of its goods, with room for them to come back; the latest first. Three
    statements, over the customer's latest orders."""
    lines = list(ReturnLine.objects.filter(rma_id=rma.pk).order_by("position"))
    rows = visible_orders(by=by).filter(
        customer_id=rma.customer_id, currency=rma.currency, status__in=("confirmed", "closed")
    )
    found = list(rows.exclude(delivery_progress="none").order_by("-date", "-id")[:_MOST])
    fitting = fitting_orders(lines, [one.pk for one in found])
    return [one for one in found if one.pk in fitting]
