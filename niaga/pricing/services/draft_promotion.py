from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange
from niaga.pricing.rules.differences import heads_as_text, read_heads
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_promotion_change
from niaga.pricing.services._promotion_state import differences_to


@transaction.atomic
def draft_promotion(
    *, change_id: UUID, promotion: NewPromotion, by: Actor, at: datetime, expected_version: int | None = None
) -> PriceChange:
    """Write into a prepared change how the promotion is to be: all of it, but its currency.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_promotion_change`
    :raises Invalid, DatesReversed, HoursEmpty: see `create_promotion`
    """
    found, change = lock_promotion_change(change_id=change_id, move="change", by=by, expected_version=expected_version)
    wanted = differences_to(found, promotion, by=by)
    comes_into_force = {name: pair for name, pair in read_heads(change.heads).items() if name == "archived_at"}
    heads = heads_as_text(comes_into_force | dict(wanted.heads))
    rules = {"before": wanted.rules[0], "after": wanted.rules[1]} if wanted.rules is not None else None
    if (heads, rules) == (change.heads, change.rules):
        return change
    batch = Batch()
    values = {"heads": heads, "rules": rules}
    move(batch=batch, flow=FLOW, document=change, move="change", by=by.pk, at=at, values=values, data=values)
    batch.write()
    change.heads, change.rules = heads, rules
    return change
