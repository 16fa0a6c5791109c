from datetime import date, timedelta
from uuid import UUID

from niaga.ledger.models import FiscalPeriod


def first_open_day(*, company_id: UUID, on: date) -> date:
    """The day itself, or the first after it whose month is not closed. One statement."""
    closed = FiscalPeriod.objects.filter(company_id=company_id, closed_at__isnull=False, ends__gte=on)
    for starts, ends in closed.order_by("starts").values_list("starts", "ends"):
        if starts <= on <= ends:
            on = ends + timedelta(days=1)
    return on
