from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.documents.services.create_link import create_link, link_url
from niaga.organization.access import Actor
from niaga.sales.models import ProForma
from niaga.sales.services.current_pro_forma import current_pro_forma

KEPT_OPEN = timedelta(days=180)
"""So long does the link say what became of it."""


@transaction.atomic
def share_pro_forma(*, pro_forma_id: UUID, by: Actor, at: datetime) -> str:
    """A new link to the customer's page of a pro-forma, for WhatsApp or paper. Returns its address, once.

    :raises NotFound: none, or none that `by` may see
    :raises Forbidden: the person may not send its order
    :raises WrongState: it holds no longer
    """
    found = current_pro_forma(pro_forma_id=pro_forma_id, by=by, at=at)
    batch = Batch()
    token = linked(batch, found, by=by, at=at)
    record(
        batch=batch, subject_kind="order", subject_id=found.order_id, verb="share_pro_forma", by=by.id, at=at,
        company_id=found.company_id, data={"name": found.number},
    )  # fmt: skip
    batch.write()
    return link_url(token)


def linked(batch: Batch, found: ProForma, *, by: Actor, at: datetime) -> str:
    return create_link(
        batch=batch, subject_kind="pro_forma", subject_id=found.id, company_id=found.company_id, by=by.id, at=at,
        expires_at=at + KEPT_OPEN,
    )  # fmt: skip
