from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine


class DirectLine(NamedTuple):
    """`base` units of a product; `id` is made by the caller, so that it can link to it."""

    id: UUID
    product_id: UUID
    base: Decimal


class DirectRequest(NamedTuple):
    """What one supplier is to send straight to a customer."""

    supplier_id: UUID
    supplier: str
    expected_date: date
    lines: Sequence[DirectLine]


def expect_direct(
    *, batch: Batch, company_id: UUID, place_id: UUID, requests: Sequence[DirectRequest], by: UUID | None, at: datetime
) -> list[UUID]:
    """Add what suppliers are asked to send straight to a customer to the batch, each as goods that are expected: by no
    warehouse, so nobody is promised of them. Returns their ids, in order."""
    ids = [new_id() for _request in requests]
    batch.insert(
        ExpectedReceipt,
        [
            {"id": key, "supplier": one.supplier, "sent_by_id": one.supplier_id, "expected_date": one.expected_date}
            for key, one in zip(ids, requests, strict=True)
        ],
        company_id=company_id, warehouse_id=place_id, created_by=by, created_at=at, updated_at=at,
    )  # fmt: skip
    batch.insert(
        ExpectedReceiptLine,
        [
            {"id": line.id, "expected_id": key, "product_id": line.product_id, "quantity": line.base}
            for key, one in zip(ids, requests, strict=True)
            for line in one.lines
        ],
    )
    for key in ids:
        record(
            batch=batch, subject_kind="expected_receipt", subject_id=key, verb="expect", by=by, at=at,
            company_id=company_id, to_status="open",
        )  # fmt: skip
    return ids
