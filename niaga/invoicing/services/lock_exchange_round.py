from uuid import UUID

from niaga.core.errors import NotFound
from niaga.invoicing.models import ExchangeRound, Invoice
from niaga.organization.access import Actor, access_of


def lock_exchange_round(*, round_id: UUID, by: Actor) -> ExchangeRound:
    """A round locked for a change.

    :raises NotFound: there is no such round, or nothing on it that the person may see
    :raises Forbidden: the person may not write to one of its customers
    """
    found = ExchangeRound.objects.select_for_update().filter(pk=round_id).first()
    if found is None:
        raise NotFound()
    access = access_of(by)
    invoices = list(
        Invoice.objects.filter(exchanges__round_id=round_id).only("company_id", "branch_id", "salesperson_id")
    )
    if not any(access.reaches("invoice", "view", invoice) for invoice in invoices):
        raise NotFound()
    for invoice in invoices:
        access.require("invoice", "send", invoice)
    return found
