from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Channel
from niaga.organization.services.check_values import checked_code
from niaga.organization.services.tracked import add_row, change_row, write


@transaction.atomic
def keep_channel(*, company_id: UUID, channel_id: UUID | None = None, by: Actor, at: datetime, **values: Any) -> UUID:
    """Add a sales channel (without `channel_id`) or change one. Returns its id.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: the channel is not this company's
    :raises BadValue: a code that cannot be right
    :raises AlreadyTaken: the company has another channel of this code
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if "code" in values or channel_id is None:
        values["code"] = checked_code(values.get("code", ""))
    batch = Batch()
    shared: dict[str, Any] = {"kind": "channel", "by": by.id, "at": at, "company_id": company_id}
    if channel_id is None:
        row = {"company_id": company_id, "name": "", **values}
        channel_id = add_row(batch=batch, model=Channel, values=row, **shared)
    else:
        channel = Channel.objects.select_for_update().filter(pk=channel_id, company_id=company_id).first()
        if channel is None:
            raise NotFound()
        change_row(batch=batch, row=channel, values=values, **shared)
    write(batch, unique={"one_channel_code": "code"})
    return channel_id
