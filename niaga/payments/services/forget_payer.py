from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import KnownPayer


@transaction.atomic
def forget_payer(*, payer_id: UUID, by: Actor, at: datetime) -> None:
    """Forget whose money it was when this account or name paid.

    :raises NotFound: nothing of the kind is known
    :raises Forbidden: the person may not manage bank statements
    """
    known = KnownPayer.objects.select_for_update().filter(pk=payer_id).first()
    if known is None or known.company_id not in access_of(by).company_ids:
        raise NotFound()
    access_of(by).require("bank", "manage", company_id=known.company_id)
    batch = Batch()
    record(
        batch=batch, subject_kind="customer", subject_id=known.customer_id, verb="forget_payer", by=by.id, at=at,
        company_id=known.company_id, note=known.shown[:200],
    )  # fmt: skip
    batch.write()
    known.delete()
