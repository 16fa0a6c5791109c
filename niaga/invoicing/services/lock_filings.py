from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from niaga.core.errors import NotFound
from niaga.invoicing.models import Invoice, TaxFiling
from niaga.organization.access import Actor, access_of

_OPEN = """
INSERT INTO invoicing_taxfiling (id, invoice_id, company_id, status, buyer, serial, reason, updated_at)
SELECT gen_random_uuid(), i.id, i.company_id, 'open', '{}'::jsonb, '', '', %s FROM invoicing_invoice i
 WHERE i.id = ANY(%s::uuid[]) AND i.company_id = %s::uuid AND i.status = 'issued'
   AND i.kind NOT IN ('credit_note', 'debit_note')
   AND EXISTS (SELECT 1 FROM invoicing_invoiceline l WHERE l.invoice_id = i.id AND l.tax_code <> '')
 ORDER BY i.id
ON CONFLICT (invoice_id) DO NOTHING
"""


def lock_filings(*, company_id: UUID, invoice_ids: Collection[UUID], at: datetime) -> dict[UUID, TaxFiling]:
    """The filings of issued, taxed invoices by invoice, locked in one order; those without a row get one.

    :raises NotFound: one of them is not the company's, not issued, or has no transaction code
    """
    wanted = set(invoice_ids)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [at, list(wanted), company_id])
    rows = TaxFiling.objects.select_for_update().filter(invoice_id__in=wanted, company_id=company_id)
    found = {row.invoice_id: row for row in rows.order_by("invoice_id")}
    if len(found) != len(wanted):
        raise NotFound()
    return found


def lock_filing(*, invoice_id: UUID, by: Actor, at: datetime) -> TaxFiling:
    """One invoice's filing, for a person who may record what becomes of it.

    :raises NotFound: no such issued, taxed invoice
    :raises Forbidden: the person may not
    """
    invoice = Invoice.objects.filter(pk=invoice_id).only("id", "company_id").first()
    if invoice is None:
        raise NotFound()
    access_of(by).require("tax_filing", "record", company_id=invoice.company_id)
    return lock_filings(company_id=invoice.company_id, invoice_ids=[invoice_id], at=at)[invoice_id]
