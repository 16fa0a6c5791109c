from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.pricing.models import Coupon
from niaga.pricing.queries.promotions import lock_promotion


@transaction.atomic
def withdraw_coupons(
    *, promotion_id: UUID, coupon_ids: Sequence[UUID], by: Actor, at: datetime, restore: bool = False
) -> list[str]:
    """No longer take coupons of a promotion, or take them again; the codes of those that changed.

    What was confirmed with them keeps it.

    :raises NotFound: no such promotion, or one of the coupons is not its own
    :raises Forbidden: `by` may not change it
    """
    found = lock_promotion(by, promotion_id, "change")
    coupons = list(Coupon.objects.filter(promotion_id=promotion_id, pk__in=coupon_ids).order_by("pk"))
    if len(coupons) != len(set(coupon_ids)):
        raise NotFound(field="coupon")
    changed = [coupon for coupon in coupons if (coupon.archived_at is None) is not restore]
    if changed:
        batch = Batch()
        batch.sql(
            "withdrawn", f"UPDATE {Coupon._meta.db_table} SET archived_at = %s WHERE id = ANY(%s::uuid[]) RETURNING 1",
            [None if restore else at, [coupon.pk for coupon in changed]],
        )  # fmt: skip
        codes = [coupon.code for coupon in changed]
        record(
            batch=batch, subject_kind="promotion", subject_id=found.id,
            verb="restore_coupons" if restore else "withdraw_coupons", by=by.pk, at=at, company_id=found.company_id,
            data={"count": len(codes), "codes": codes[:200]},
        )  # fmt: skip
        batch.write()
    return [coupon.code for coupon in changed]
