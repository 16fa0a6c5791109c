from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.invoicing.queries.early_discounts import Offer
from niaga.invoicing.services.allocate import Share


def rests_let_go(shares: Sequence[Share], offers: Mapping[UUID, Offer]) -> dict[UUID, tuple[Offer, Decimal]]:
    """What shares leave open of invoices, where an early-payment discount covers that."""
    found = {}
    for share in shares:
        offer, rest = offers.get(share.invoice.invoice_id), share.invoice.open - share.amount
        if offer is not None and 0 < rest <= offer.amount:
            found[share.invoice.invoice_id] = (offer, rest)
    return found
