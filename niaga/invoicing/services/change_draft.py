from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound, StaleVersion, WrongState
from niaga.invoicing.models import Invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import has_term, term_parts


@transaction.atomic
def change_draft(
    *,
    invoice_id: UUID,
    note: str,
    terms_text: str,
    customer_reference: str,
    payment_term_id: UUID | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Change what a draft says beside its figures; with a `payment_term_id` also when it will be due.

    :raises NotFound: no such invoice, or another company's payment term
    :raises Forbidden: the person may not change it
    :raises WrongState: it is issued or discarded
    :raises StaleVersion: somebody saved in between
    """
    invoice = Invoice.objects.select_for_update().filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound()
    access_of(by).require("invoice", "change", invoice)
    if invoice.status != "draft":
        raise WrongState()
    if version is not None and version != invoice.version:
        raise StaleVersion()
    if payment_term_id is not None and not has_term(invoice.company_id, payment_term_id):
        raise NotFound(field="payment_term_id")
    values = {
        "note": note.strip(), "terms_text": terms_text.strip(), "customer_reference": customer_reference.strip()[:60],
    }  # fmt: skip
    if payment_term_id is not None:
        values["term_name"], values["term"] = term_parts(term_id=payment_term_id)  # type: ignore[assignment]
    batch = Batch()
    batch.update(
        Invoice,
        where={"id": invoice.id, "status": "draft"},
        values={**values, "version": Sql("t.version + 1"), "updated_at": at},
    )
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="change", by=by.id, at=at,
        company_id=invoice.company_id, data={name: str(value) for name, value in values.items()},
    )  # fmt: skip
    batch.write()
    for name, value in values.items():
        setattr(invoice, name, value)
    invoice.version += 1
    return invoice
