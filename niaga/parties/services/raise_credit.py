from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.models import CreditAccount, CreditRaise
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.customers import lock_customer
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.services.write_timeline import write_timeline

LONGEST = 366


@transaction.atomic
def raise_credit(
    *, customer_id: UUID, amount: Decimal, last_day: date, reason: str, by: Actor, at: datetime
) -> CreditFigures:
    """Raise a customer's limit by `amount` through `last_day`; then it is as before by itself, nothing has to run.

    The last raise counts, in place of the one before; an amount of nought ends it.

    :raises NotFound: there is no such customer
    :raises Forbidden: `by` may not set limits
    :raises Invalid: no reason, an amount below zero, a day that has passed or is more than a year away, or a customer
        without a limit
    """
    customer = lock_customer(by, customer_id, "credit")
    today = day_at(at=at, zone=company_basics(customer.company_id).zone)
    figures = lock_credit_account(customer.pk, on=today)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why."), field="reason")
    if amount < 0:
        raise Invalid(_("A raise is more than zero; zero ends the one in force."), field="amount")
    if not today <= last_day <= today + timedelta(days=LONGEST):
        raise Invalid(_("The last day is from today to a year from now."), field="last_day")
    if figures.base_limit is None:
        raise Invalid(_("This customer has no limit that could be raised."), field="amount")
    findings = Findings()
    check_values(CreditRaise, {"amount": amount, "reason": reason}, findings=findings)
    findings.raise_if_any()

    batch = Batch()
    batch.update(CreditAccount, where={"id": figures.account_id}, values={"raised": amount, "raised_until": last_day})
    batch.insert(
        CreditRaise,
        [{"id": new_id(), "account_id": figures.account_id, "amount": amount, "last_day": last_day, "reason": reason,
          "by": by.pk, "at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="customer", subject_id=customer.pk, verb="raise_credit", by=by.pk, at=at,
        company_id=customer.company_id, note=reason,
        data={"raised": [figures.raised, amount], "until": [figures.raised_until, last_day],
              "limit": figures.base_limit, "exposure": figures.exposure},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer.pk, company_id=customer.company_id,
        kind="credit.raised" if amount else "credit.raise_ended", subject_kind="customer", subject_id=customer.pk,
        amount=amount, currency=figures.currency, text=reason, actor_id=by.pk, at=at,
    )  # fmt: skip
    batch.write()
    return lock_credit_account(customer.pk, on=today)
