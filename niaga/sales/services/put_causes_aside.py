from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.sales.models import BillingCause
from niaga.sales.queries.billing import waiting_causes


@transaction.atomic
def put_causes_aside(*, cause_ids: Sequence[UUID], by: Actor, at: datetime) -> int:
    """No longer try to bill these by themselves; their orders can be billed by hand. Returns how many.

    :raises NotFound: none of them waits where the person may write invoices
    """
    seen = waiting_causes(by=by).filter(pk__in=list(cause_ids)).values_list("pk", flat=True)
    rows = list(BillingCause.objects.select_for_update().filter(pk__in=list(seen), done_at=None).order_by("pk"))
    if not rows:
        raise NotFound()
    batch = Batch()
    batch.update_each(
        BillingCause, [{"id": row.pk, "done_at": at} for row in rows],
        values={"done_at": "v.done_at", "code": "'put_aside'"},
    )  # fmt: skip
    record_all(
        batch=batch, subject_kind="billing_cause", subject_ids=[row.pk for row in rows], verb="put_aside", by=by.id,
        at=at, company_id=rows[0].company_id,
    )  # fmt: skip
    batch.write()
    return len(rows)
