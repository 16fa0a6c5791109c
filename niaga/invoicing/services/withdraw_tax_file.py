from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record, record_all
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.models import TaxFile, TaxFiling
from niaga.invoicing.rules.tax_flow import TaxStatus
from niaga.organization.access import Actor, access_of


@transaction.atomic
def withdraw_tax_file(*, file_id: UUID, by: Actor, at: datetime) -> int:
    """Say that a file was not taken: its invoices without a serial number are to be filed again. Returns how many.

    :raises NotFound: no such file
    :raises Forbidden: the person may not make files
    :raises WrongState: it was withdrawn before, or every invoice in it has its serial number
    """
    file = TaxFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotFound()
    access_of(by).require("tax_filing", "create", company_id=file.company_id)
    waiting = TaxFiling.objects.select_for_update().filter(file_id=file.id, status=TaxStatus.EXPORTED)
    rows = list(waiting.order_by("invoice_id").values_list("id", "invoice_id"))
    if file.withdrawn_at is not None or not rows:
        raise WrongState()
    batch = Batch()
    batch.update(TaxFile, where={"id": file.id}, values={"withdrawn_by": by.id, "withdrawn_at": at})
    batch.update(
        TaxFiling,
        where={"id": Sql("= ANY(%s::uuid[])", ([row[0] for row in rows],))},
        values={"status": TaxStatus.OPEN, "file_id": None, "currency_rate": None, "updated_at": at},
        expect=len(rows),
    )
    ids = [invoice_id for _id, invoice_id in rows]
    record_all(
        batch=batch, subject_kind="invoice", subject_ids=ids, verb="tax_withdraw", by=by.id, at=at,
        company_id=file.company_id,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="tax_file", subject_id=file.id, verb="withdraw", by=by.id, at=at,
        company_id=file.company_id,
    )  # fmt: skip
    batch.write()
    return len(rows)
