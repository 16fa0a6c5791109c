from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Drawn
from niaga.core.ids import new_id
from niaga.stock.models import Delivery, DeliveryLine, DeliveryPart


class ItemPart(NamedTuple):
    """What is in a bundle: `quantity` base units of a product in each base unit of the line."""

    product_id: UUID
    reservation_id: UUID | None
    quantity: Decimal
    unit_cost: Decimal | None


class DeliveryItem(NamedTuple):
    """A line to deliver, in the line's unit; `id` is made by the caller so that it can link to it.

    A bundle has `parts`, and each of them its reservation.
    """

    id: UUID
    product_id: UUID
    reservation_id: UUID | None
    description: str
    quantity: Decimal
    unit_id: UUID
    factor: Decimal
    unit_cost: Decimal | None
    parts: tuple[ItemPart, ...] = ()


def draft_delivery(
    *,
    batch: Batch,
    company_id: UUID,
    company_code: str,
    branch_id: UUID,
    warehouse_id: UUID,
    customer_id: UUID,
    salesperson_id: UUID | None,
    source_kind: str,
    source_number: str,
    address: dict[str, Any],
    planned_date: date | None,
    items: Sequence[DeliveryItem],
    today: date,
    by: UUID | None,
    at: datetime,
) -> tuple[UUID, Drawn]:
    """Add a delivery with its lines to the batch. Returns its id and the number to be drawn."""
    delivery_id = new_id()
    number = batch.draw(company_id=company_id, kind="delivery", period=str(today.year), prefix=f"DO-{today.year}-")
    batch.insert(
        Delivery,
        [
            {
                "id": delivery_id, "company_id": company_id, "branch_id": branch_id, "warehouse_id": warehouse_id,
                "number": number, "customer_id": customer_id, "salesperson_id": salesperson_id,
                "source_kind": source_kind, "source_number": source_number, "address": address,
                "planned_date": planned_date, "created_by": by, "created_at": at, "updated_at": at,
            }
        ],
    )  # fmt: skip
    batch.insert(
        DeliveryLine,
        [
            {
                "id": item.id, "position": position, "product_id": item.product_id,
                "reservation_id": item.reservation_id, "description": item.description, "quantity": item.quantity,
                "unit_id": item.unit_id, "factor": item.factor, "unit_cost": item.unit_cost,
            }
            for position, item in enumerate(items, 1)
        ],
        delivery_id=delivery_id,
    )  # fmt: skip
    batch.insert(
        DeliveryPart,
        [
            {
                "id": new_id(), "line_id": item.id, "position": position, "product_id": part.product_id,
                "reservation_id": part.reservation_id, "quantity": part.quantity, "unit_cost": part.unit_cost,
            }
            for item in items
            for position, part in enumerate(item.parts, 1)
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery_id, verb="draft", by=by, at=at, company_id=company_id,
        to_status="draft",
    )  # fmt: skip
    return delivery_id, number
