"""What a document must know of promotions beside the rule book: its coupons, and what is used up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from niaga.pricing.rules import Buyer, RuleBook
from niaga.pricing.rules.coupon import CouponFacts, Standing, code_of

_SPENT = """
SELECT p.id, u.uses, p.most_uses, u.amount, p.budget, p.most_per_customer,
       (SELECT count(*) FROM pricing_promotionuse x WHERE x.promotion_id = p.id AND x.customer_id = %s::uuid
           AND x.released_at IS NULL AND x.source_id IS DISTINCT FROM %s::uuid),
       (SELECT count(*) FROM pricing_promotionuse x WHERE x.promotion_id = p.id AND x.released_at IS NULL
           AND x.source_id = %s::uuid),
       (SELECT coalesce(sum(x.amount), 0) FROM pricing_promotionuse x WHERE x.promotion_id = p.id
           AND x.released_at IS NULL AND x.source_id = %s::uuid)
  FROM pricing_promotion p JOIN pricing_promotionusage u ON u.promotion_id = p.id
 WHERE p.id = ANY(%s::uuid[])
"""
_COUPONS = """
SELECT c.id, c.promotion_id, c.code, c.customer_id, c.valid_to, c.archived_at IS NOT NULL, c.uses, c.most_uses,
       c.most_per_customer,
       (SELECT count(*) FROM pricing_promotionuse x WHERE x.coupon_id = c.id AND x.customer_id = %s::uuid
           AND x.released_at IS NULL AND x.source_id IS DISTINCT FROM %s::uuid),
       (SELECT count(*) FROM pricing_promotionuse x WHERE x.coupon_id = c.id AND x.released_at IS NULL
           AND x.source_id = %s::uuid)
  FROM pricing_coupon c WHERE c.company_id = %s::uuid AND c.code = ANY(%s::text[])
"""


Left = tuple[tuple[UUID, Decimal], ...]


class PromotionFacts(NamedTuple):
    coupons: tuple[tuple[UUID, str], ...] = ()
    """The promotions that the codes open, for `PriceRequest.coupons`."""
    coupon_ids: dict[UUID, UUID] = {}
    """By promotion."""
    used_up: frozenset[UUID] = frozenset()
    left: Left = ()
    """Of promotions with a budget, what is left of it."""
    refused: dict[str, str] = {}
    """Codes that open nothing, with why: see `CouponFacts.why_not`."""


NO_FACTS = PromotionFacts()


def promotion_facts(
    *,
    company_id: UUID,
    book: RuleBook,
    buyer: Buyer,
    codes: Sequence[str],
    on: date,
    source_id: UUID | None = None,
) -> PromotionFacts:
    """No statement when nothing is limited and no code is given, else one for each of the two.

    `source_id` is the document that asks: what it used itself does not count against it.
    """
    limited = [one.id for one in book.seen_by(buyer).promotions if one.is_limited]
    wanted = list(dict.fromkeys(code_of(code) for code in codes if code.strip()))
    if not limited and not wanted:
        return NO_FACTS
    used_up, left = _used_up(limited, buyer, source_id) if limited else (frozenset[UUID](), ())
    if not wanted:
        return PromotionFacts(used_up=used_up, left=left)
    known = {one.code: one for one in _coupons(company_id, wanted, buyer.customer_id, source_id)}
    return opened_by(wanted, known, book=book, buyer=buyer, on=on, used_up=used_up, left=left)


def opened_by(
    wanted: Sequence[str],
    known: Mapping[str, CouponFacts],
    *,
    book: RuleBook,
    buyer: Buyer,
    on: date,
    used_up: frozenset[UUID],
    left: Left,
) -> PromotionFacts:
    """What these codes open, and why others do not. Asks nothing."""
    refused: dict[str, str] = {}
    opened: dict[UUID, CouponFacts] = {}
    for code in wanted:
        found = known.get(code)
        reason = found.why_not(customer_id=buyer.customer_id, day=on) if found is not None else "unknown"
        if found is not None and not reason:
            reason = _against(book, buyer, found, used_up, opened)
        if reason or found is None:
            refused[code] = reason
        else:
            opened[found.promotion_id] = found
    return PromotionFacts(
        tuple((one.promotion_id, one.code) for one in opened.values()),
        {one.promotion_id: one.id for one in opened.values()}, used_up, left, refused,
    )  # fmt: skip


def _against(
    book: RuleBook, buyer: Buyer, found: CouponFacts, used_up: Collection[UUID], opened: Collection[UUID]
) -> str:
    promotion = book.promotions.get(found.promotion_id)
    if promotion is None:
        return "ended"
    if not promotion.is_for(buyer):
        return "not_yours"
    if promotion.id in used_up:
        return "used_up"
    return "same_promotion" if promotion.id in opened else ""


def _used_up(promotions: Sequence[UUID], buyer: Buyer, source_id: UUID | None) -> tuple[frozenset[UUID], Left]:
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, [buyer.customer_id, source_id, source_id, source_id, list(promotions)])
        rows = cursor.fetchall()
    spent = frozenset(
        one
        for one, uses, most, amount, budget, per_customer, theirs, own, own_amount in rows
        if Standing(uses - own, most, theirs, per_customer, amount - own_amount, budget).spent()
    )
    left = tuple((row[0], row[4] - row[3] + row[8]) for row in rows if row[4] is not None and row[0] not in spent)
    return spent, left


def _coupons(
    company_id: UUID, codes: Sequence[str], customer_id: UUID | None, source_id: UUID | None
) -> list[CouponFacts]:
    with connection.cursor() as cursor:
        cursor.execute(_COUPONS, [customer_id, source_id, source_id, company_id, list(codes)])
        rows = cursor.fetchall()
    return [
        CouponFacts(one, promotion, code, customer, until, withdrawn,
                    Standing(uses - own, most, theirs, per_customer))
        for one, promotion, code, customer, until, withdrawn, uses, most, per_customer, theirs, own in rows
    ]  # fmt: skip
