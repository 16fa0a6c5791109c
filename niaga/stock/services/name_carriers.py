from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.stock.models import Delivery


class Named(NamedTuple):
    """Who brings a delivery, and under which number."""

    delivery_id: UUID
    carrier: str
    tracking: str


def name_carriers(*, batch: Batch, named: Sequence[Named], at: datetime) -> None:
    """Write on deliveries who brings them, as their papers and lists say it; the caller has checked access."""
    batch.update_each(
        Delivery,
        [{"id": one.delivery_id, "carrier": one.carrier[:80], "tracking": one.tracking[:80]} for one in named],
        values={"carrier": "v.carrier", "tracking": "v.tracking", "version": "t.version + 1"},
    )
