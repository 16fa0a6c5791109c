from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.services.tracked import add_row, write
from niaga.pricing.models import Promotion, PromotionUsage
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services._promotion_checks import checked_promotion
from niaga.pricing.services._promotion_rows import insert_parts
from niaga.pricing.services._publication import note_publication


@transaction.atomic
def create_promotion(
    *, company_id: UUID, promotion: NewPromotion, by: Actor, at: datetime, unpublished: bool = False
) -> Promotion:
    """Open a promotion. It holds at once, within its days and hours; `unpublished`: prepared aside, see
    `prepare_promotion`.

    :raises Forbidden: `by` may not create prices
    :raises Invalid: figures that cannot be, or things the company has not; every fault is at its field
    :raises DatesReversed, HoursEmpty: days or hours that hold no moment
    :raises NotFound: the company has no such customer, tier, group, territory, branch or channel
    """
    access_of(by).require("price_list", "create", company_id=company_id)
    currency = promotion.currency or company_basics(company_id).currency
    values, scopes, tiers = checked_promotion(promotion, company_id=company_id, currency=currency, by=by)
    promotion_id = new_id()
    batch = Batch()
    aside = {"archived_at": at, "unpublished": True} if unpublished else {}
    add_row(
        batch=batch, model=Promotion, kind="promotion", by=by.pk, at=at, company_id=company_id,
        values={
            **values, "id": promotion_id, "company_id": company_id, "currency": currency, "created_at": at, **aside
        },
        verb="prepare" if unpublished else "create",
    )  # fmt: skip
    if not unpublished:
        note_publication(
            batch=batch, found=Promotion(id=promotion_id, company_id=company_id, version=0), kind="edit",
            differences=Differences({"archived_at": (at, None)}), by=by.pk, at=at,
        )  # fmt: skip
    batch.insert(PromotionUsage, [{"promotion_id": promotion_id, "uses": 0, "amount": Decimal(0)}])
    write(batch)
    parts = Batch()
    insert_parts(parts, promotion_id, scopes, tiers)
    parts.write()
    return Promotion.objects.get(pk=promotion_id)
