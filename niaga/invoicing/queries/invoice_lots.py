"""The lots of what an invoice bills, told by the app that knows its deliveries."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from niaga.invoicing.registry import DeliveredLot, delivered_lots


def lots_of_invoice(invoice_id: UUID) -> Mapping[UUID, Sequence[DeliveredLot]]:
    """By line. The caller has checked access."""
    found: dict[UUID, Sequence[DeliveredLot]] = {}
    for _name, tell in delivered_lots:
        found.update(tell(invoice_id))
    return found
