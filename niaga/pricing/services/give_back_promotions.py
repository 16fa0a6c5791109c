from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.pricing.models import PromotionUse
from niaga.pricing.services.take_promotions import Taken, take_promotions


def give_back_promotions(
    *, batch: Batch, source_kind: str, source_id: UUID, number: str, customer_id: UUID, only_coupons: bool, at: datetime
) -> list[str]:
    """Add to the batch that a document's promotions, or those that a coupon opened, count against no limit any more:
    its goods came back. Returns the codes that can be used again. Locks as `take_promotions`; the caller holds the
    document and the credit account. Nothing is priced anew."""
    live = list(PromotionUse.objects.filter(source_id=source_id, released_at=None).select_related("coupon"))
    kept = [one for one in live if only_coupons and one.coupon_id is None]
    if len(kept) == len(live):
        return []
    take_promotions(
        batch=batch, source_kind=source_kind, source_id=source_id, number=number, customer_id=customer_id, at=at,
        had=True, wanted=[Taken(one.promotion_id, one.amount) for one in kept],
    )  # fmt: skip
    return sorted(one.coupon.code for one in live if one.coupon is not None)
