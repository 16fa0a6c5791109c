from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.send_quotation import send_quotation


@transaction.atomic
def offer_demo_export(
    *, customer_id: UUID, branch_id: UUID, lines: Sequence[LineInput], by: Actor, at: datetime
) -> UUID:
    """A further offer that waits for the buyer's answer. Returns its id."""
    quotation = draft_quotation(
        customer_id=customer_id, branch_id=branch_id, lines=lines, by=by, at=at, details=QuotationDetails()
    )
    send_quotation(quotation_id=quotation.id, by=by, at=at)
    return quotation.id
