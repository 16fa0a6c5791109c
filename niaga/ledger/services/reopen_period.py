from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.ledger.models import FiscalPeriod
from niaga.ledger.services.close_period import note_period
from niaga.organization.access import Actor, access_of


@transaction.atomic
def reopen_period(*, company_id: UUID, month: date, by: Actor, at: datetime) -> None:
    """Open a closed month again.

    :raises Forbidden: the person may not open the books
    """
    access_of(by).require("period", "close", company_id=company_id)
    for period in FiscalPeriod.objects.select_for_update().filter(company_id=company_id, starts=month.replace(day=1)):
        period.closed_at, period.closed_by = None, None
        period.save(update_fields=["closed_at", "closed_by"])
        note_period("reopen", period, by, at)
