from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.invoicing.errors import NoSmallRest
from niaga.invoicing.models import Invoice, WriteOffDeed, WriteOffKind
from niaga.invoicing.queries.write_offs import small_rest_of
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.write_off_parts import write_off_parts
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_accounts

MOST = 200
"""Invoices in one deed."""


@transaction.atomic
def write_off_rests(*, invoice_ids: Sequence[UUID], reason: str, by: Actor, at: datetime) -> WriteOffDeed:
    """Give up the small rests of many invoices in one deed: those not above the company's threshold, and nothing else.
    The same statements for one and for many.

    :raises NoSmallRest: none of them has such a rest, or more are named than one deed takes
    :raises Forbidden: the person may not write off one of those that have
    :raises ReasonMissing: no reason was given
    :raises PeriodClosed: the books of today's month are closed
    """
    rows = Invoice.objects.select_related("branch", "company").filter(pk__in=list(invoice_ids), status="issued")
    found = {one.pk: one for one in rows.exclude(kind="credit_note").exclude(balance__settled_at__isnull=False)}
    access = access_of(by)
    access.require("invoice", "write_off")
    if not found or len(set(invoice_ids)) > MOST or len({one.company_id for one in found.values()}) > 1:
        raise NoSmallRest()
    accounts = lock_credit_accounts({one.customer_id for one in found.values()})
    most = small_rest_of(next(iter(found.values())).company_id)
    parts = []
    for one in lock_open_invoices(invoice_ids=list(found)):
        if one.open and one.settles(one.open) <= most:
            access.require("invoice", "write_off", found[one.invoice_id])
            parts.append((found[one.invoice_id], one, one.open))
    if not parts:
        raise NoSmallRest()
    by_customer = {key: account.account_id for key, account in accounts.items()}
    return write_off_parts(parts, by_customer, WriteOffKind.DIFFERENCE, reason, by=by, at=at)
