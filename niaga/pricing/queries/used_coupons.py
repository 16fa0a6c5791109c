"""Coupons that documents use."""

from uuid import UUID

from niaga.pricing.models import PromotionUse


def coupons_of(source_id: UUID) -> list[str]:
    """The codes of the coupons that a document uses."""
    rows = PromotionUse.objects.filter(source_id=source_id, released_at=None, coupon__isnull=False)
    return list(rows.order_by("coupon__code").values_list("coupon__code", flat=True))
