from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.events import IncomingChanged
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.check_lines import StockItem, check_lines


@transaction.atomic
def expect_receipt(
    *,
    warehouse_id: UUID,
    supplier: str,
    expected_date: date,
    items: Sequence[StockItem],
    reference: str = "",
    by: Actor,
    at: datetime,
) -> ExpectedReceipt:
    """Note goods that a supplier will bring: they count as incoming until received or cancelled.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not expect goods there
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("stock", "create", warehouse)
    sums: dict[UUID, Decimal] = {}
    for line in check_lines(company_id=warehouse.company_id, items=items):
        sums[line.product.id] = sums.get(line.product.id, Decimal(0)) + line.base
    expected = ExpectedReceipt(
        id=new_id(), company_id=warehouse.company_id, warehouse_id=warehouse.id, supplier=supplier.strip(),
        reference=reference.strip(), expected_date=expected_date, status="open", created_by=by.id, created_at=at,
        updated_at=at,
    )  # fmt: skip
    batch = Batch()
    row = {column.attname: getattr(expected, column.attname) for column in ExpectedReceipt._meta.concrete_fields}
    batch.insert(ExpectedReceipt, [row])
    batch.insert(
        ExpectedReceiptLine,
        [{"id": new_id(), "product_id": product_id, "quantity": quantity} for product_id, quantity in sums.items()],
        expected_id=expected.id,
    )
    record(
        batch=batch, subject_kind="expected_receipt", subject_id=expected.id, verb="expect", by=by.id, at=at,
        company_id=warehouse.company_id, to_status="open",
    )  # fmt: skip
    announce(
        batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return expected
