"""What is used of promotions and coupons, for any number of documents at once: for asking "what if"."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet

from niaga.pricing.models import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.queries.promotion_facts import NO_FACTS, PromotionFacts, opened_by
from niaga.pricing.rules import Buyer, RuleBook
from niaga.pricing.rules.coupon import CouponFacts, Standing, code_of


class Limits(NamedTuple):
    most_uses: int | None
    budget: Decimal | None
    most_per_customer: int | None


@dataclass(frozen=True, slots=True)
class Standings:
    used: Mapping[UUID, tuple[int, Decimal]] = field(default_factory=dict)
    """By promotion: how often, and how much it took off."""
    limits: Mapping[UUID, Limits] = field(default_factory=dict)
    theirs: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)
    """By promotion and customer."""
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    by_coupon: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)
    """By coupon and customer."""

    def facts(
        self,
        *,
        book: RuleBook,
        buyer: Buyer,
        on: date,
        codes: Sequence[str] = (),
        limits: Mapping[UUID, Limits] | None = None,
    ) -> PromotionFacts:
        """What `promotion_facts` answers for a document that used nothing yet. `limits` go before those that hold."""
        limited = [one.id for one in book.seen_by(buyer).promotions if one.is_limited and one.id in self.used]
        wanted = list(dict.fromkeys(code_of(code) for code in codes if code.strip()))
        if not limited and not wanted:
            return NO_FACTS
        spent, left = set(), []
        for one in limited:
            most = (limits or {}).get(one) or self.limits[one]
            uses, amount = self.used[one]
            if Standing(
                uses, most.most_uses, self._theirs(one, buyer), most.most_per_customer, amount, most.budget
            ).spent():
                spent.add(one)
            elif most.budget is not None:
                left.append((one, most.budget - amount))
        known = {code: self._coupon(self.coupons[code], buyer) for code in wanted if code in self.coupons}
        return opened_by(wanted, known, book=book, buyer=buyer, on=on, used_up=frozenset(spent), left=tuple(left))

    def _theirs(self, promotion_id: UUID, buyer: Buyer) -> int:
        return self.theirs.get((promotion_id, buyer.customer_id), 0) if buyer.customer_id is not None else 0

    def _coupon(self, one: Coupon, buyer: Buyer) -> CouponFacts:
        theirs = self.by_coupon.get((one.pk, buyer.customer_id), 0) if buyer.customer_id is not None else 0
        return CouponFacts(
            one.pk, one.promotion_id, one.code, one.customer_id, one.valid_to, one.archived_at is not None,
            Standing(one.uses, one.most_uses, theirs, one.most_per_customer),
        )  # fmt: skip


def read_standings(
    *, company_id: UUID, books: Iterable[RuleBook], customer_ids: Collection[UUID], codes: Iterable[str] = ()
) -> Standings:
    """Four statements at most, however many promotions, customers and codes."""
    limited = {one.id for book in books for one in book.promotions.values() if one.is_limited}
    wanted = {code_of(code) for code in codes} - {""}
    rows = PromotionUsage.objects.filter(promotion_id__in=limited).select_related("promotion") if limited else ()
    usages = {row.promotion_id: row for row in rows}
    coupons = {one.code: one for one in _coupons(company_id, wanted)} if wanted else {}
    uses = PromotionUse.objects.filter(released_at=None, customer_id__in=customer_ids)
    keys = [one.pk for one in coupons.values() if one.most_per_customer is not None]
    return Standings(
        {key: (row.uses, row.amount) for key, row in usages.items()},
        {key: Limits(row.promotion.most_uses, row.promotion.budget, row.promotion.most_per_customer)
         for key, row in usages.items()},
        _counted(uses.filter(promotion_id__in=limited), "promotion_id") if limited and customer_ids else {},
        coupons, _counted(uses.filter(coupon_id__in=keys), "coupon_id") if keys and customer_ids else {},
    )  # fmt: skip


def _coupons(company_id: UUID, codes: Collection[str]) -> QuerySet[Coupon]:
    return Coupon.objects.filter(company_id=company_id, code__in=codes)


def _counted(rows: QuerySet[PromotionUse], key: str) -> dict[tuple[UUID, UUID], int]:
    found = rows.values(key, "customer_id").annotate(uses=Count("pk"))
    return {(row[key], row["customer_id"]): row["uses"] for row in found}
