from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.sales.errors import SupplierPutAway
from niaga.sales.events import DropShipAsked
from niaga.sales.models import DropShip, DropShipLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.drop_ship import usual_day
from niaga.stock.queries.suppliers import agreed_with, suppliers_by_id
from niaga.stock.services.expect_direct import DirectLine, DirectRequest, expect_direct
from niaga.stock.services.open_direct_place import open_direct_place

_NUMBER = "(SELECT number FROM {} WHERE key = %s::uuid)"


class ToSend(NamedTuple):
    """So much of an order line, in its unit, that a supplier shall send; it stands as `direct` on the line already."""

    line_id: UUID
    supplier_id: UUID
    product_id: UUID
    quantity: Decimal
    factor: Decimal
    planned_date: date | None = None


def ask_suppliers(*, order: SalesOrder, lines: Sequence[ToSend], by: UUID | None, at: datetime) -> list[UUID]:
    """Draw up a request to each supplier for what they shall send of a locked order straight to its customer.

    It draws numbers: after all locks. As many statements for a thousand lines as for one, and none without any.
    Returns the requests' ids.

    :raises SupplierPutAway: a supplier is not the company's any more; each line of theirs is answered
    """
    if not lines:
        return []
    by_supplier: dict[UUID, list[ToSend]] = {}
    for line in lines:
        by_supplier.setdefault(line.supplier_id, []).append(line)
    suppliers = suppliers_by_id(by_supplier, company_id=order.company_id)
    if len(suppliers) < len(by_supplier):
        raise _put_away([line.line_id for line in lines if line.supplier_id not in suppliers])
    agreed = agreed_with(by_supplier, {line.product_id for line in lines})
    place_id = open_direct_place(company_id=order.company_id, branch_id=order.branch_id, at=at)
    today = day_at(at=at, zone=order.branch.zone)
    drops: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    requests = []
    for supplier_id in sorted(by_supplier, key=lambda key: (suppliers[key].name, key)):
        theirs, supplier, drop_id = by_supplier[supplier_id], suppliers[supplier_id], new_id()
        days = [day for line in theirs if (day := line.planned_date or order.planned_date) is not None]
        day = usual_day(today=today, lead_days=supplier.lead_days, planned=min(days, default=None))
        sent = [DirectLine(new_id(), line.product_id, line.quantity * line.factor) for line in theirs]
        requests.append(DirectRequest(supplier_id, supplier.name, day, sent))
        drops.append({"id": drop_id, "supplier_id": supplier_id, "promised_date": day})
        for place, (line, expected) in enumerate(zip(theirs, sent, strict=True), 1):
            known = agreed.get((supplier_id, line.product_id))
            rows.append(
                {
                    "id": new_id(), "drop_ship_id": drop_id, "position": place, "order_line_id": line.line_id,
                    "expected_line_id": expected.id, "quantity": line.quantity, "code": known.code if known else "",
                    "unit_cost": known.unit_cost if known else None,
                }
            )  # fmt: skip
    batch = Batch()
    ids = [one["id"] for one in drops]
    expected_ids = expect_direct(
        batch=batch, company_id=order.company_id, place_id=place_id, requests=requests, by=by, at=at
    )
    numbers = batch.draw_each(
        ids, company_id=order.company_id, kind="drop_ship", period=str(today.year), prefix=f"DS-{today.year}-"
    )
    for one, expected_id in zip(drops, expected_ids, strict=True):
        batch.insert(
            DropShip,
            [{**one, "expected_id": expected_id, "number": Sql(_NUMBER.format(numbers), (one["id"],))}],
            company_id=order.company_id, branch_id=order.branch_id, order_id=order.id, customer_id=order.customer_id,
            salesperson_id=order.salesperson_id, address=order.delivery_address, created_by=by, created_at=at,
            updated_at=at,
        )  # fmt: skip
    batch.insert(DropShipLine, rows)
    for one in drops:
        record(
            batch=batch, subject_kind="drop_ship", subject_id=one["id"], verb="ask", by=by, at=at,
            company_id=order.company_id, to_status="asked", data={"order": order.number},
        )  # fmt: skip
    announce(
        batch=batch, event=[DropShipAsked(key, order.number, order.customer_id) for key in ids],
        company_id=order.company_id, by=by, at=at,
    )  # fmt: skip
    batch.write()
    return ids


def _put_away(line_ids: list[UUID]) -> SupplierPutAway:
    rows = SalesOrderLine.objects.filter(pk__in=line_ids).order_by("position")
    return SupplierPutAway(
        lines=[
            {"line": line.position, "line_id": str(line.id), "description": line.description.split("\n")[0],
             "field": f"line-{line.id}", "message": _("Its supplier was put away."), "choices": ["supplier", "stock"]}
            for line in rows
        ],
        field="lines",
    )  # fmt: skip
