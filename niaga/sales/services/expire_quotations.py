from datetime import datetime

from django.db import connection, transaction

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.audit import record_each
from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.sales.events import QuotationChanged
from niaga.sales.models import Quotation

AT_ONCE = 500

# Sent quotations whose last day is over where their branch is.
_OVER = """
SELECT q.id, q.company_id, q.number, q.customer_id FROM sales_quotation q
  JOIN organization_branch b ON b.id = q.branch_id
 WHERE q.status = 'sent' AND q.valid_until < (%s::timestamptz AT TIME ZONE 'Pacific/Kiritimati')::date
   AND q.valid_until < (%s::timestamptz AT TIME ZONE b.zone)::date
 ORDER BY q.id LIMIT %s FOR UPDATE OF q SKIP LOCKED
"""


@transaction.atomic
def expire_quotations(*, at: datetime) -> int:
    """End up to 500 offers whose last day is over by their branch's calendar. Returns how many.

    One that a customer is answering at this moment is left for the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [at, at, AT_ONCE])
        rows = cursor.fetchall()
    if not rows:
        return 0
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="quotation", subject_ids=[row[0] for row in rows], at=at)
    batch.update_each(
        Quotation,
        [{"id": row[0], "updated_at": at} for row in rows],
        values={"status": "'expired'", "version": "t.version + 1", "updated_at": "v.updated_at"},
        condition="t.status = 'sent'",
    )
    record_each(
        batch=batch, subjects=[(row[0], row[1]) for row in rows], subject_kind="quotation", verb="expire",
        from_status="sent", to_status="expired", at=at,
    )  # fmt: skip
    for company_id in {row[1] for row in rows}:
        announce(
            batch=batch,
            event=[QuotationChanged(row[0], row[2], row[3], "expired") for row in rows if row[1] == company_id],
            company_id=company_id, by=None, at=at,
        )  # fmt: skip
    batch.write()
    return len(rows)
