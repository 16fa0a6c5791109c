"""Reading receipts."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Receipt, ReceiptLine


def get_receipt(*, receipt_id: UUID, by: Actor) -> Receipt:
    """:raises NotFound: none, or none that `by` may see"""
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    found = Receipt.objects.filter(seen, pk=receipt_id).first()
    if found is None:
        raise NotFound()
    return found


def receipt_lines(*, receipt_id: UUID) -> list[ReceiptLine]:
    return list(ReceiptLine.objects.filter(receipt_id=receipt_id).order_by("position"))
