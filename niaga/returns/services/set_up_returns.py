from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.returns.models import ReturnReason

USUAL = (
    ("DAMAGED", "Rusak", "Damaged", "ours", 0, False),
    ("WRONG", "Barang salah", "Wrong item", "ours", 0, False),
    ("NOTASDESC", "Tidak sesuai keterangan", "Not as described", "ours", 0, False),
    ("LATE", "Datang terlambat", "Came too late", "ours", 0, False),
    ("TRANSPORT", "Rusak di jalan", "Damaged on the way", "carrier", 0, False),
    ("CHANGED", "Berubah pikiran", "Changed mind", "customer", 0, True),
    ("OTHER", "Lainnya", "Other", "ours", 0, False),
)


@transaction.atomic
def set_up_returns(*, company_id: UUID) -> None:
    """The usual reasons of a new company. A company that has reasons already is left as it is."""
    if ReturnReason.objects.filter(company_id=company_id).exists():
        return
    batch = Batch()
    names = ("code", "name_id", "name_en", "fault", "fee_percent", "customer_pays_freight")
    batch.insert(ReturnReason, [dict(zip(names, row, strict=True)) for row in USUAL], company_id=company_id)
    batch.write()
