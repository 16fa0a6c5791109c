from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.invoicing.models import TaxFiling, TaxSerial
from niaga.invoicing.rules.tax_flow import TaxStatus
from niaga.organization.access import Actor, access_of


@transaction.atomic
def forget_tax_serials(*, company_id: UUID, import_batch_id: UUID, by: Actor, at: datetime) -> int:
    """Take back the serial numbers that an import told: each invoice has its earlier one again, or none.

    What was replaced or cancelled since stays as it is; that they were told stays on record. Returns how many changed.

    :raises Forbidden: the person may not record serial numbers
    """
    access_of(by).require("tax_filing", "record", company_id=company_id)
    told = dict(TaxSerial.objects.filter(import_batch_id=import_batch_id).values_list("filing_id", "serial"))
    rows = TaxFiling.objects.select_for_update().filter(
        pk__in=list(told), company_id=company_id, status=TaxStatus.FILED
    )
    filings = [row for row in rows.order_by("invoice_id") if row.serial == told[row.pk]]
    if not filings:
        return 0
    earlier: dict[UUID, TaxSerial] = {}
    before = TaxSerial.objects.filter(filing_id__in=[row.pk for row in filings]).exclude(
        import_batch_id=import_batch_id
    )
    for one in before.order_by("told_at", "id"):
        earlier[one.filing_id] = one
    batch = Batch()
    changes = []
    figures = []
    for filing in filings:
        last = earlier.get(filing.pk)
        status = TaxStatus.FILED if last else TaxStatus.EXPORTED if filing.file_id else TaxStatus.OPEN
        figures.append(
            {
                "id": filing.pk, "serial": last.serial if last else "", "filed_on": last.filed_on if last else None,
                "status": str(status), "updated_at": at,
            }
        )  # fmt: skip
        changes.append((filing.invoice_id, {"before": filing.serial, "serial": last.serial if last else ""}))
    columns = ("serial", "filed_on", "status", "updated_at")
    batch.update_each(TaxFiling, figures, values={name: f"v.{name}" for name in columns})
    record_changes(
        batch=batch, subject_kind="invoice", changes=changes, verb="tax_forget", by=by.id, at=at, company_id=company_id
    )
    batch.write()
    return len(filings)
