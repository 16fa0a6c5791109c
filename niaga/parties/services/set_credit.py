from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor
from niaga.parties.models import CreditAccount
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.customers import lock_customer
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def set_credit(
    *,
    customer_id: UUID,
    limit: Decimal | None,
    on_hold: bool,
    overdue_days: int | None = None,
    by: Actor,
    at: datetime,
    note: str = "",
) -> CreditFigures:
    """Set what a customer may owe and whether orders wait (`on_hold`), with the reason.

    `overdue_days` is how long an invoice may be overdue before orders wait. None is no word of the customer's own: the
    group's limit and days hold, then the company's days, else any amount for any time. What is already owed stays as
    it is, even above the limit. A hold voids the releases that were given before it.

    :raises NotFound: there is no such customer
    :raises Forbidden: `by` may not set limits
    :raises Invalid: the limit is negative or too large, or the days are
    """
    customer = lock_customer(by, customer_id, "credit")
    figures = lock_credit_account(customer.pk)
    check_limit(limit, overdue_days)
    if (limit, on_hold, overdue_days) == (figures.own_limit, figures.on_hold, figures.own_days):
        return figures
    held_at = (figures.held_at if figures.on_hold else at) if on_hold else None
    batch = Batch()
    batch.update(
        CreditAccount, where={"id": figures.account_id},
        values={"limit": limit, "on_hold": on_hold, "overdue_days": overdue_days, "held_at": held_at},
    )  # fmt: skip
    record(batch=batch, subject_kind="customer", subject_id=customer.pk, verb="set_credit", by=by.pk, at=at,
           company_id=customer.company_id, note=note,
           data={"limit": [figures.own_limit, limit], "on_hold": [figures.on_hold, on_hold],
                 "overdue_days": [figures.own_days, overdue_days]})  # fmt: skip
    kind = "credit.limit" if on_hold == figures.on_hold else "credit.held" if on_hold else "credit.freed"
    write_timeline(batch=batch, customer_id=customer.pk, company_id=customer.company_id, kind=kind,
                   subject_kind="customer", subject_id=customer.pk, amount=limit, currency=figures.currency,
                   text=note, actor_id=by.pk, at=at)  # fmt: skip
    batch.write()
    return lock_credit_account(customer.pk)


MOST_DAYS = 3650


def check_limit(limit: Decimal | None, overdue_days: int | None) -> None:
    """:raises Invalid: the limit is negative or too large, or the days are"""
    if limit is not None and limit < 0:
        raise Invalid(_("A limit is zero or more."), field="limit")
    if overdue_days is not None and not 0 <= overdue_days <= MOST_DAYS:
        raise Invalid(_("Days are 0 to %(most)d.") % {"most": MOST_DAYS}, field="overdue_days")
    findings = Findings()
    check_values(CreditAccount, {"limit": limit}, findings=findings)
    findings.raise_if_any()
