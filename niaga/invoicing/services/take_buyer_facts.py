from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.invoicing.errors import NoBuyerFacts
from niaga.invoicing.models import Invoice, TaxFiling
from niaga.invoicing.rules.tax_flow import TaxStatus
from niaga.invoicing.services.lock_filings import lock_filing
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts

FACTS = (
    "name", "email", "tax_id_kind", "tax_id", "nitku", "street", "district", "city", "province", "postcode", "country",
)  # fmt: skip


@transaction.atomic
def take_buyer_facts(*, invoice_id: UUID, by: Actor, at: datetime) -> dict[str, str]:
    """File the invoice with the customer's tax number and address as they are now; the invoice keeps its own.

    Returns what differs from the invoice.

    :raises NotFound, Forbidden: no such taxed invoice, or the person may not
    :raises WrongState: it is in a file, filed, cancelled or left out
    :raises NoBuyerFacts: the customer says what the invoice says
    """
    filing = lock_filing(invoice_id=invoice_id, by=by, at=at)
    invoice = Invoice.objects.only("id", "company_id", "customer_id", "party").get(pk=invoice_id)
    if filing.status != TaxStatus.OPEN:
        raise WrongState()
    customer = customer_facts(customer_id=invoice.customer_id)
    now = customer.frozen_party() if customer is not None else {}
    facts = {
        name: str(now[name]) for name in FACTS if now.get(name) and str(now[name]) != str(invoice.party.get(name) or "")
    }
    if not facts or facts == filing.buyer:
        raise NoBuyerFacts()
    batch = Batch()
    batch.update(TaxFiling, where={"id": filing.id}, values={"buyer": facts, "updated_at": at})
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice_id, verb="tax_buyer", by=by.id, at=at,
        company_id=invoice.company_id, data=facts,
    )  # fmt: skip
    batch.write()
    return facts
