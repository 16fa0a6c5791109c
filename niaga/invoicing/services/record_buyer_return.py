from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.invoicing.models import BuyerReturn, Invoice, InvoiceKind
from niaga.organization.access import Actor, access_of


@transaction.atomic
def record_buyer_return(*, credit_note_id: UUID, number: str, day: date, by: Actor, at: datetime) -> BuyerReturn:
    """Note the *nota retur* that the buyer made in Coretax for our credit note; said again it is put right.

    :raises NotFound: no issued credit note
    :raises Forbidden: the person may not record it
    :raises Invalid: no number, or a day before the credit note's
    """
    note = Invoice.objects.select_for_update(of=("self",)).filter(
        pk=credit_note_id, kind=InvoiceKind.CREDIT_NOTE, status="issued", gives_discount=None
    ).only("id", "company_id", "date").first()  # fmt: skip
    if note is None:
        raise NotFound()
    access_of(by).require("tax_filing", "record", company_id=note.company_id)
    number = number.strip()[:40]
    if not number:
        raise Invalid(_("Write the number of the buyer's nota retur."), field="number")
    before = BuyerReturn.objects.filter(credit_note_id=note.id).first()
    facts = {"number": number, "date": day, "recorded_by": by.id, "recorded_at": at}
    batch = Batch()
    if before is None:
        key = new_id()
        batch.insert(BuyerReturn, [{"id": key, "credit_note_id": note.id, "company_id": note.company_id, **facts}])
    else:
        key = before.id
        batch.update(BuyerReturn, where={"id": key}, values=facts)
    record(
        batch=batch, subject_kind="invoice", subject_id=note.id, verb="tax_return", by=by.id, at=at,
        company_id=note.company_id, note=number, data={"number": number, "date": day.isoformat()},
    )  # fmt: skip
    batch.write()
    return BuyerReturn(id=key, credit_note_id=note.id, company_id=note.company_id, **facts)
