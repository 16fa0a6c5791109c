from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.organization.access import Actor
from niaga.organization.services.tracked import write
from niaga.pricing.errors import NeverPublished
from niaga.pricing.models import Promotion
from niaga.pricing.queries.differences_of import parts_now
from niaga.pricing.queries.promotions import lock_promotion
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.rules.promotion_parts import parts_data
from niaga.pricing.services._promotion_checks import checked_promotion
from niaga.pricing.services._promotion_limits import not_below_what_is_used
from niaga.pricing.services._promotion_rows import replace_parts, write_promotion
from niaga.pricing.services._publication import note_publication


@transaction.atomic
def change_promotion(
    *, promotion_id: UUID, promotion: NewPromotion, by: Actor, at: datetime, expected_version: int | None = None
) -> Promotion:
    """Say a promotion anew: all of it, but its currency. Confirmed documents keep what they have.

    :raises NotFound: no such promotion, or something it names
    :raises Forbidden: `by` may not change prices
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises NeverPublished: it was only prepared: its change is where it is written
    :raises Invalid: see `create_promotion`; also a limit below what is used
    :raises DatesReversed, HoursEmpty: see `create_promotion`
    """
    found = lock_promotion(by, promotion_id, "change")
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion()
    if found.unpublished:
        raise NeverPublished()
    values, scopes, tiers = checked_promotion(promotion, company_id=found.company_id, currency=found.currency, by=by)
    not_below_what_is_used(found, values)
    before, after = parts_now(found.id), parts_data(tiers, scopes)
    heads = {name: (getattr(found, name), value) for name, value in values.items() if getattr(found, name) != value}
    differences = Differences(heads, rules=(before, after) if before != after else None)
    if not differences:
        return found
    batch = Batch()
    note_publication(batch=batch, found=found, kind="edit", differences=differences, by=by.pk, at=at)
    write_promotion(batch, found, {**values, "version": found.version + 1}, by=by, at=at)
    if before != after:
        replace_parts(batch, found, scopes, tiers, before=before, by=by, at=at)
    write(batch)
    return Promotion.objects.get(pk=found.id)
