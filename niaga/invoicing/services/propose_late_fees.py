from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from niaga.core.clock import today as day_at
from niaga.core.errors import Refusal
from niaga.core.rules.calendar import previous_month
from niaga.invoicing.queries.late_fee_rules import Everybody
from niaga.invoicing.queries.late_fees import late_payers
from niaga.invoicing.services.charge_late_fees import charge_late_fees
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics


@dataclass(slots=True)
class Proposed:
    """The fee invoices that were written, and by customer why none could be."""

    invoice_ids: list[UUID] = field(default_factory=list)
    refused: dict[UUID, Refusal] = field(default_factory=dict)


def propose_late_fees(*, company_id: UUID, month: date | None = None, by: Actor, at: datetime) -> Proposed:
    """Charge all who paid late up to the end of a month, without one of the last that is over: each customer in a
    transaction of their own, so that whatever dies has charged each wholly or not at all, and what is left is charged
    when it is called again.

    :raises Forbidden: the person may not write the invoices of all customers
    """
    access_of(by).require("invoice", "create", Everybody(company_id))
    today = day_at(at=at, zone=company_basics(company_id).zone)
    month = month or previous_month(today).first
    done = Proposed()
    for customer_id in late_payers(company_id=company_id, month=month, today=today):
        try:
            done.invoice_ids += charge_late_fees(customer_id=customer_id, month=month, by=by, at=at)
        except Refusal as refusal:
            done.refused[customer_id] = refusal
    return done
