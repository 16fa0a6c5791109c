from uuid import UUID

from niaga.core.errors import NotFound
from niaga.invoicing.errors import NothingOpen
from niaga.invoicing.models import InvoiceBalance
from niaga.organization.access import Actor, access_of


def lock_claims(*, invoice_ids: list[UUID], by: Actor) -> list[InvoiceBalance]:
    """The balances of issued invoices with their invoices, locked in the order of their keys, for a word about what is
    owed on them.

    :raises NotFound: no such invoice, or none that the person may see
    :raises Forbidden: the person may not write to the customer about it
    :raises NothingOpen: one is paid, or is no claim
    """
    rows = InvoiceBalance.objects.select_for_update(of=("self",)).select_related("invoice")
    found = list(rows.filter(invoice_id__in=invoice_ids).order_by("invoice_id"))
    access = access_of(by)
    if len(found) != len(set(invoice_ids)) or not found:
        raise NotFound(field="invoice_ids")
    for row in found:
        if row.company_id not in access.company_ids or not access.reaches("invoice", "view", row.invoice):
            raise NotFound(field="invoice_ids")
        access.require("invoice", "send", row.invoice)
    if any(row.kind == "credit_note" or row.allocated >= row.total for row in found):
        raise NothingOpen(field="invoice_ids")
    return found
