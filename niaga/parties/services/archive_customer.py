from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.organization.access import Actor
from niaga.parties.models import Customer
from niaga.parties.queries.customers import lock_customer


@transaction.atomic
def archive_customer(
    *, customer_id: UUID, by: Actor, at: datetime, version: int | None = None, restore: bool = False
) -> Customer:
    """Put a customer away, or with `restore` back: kept and found by its documents, offered for new ones no more.

    Doing it twice changes nothing.

    :raises NotFound: there is no such customer
    :raises Forbidden: it is not `by`'s to archive
    :raises StaleVersion: somebody saved in between
    """
    customer = lock_customer(by, customer_id, "archive")
    if (customer.archived_at is None) == restore:
        return customer
    if version is not None and version != customer.version:
        raise StaleVersion()
    batch = Batch()
    customer.archived_at = None if restore else at
    batch.update(
        Customer,
        where={"id": customer.pk, "version": customer.version},
        values={"archived_at": customer.archived_at, "version": customer.version + 1, "updated_at": at},
    )
    record(batch=batch, subject_kind="customer", subject_id=customer.pk, verb="restore" if restore else "archive",
           by=by.pk, at=at, company_id=customer.company_id)  # fmt: skip
    batch.write()
    customer.version += 1
    return customer
