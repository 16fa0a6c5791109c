from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.services.release_calls import release_calls
from niaga.organization.access import Actor, access_of


@transaction.atomic
def retry_calls(*, call_ids: Collection[UUID], by: Actor, at: datetime) -> int:
    """Have parked calls handled again, because a person wants it; their attempts count anew. Returns how many.

    Those of them that are handled, or wait anyway, stay as they are.

    :raises Forbidden: the person may not manage settings
    :raises NotFound: none of them is this company's
    :raises WrongState: none of them is parked
    """
    access = access_of(by)
    access.require("setting", "manage")
    batch = Batch()
    parked = release_calls(batch=batch, call_ids=call_ids, company_id=access.current_company.id, by=by.id, at=at)
    batch.write()
    return len(parked)
