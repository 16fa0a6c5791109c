"""What a driver brings: the lines of many deliveries at once."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextField, Value
from django.db.models.functions import Coalesce, NullIf

from niaga.stock.models import DeliveryLine


class DoorLine(NamedTuple):
    """A line of a delivery as it is handed over: `quantity` in its `unit`."""

    id: UUID
    delivery_id: UUID
    name: str
    sku: str
    quantity: Decimal
    unit: str
    digits: int


_NAME = Coalesce(NullIf("description", Value(""), output_field=TextField()), "product__name", output_field=TextField())


def door_lines(*, delivery_ids: Collection[UUID]) -> dict[UUID, list[DoorLine]]:
    """By delivery, in their order; one statement. The caller has checked access."""
    found: dict[UUID, list[DoorLine]] = {}
    rows = DeliveryLine.objects.filter(delivery_id__in=list(delivery_ids)).order_by("delivery_id", "position")
    for row in rows.values_list(
        "id", "delivery_id", _NAME, "product__sku",
        "quantity", "unit__code", "unit__digits",
    ):  # fmt: skip
        line = DoorLine(*row)
        found.setdefault(line.delivery_id, []).append(line)
    return found
