from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.models import WHOM, PriceChange
from niaga.pricing.rules.differences import heads_as_text, read_heads
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_list_change
from niaga.pricing.services._checked import HOURS, checked_dates, checked_hours, checked_whom
from niaga.pricing.services.change_price_list import CHANGEABLE


@transaction.atomic
def change_heads(
    *, change_id: UUID, by: Actor, at: datetime, expected_version: int | None = None, **changes: Any
) -> PriceChange:
    """Write into a prepared change what the list is to say about itself (`CHANGEABLE` of `change_price_list`).

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_list_change`
    :raises DatesReversed, HoursEmpty: see `create_price_list`
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"a price list cannot change {sorted(unknown)}")
    found, change = lock_list_change(change_id=change_id, move="change", by=by, expected_version=expected_version)
    kept = read_heads(change.heads)
    kept |= {name: (getattr(found, name), value) for name, value in changes.items()}
    heads = {name: pair for name, pair in kept.items() if pair[0] != pair[1]}
    after = {name: pair[1] for name, pair in heads.items()}
    checked_dates(after.get("valid_from", found.valid_from), after.get("valid_to", found.valid_to))
    checked_hours(*(after.get(name, getattr(found, name)) for name in HOURS))
    checked_whom(found.company_id, {name: after[name] for name in WHOM if name in after}, by=by)
    text = heads_as_text(heads)
    if text == change.heads:
        return change
    batch = Batch()
    move(
        batch=batch, flow=FLOW, document=change, move="change", by=by.pk, at=at, values={"heads": text},
        data={"heads": text},
    )  # fmt: skip
    batch.write()
    change.heads = text
    return change
