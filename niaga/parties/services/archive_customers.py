from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.parties.models import Customer


@transaction.atomic
def archive_customers(*, customer_ids: Sequence[UUID], by: Actor, at: datetime) -> int:
    """Put several customers away; those outside of `by`'s reach and those put away already are left. Says how many.

    :raises Forbidden: `by` may archive no customers at all
    """
    access = access_of(by)
    access.require("customer", "archive")
    rows = Customer.objects.select_for_update().filter(
        access.filter("customer", "archive"), pk__in=customer_ids, archived_at=None
    )
    found = dict(rows.order_by("id").values_list("id", "company_id"))
    batch = Batch()
    batch.update_each(
        Customer,
        [{"id": key, "archived_at": at} for key in found],
        values={"archived_at": "v.archived_at", "version": "t.version + 1", "updated_at": "v.archived_at"},
    )
    for company_id in set(found.values()):
        ids = [key for key, company in found.items() if company == company_id]
        record_all(batch=batch, subject_kind="customer", subject_ids=ids, verb="archive", by=by.pk, at=at,
                   company_id=company_id)  # fmt: skip
    batch.write()
    return len(found)
