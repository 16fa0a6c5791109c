"""On which day the books take a returned giro back."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid
from niaga.invoicing.queries.allocations import allocated_until
from niaga.ledger.queries.first_open_day import first_open_day
from niaga.payments.models import Payment, Refund


def day_of_return(payment: Payment, returned_on: date | None, today: date) -> date:
    """The bank's day where its month is open, else the first open one after it; never before what was settled with the
    giro meanwhile. Without a day it is today.

    :raises Invalid: a day before the giro came or was cleared, or in the future
    """
    if returned_on is None:
        return today
    clearing = getattr(payment, "clearing", None)
    if not max(payment.date, clearing.date if clearing else payment.date) <= returned_on <= today:
        raise Invalid(_("A giro is returned between the day it was cleared and today."), field="returned_on")
    moved = [allocated_until(payment.pk), Refund.objects.filter(payment=payment).aggregate(day=Max("date"))["day"]]
    day = max([returned_on, *(one for one in moved if one is not None)])
    return min(first_open_day(company_id=payment.company_id, on=day), today)
