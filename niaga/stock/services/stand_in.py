"""Other goods take the place of missing ones in a delivery that has not left."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.ids import new_id
from niaga.stock.models import Delivery, DeliveryLine, PickLine, PickList, PickRecord, StockLevel
from niaga.stock.queries.deliveries import ShippedLine
from niaga.stock.queries.planning import ToFetch
from niaga.stock.services.draft_delivery import DeliveryItem
from niaga.stock.services.propose_lots import propose_lots


class Fetched(NamedTuple):
    """Who has the goods in hand already, by the key of their phone."""

    key: UUID
    picker_id: UUID


def lessen_line(*, batch: Batch, line: ShippedLine, quantity: Decimal) -> None:
    """Take `quantity` units that nobody found off a locked delivery's line, and off what is to be fetched for it; a
    line of nothing goes."""
    if quantity < line.quantity:
        batch.update(DeliveryLine, where={"id": line.id}, values={"quantity": line.quantity - quantity})
        base = quantity * line.factor
        batch.sql(
            "asked",
            "UPDATE stock_pickline SET quantity = quantity - %s::numeric WHERE delivery_line_id = %s::uuid RETURNING 1",
            [base, line.id],
        )
        return
    for name, table in (("unpicked", "stock_pickline"), ("unlotted", "stock_lotpick")):
        batch.sql(name, f"DELETE FROM {table} WHERE delivery_line_id = %s::uuid RETURNING 1", [line.id])
    batch.sql("gone", "DELETE FROM stock_deliveryline WHERE id = %s::uuid RETURNING 1", [line.id])


def add_stand_in(
    *, batch: Batch, delivery: Delivery, item: DeliveryItem, sku: str, by_lot: bool, pick_list_id: UUID, reason: str,
    fetched: Fetched | None, today: date, by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Add goods to a locked delivery, and to its pick list: fetched already, or for whoever goes next."""
    last = DeliveryLine.objects.filter(delivery_id=delivery.id).aggregate(last=Max("position"))["last"] or 0
    batch.insert(
        DeliveryLine,
        [{"id": item.id, "delivery_id": delivery.id, "position": last + 1, "product_id": item.product_id,
          "reservation_id": item.reservation_id, "description": item.description, "quantity": item.quantity,
          "unit_id": item.unit_id, "factor": item.factor, "unit_cost": item.unit_cost}],
    )  # fmt: skip
    levels = StockLevel.objects.filter(warehouse_id=delivery.warehouse_id, product_id=item.product_id)
    place = levels.values_list("place", flat=True).first() or ""
    end = PickLine.objects.filter(pick_list_id=pick_list_id).aggregate(last=Max("position"))["last"] or 0
    base, pick_id = item.quantity * item.factor, new_id()
    batch.insert(
        PickLine,
        [{"id": pick_id, "pick_list_id": pick_list_id, "position": end + 1, "delivery_line_id": item.id,
          "part_id": None, "product_id": item.product_id, "place": place, "quantity": base,
          "picked": base if fetched else None, "picker_id": fetched.picker_id if fetched else None,
          "picked_at": at if fetched else None}],
    )  # fmt: skip
    goods = ToFetch(delivery.id, item.id, None, item.product_id, sku, place, base, by_lot)
    propose_lots(batch=batch, goods=[goods], warehouse_id=delivery.warehouse_id, today=today)
    if fetched:
        batch.insert(
            PickRecord,
            [{"id": fetched.key, "company_id": delivery.company_id, "line_id": pick_id, "quantity": base,
              "reason": "", "at": at, "by": by}],
        )  # fmt: skip
    else:
        batch.update(
            PickList, where={"id": pick_list_id, "status": "done"},
            values={"status": "open", "version": Sql("t.version + 1"), "updated_at": at}, expect=None,
        )  # fmt: skip
    batch.update(
        Delivery, where={"id": delivery.id}, values={"version": Sql("t.version + 1"), "updated_at": at}
    )  # fmt: skip
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="substitute", by=by, at=at,
        company_id=delivery.company_id, note=f"{item.description}. {reason}".strip(),
        data={"product_id": str(item.product_id), "quantity": str(base)},
    )  # fmt: skip
