from datetime import datetime

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.invoicing.jobs import charge_fees
from niaga.invoicing.queries.late_fee_rules import Everybody
from niaga.organization.access import Actor, access_of


@transaction.atomic
def ask_late_fees(*, by: Actor, at: datetime) -> None:
    """Have a job charge the late days of the last month that is over, of all customers of the current company.

    :raises Forbidden: the person may not write the invoices of all customers
    """
    access = access_of(by)
    company_id = access.current_company.id
    access.require("invoice", "create", Everybody(company_id))
    batch = Batch()
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="ask_late_fees", by=by.id, at=at,
        company_id=company_id,
    )  # fmt: skip
    batch.write()
    charge_fees.configure(lock=f"late_fees:{company_id}").defer(company_id=str(company_id))
