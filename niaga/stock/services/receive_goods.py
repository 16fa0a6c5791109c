from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.document_context import document_context
from niaga.stock.events import StockReceived
from niaga.stock.models import Receipt, ReceiptLine
from niaga.stock.queries.warehouses import warehouse_for
from niaga.stock.services.move_stock import Movement, move_stock


class BadReceiptLines(Invalid):
    code = "bad_lines"
    text = gettext_lazy("Some lines need your attention.")


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """What came in: a product by id or SKU, in `unit` (its base unit without one); `unit_cost` of one base unit."""

    quantity: Decimal
    product_id: UUID | None = None
    sku: str | None = None
    unit: str | None = None
    unit_cost: Decimal | None = None


@transaction.atomic
def receive_goods(
    *,
    branch_id: UUID,
    items: Sequence[ReceiptItem],
    warehouse_id: UUID | None = None,
    supplier: str = "",
    reference: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take goods in, at once: a posted receipt with its moves. A mistake is put right by an adjustment.

    :raises NotFound: no such branch or warehouse
    :raises Forbidden: the person may not receive goods
    :raises BadReceiptLines: no lines, unknown products, or quantities that cannot be; each line is answered
    :raises WarehouseMissing: the company has no warehouse
    """
    context = document_context(branch_id=branch_id, at=at)
    access_of(by).require("stock", "create", company_id=context.company_id)
    place_id = warehouse_for(company_id=context.company_id, branch_id=branch_id, warehouse_id=warehouse_id)
    lines = _lines(context.company_id, items)
    receipt = Receipt(
        id=new_id(), company_id=context.company_id, warehouse_id=place_id, supplier=supplier, reference=reference,
        received_at=at, received_by=by.id, note=note,
    )  # fmt: skip
    batch = Batch()
    year = context.today.year
    number = batch.draw(company_id=context.company_id, kind="receipt", period=str(year), prefix=f"RC-{year}-")
    row = {column.attname: getattr(receipt, column.attname) for column in Receipt._meta.concrete_fields}
    batch.insert(Receipt, [{**row, "number": number}])
    batch.insert(ReceiptLine, lines, receipt_id=receipt.id)
    move_stock(
        batch=batch, company_id=context.company_id, warehouse_id=place_id, reason="receipt", source_kind="receipt",
        source_id=receipt.id, by=by.id, at=at, makes_levels=True,
        movements=[
            Movement(line["product_id"], line["quantity"] * line["factor"], line["unit_cost"]) for line in lines
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="receipt", subject_id=receipt.id, verb="receive", by=by.id, at=at,
        company_id=context.company_id,
    )  # fmt: skip
    announce(batch=batch, event=StockReceived(receipt.id, place_id), company_id=context.company_id, by=by.id, at=at)
    receipt.number = batch.write()[number]
    return receipt


def _lines(company_id: UUID, items: Sequence[ReceiptItem]) -> list[dict[str, Any]]:
    products = product_facts(
        company_id=company_id, ids={item.product_id for item in items if item.product_id},
        skus={item.sku for item in items if item.sku and not item.product_id},
    )  # fmt: skip
    faults: list[dict[str, Any]] = []
    lines = []
    for place, item in enumerate(items, 1):
        key = item.product_id or item.sku
        product = products.get(key) if key else None
        unit = product.unit(item.unit) if product else None
        if product is None:
            faults.append(_fault(place, "product", "unknown_product", _("There is no such product.")))
        elif product.kind != "goods":
            faults.append(_fault(place, "product", "not_stocked", _("Only goods are kept in stock.")))
        elif unit is None:
            faults.append(_fault(place, "unit", "unknown_unit", _("The product is not kept in this unit.")))
        elif not 0 < item.quantity < 10**12 or (item.unit_cost is not None and item.unit_cost < 0):
            faults.append(_fault(place, "quantity", "absurd", _("The quantity must be above zero.")))
        else:
            lines.append(
                {
                    "id": new_id(), "position": place, "product_id": product.id, "quantity": item.quantity,
                    "unit_id": unit.id, "factor": unit.factor, "unit_cost": item.unit_cost,
                }
            )  # fmt: skip
    if faults or not lines:
        raise BadReceiptLines(lines=faults, field="lines")
    return lines


def _fault(line: int, field: str, code: str, message: str) -> dict[str, Any]:
    return {"line": line, "field": field, "code": code, "message": message}
