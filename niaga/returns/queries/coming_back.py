"""How much of order lines is on its way back, or came and stayed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from niaga.returns.models import KeptGift, ReturnLine


@dataclass(slots=True)
class ComingBack:
    """Of an order line: `whole` in its unit; of its bundle's `parts` base units by product, and `most`: how many
    bundles the part that came back most of is taken from."""

    whole: Decimal = Decimal(0)
    parts: dict[UUID, Decimal] = field(default_factory=dict)
    most: Decimal = Decimal(0)


def coming_back(order_line_ids: Collection[UUID]) -> dict[UUID, ComingBack]:
    """By order line, with gifts that were charged and so are theirs, in two statements. Unchecked access."""
    rows = ReturnLine.objects.filter(order_line_id__in=list(order_line_ids), held__gt=0).order_by()
    found: dict[UUID, ComingBack] = {}
    for line_id, product_id, each, held in rows.values_list("order_line_id", "product_id", "part_each").annotate(
        sum=Sum("held")
    ):
        one = found.setdefault(line_id, ComingBack())
        if each is None:
            one.whole += held
        else:
            one.parts[product_id] = held
            one.most = max(one.most, held / each)
    kept = KeptGift.objects.filter(order_line_id__in=list(order_line_ids)).order_by()
    for line_id, quantity in kept.values_list("order_line_id").annotate(sum=Sum("quantity")):
        found.setdefault(line_id, ComingBack()).whole += quantity
    return found
