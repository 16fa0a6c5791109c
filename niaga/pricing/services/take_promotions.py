from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from niaga.core.batch import Batch, Sql
from niaga.core.ids import new_id
from niaga.pricing.errors import PromotionUsedUp
from niaga.pricing.models import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.rules.coupon import Standing

_HOLD = """
SELECT p.id, (p.most_uses, p.most_per_customer, p.budget) IS DISTINCT FROM (NULL::int, NULL::int, NULL::numeric)
  FROM pricing_promotion p WHERE p.id = ANY(%s::uuid[]) ORDER BY p.id FOR KEY SHARE
"""
"""Whether each has a limit. Nobody waits for another here, but who sets the first limit of one waits for all who use it
(`change_promotion`), and they for them: so what has none need not be counted."""
_LOCK = """
SELECT promotion_id, uses, amount FROM pricing_promotionusage
 WHERE promotion_id = ANY(%s::uuid[]) ORDER BY promotion_id FOR UPDATE
"""
_LOCK_COUPONS = """
SELECT c.id, c.code, c.uses, c.most_uses, c.most_per_customer, c.archived_at IS NOT NULL
  FROM pricing_coupon c WHERE c.id = ANY(%s::uuid[]) ORDER BY c.id FOR UPDATE OF c
"""
_USES = """
SELECT p.id, p.name, p.most_uses, p.budget, p.most_per_customer, x.id, x.coupon_id
  FROM pricing_promotion p
  LEFT JOIN pricing_promotionuse x ON x.promotion_id = p.id AND x.released_at IS NULL AND x.source_id <> %s::uuid
   AND x.customer_id = %s::uuid
 WHERE p.id = ANY(%s::uuid[])
"""
"""The limits as they are under the lock, which a change of them takes too, beside what this customer used elsewhere."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A promotion on a document that becomes binding: what it takes off, and by which coupon."""

    promotion_id: UUID
    amount: Decimal
    coupon_id: UUID | None = None
    code: str = ""


class CouponRow(NamedTuple):
    """A locked coupon: the columns of `_LOCK_COUPONS` after its key."""

    code: str
    uses: int
    most_uses: int | None
    most_per_customer: int | None
    withdrawn: bool


NONE: tuple[UUID | None, Decimal] = (None, Decimal(0))


def take_promotions(
    *,
    batch: Batch,
    source_kind: str,
    source_id: UUID,
    number: str,
    customer_id: UUID | None,
    wanted: Sequence[Taken],
    at: datetime,
    had: bool = False,
) -> None:
    """Count the promotions of a document against their limits: exactly those `wanted`, whatever it had before.

    Locks the promotions that have a limit, then the coupons, each in the order of their keys, after the credit account
    and before stock; a use of one without any limit is written and not counted, so that no two orders wait for each
    other because of it. Nothing is asked when the document has none and `had` none. A promotion that it keeps stays
    within its limit; a budget is never passed.

    :raises PromotionUsedUp: a limit is reached; `field` is the coupon or the promotion, named in the words
    """
    if not wanted and not had:
        return
    with connection.cursor() as cursor:
        stored: dict[UUID, tuple[UUID | None, Decimal]] = {}
        if had:
            cursor.execute(
                "SELECT promotion_id, coupon_id, amount FROM pricing_promotionuse"
                " WHERE source_id = %s::uuid AND released_at IS NULL",
                [source_id],
            )
            stored = {promotion: (coupon, amount) for promotion, coupon, amount in cursor.fetchall()}
        asked = {one.promotion_id: one for one in wanted}
        ids = sorted({*asked, *stored})
        cursor.execute(_HOLD, [ids])
        limited = [promotion for promotion, is_limited in cursor.fetchall() if is_limited]
        usages = {}
        if limited:
            cursor.execute(_LOCK, [limited])
            usages = {row[0]: row[1:] for row in cursor.fetchall()}
        coupon_ids = sorted(
            {one.coupon_id for one in wanted if one.coupon_id}
            | {coupon for coupon, _amount in stored.values() if coupon}
        )
        coupons: dict[UUID, CouponRow] = {}
        if coupon_ids:
            cursor.execute(_LOCK_COUPONS, [coupon_ids])
            coupons = {key: CouponRow(*row) for key, *row in cursor.fetchall()}
        rows = []
        if limited or coupon_ids:
            cursor.execute(_USES, [source_id, customer_id, ids])
            rows = cursor.fetchall()
    _refuse_spent(asked, stored, usages, coupons, rows)
    _write(batch, source_kind, source_id, number, customer_id, asked, stored, usages.keys(), at)


def _refuse_spent(
    asked: Mapping[UUID, Taken],
    stored: Mapping[UUID, tuple[UUID | None, Decimal]],
    usages: Mapping[UUID, tuple[int, Decimal]],
    coupons: Mapping[UUID, CouponRow],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    """`rows` are those of `_USES`.

    :raises PromotionUsedUp: see `take_promotions`
    """
    limits: dict[UUID, tuple[str, int | None, Decimal | None, int | None]] = {}
    theirs: dict[UUID, int] = {}
    by_coupon: dict[UUID, int] = {}
    for promotion, name, most, budget, per_customer, use, used_coupon in rows:
        limits[promotion] = (name, most, budget, per_customer)
        theirs[promotion] = theirs.get(promotion, 0) + (use is not None)
        if used_coupon:
            by_coupon[used_coupon] = by_coupon.get(used_coupon, 0) + 1
    for promotion, one in asked.items():
        if promotion in usages:
            uses, amount = usages[promotion]
            name, most, budget, per_customer = limits[promotion]
            if budget is not None and amount - stored.get(promotion, NONE)[1] + one.amount > budget:
                raise PromotionUsedUp(name=name, field="promotions")
            standing = Standing(uses, most, theirs.get(promotion, 0), per_customer, amount, budget)
            if promotion not in stored and standing.spent():
                raise PromotionUsedUp(name=name, field="promotions")
        if promotion in stored:
            continue
        if one.coupon_id is not None:
            coupon = coupons[one.coupon_id]
            theirs_of_it = by_coupon.get(one.coupon_id, 0)
            spent = Standing(coupon.uses, coupon.most_uses, theirs_of_it, coupon.most_per_customer).spent()
            if spent or coupon.withdrawn:
                raise PromotionUsedUp(name=coupon.code, field="coupon_codes")


def _write(
    batch: Batch,
    source_kind: str,
    source_id: UUID,
    number: str,
    customer_id: UUID | None,
    asked: dict[UUID, Taken],
    stored: dict[UUID, tuple[UUID | None, Decimal]],
    counted: Collection[UUID],
    at: datetime,
) -> None:
    fresh = [one for promotion, one in asked.items() if promotion not in stored]
    if fresh:
        batch.insert(
            PromotionUse,
            [
                {"id": new_id(), "promotion_id": one.promotion_id, "coupon_id": one.coupon_id, "amount": one.amount,
                 "source_kind": source_kind, "source_id": source_id, "number": number, "customer_id": customer_id,
                 "at": at, "released_at": None}
                for one in fresh
            ],
        )  # fmt: skip
    for promotion in sorted({*asked, *stored}):
        before = stored.get(promotion)
        after = asked.get(promotion)
        more = (after.amount if after else Decimal(0)) - (before[1] if before else Decimal(0))
        step = bool(after) - bool(before)
        if promotion in counted and (more or step):
            batch.update(
                PromotionUsage, where={"promotion_id": promotion},
                values={"uses": Sql(f"t.uses + ({step})"), "amount": Sql("t.amount + %s::numeric", (more,))},
            )  # fmt: skip
        if before and not after:
            batch.update(
                PromotionUse, where={"promotion_id": promotion, "source_id": source_id, "released_at": Sql("IS NULL")},
                values={"released_at": at},
            )  # fmt: skip
        elif before and after and more:
            batch.update(
                PromotionUse, where={"promotion_id": promotion, "source_id": source_id, "released_at": Sql("IS NULL")},
                values={"amount": after.amount},
            )  # fmt: skip
        coupon = (after.coupon_id if after else None) or (before[0] if before else None)
        if coupon and step:
            batch.update(Coupon, where={"id": coupon}, values={"uses": Sql(f"t.uses + ({step})")})
