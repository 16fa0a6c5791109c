"""Coupons: how a code is read, and why one opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


def code_of(text: str) -> str:
    """A code as it is stored: in capitals, without blanks."""
    return "".join(text.replace("\x00", "").split()).upper()


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a coupon or a promotion is used, by all and by this buyer, and what may be."""

    uses: int = 0
    most_uses: int | None = None
    by_customer: int = 0
    most_per_customer: int | None = None
    amount: Decimal = Decimal(0)
    budget: Decimal | None = None

    def spent(self) -> str:
        """What is used up: `uses`, `customer`, `budget`; empty while something is left."""
        if self.most_uses is not None and self.uses >= self.most_uses:
            return "uses"
        if self.most_per_customer is not None and self.by_customer >= self.most_per_customer:
            return "customer"
        if self.budget is not None and self.amount >= self.budget:
            return "budget"
        return ""


@dataclass(frozen=True, slots=True)
class CouponFacts:
    """A coupon as a document meets it."""

    id: UUID
    promotion_id: UUID
    code: str
    customer_id: UUID | None
    valid_until: date | None
    withdrawn: bool
    standing: Standing

    def why_not(self, *, customer_id: UUID | None, day: date) -> str:
        """`unknown`, `expired`, `not_yours`, `used_up`, `used_by_customer`; empty when it opens its promotion."""
        if self.withdrawn:
            return "unknown"
        if self.valid_until is not None and day > self.valid_until:
            return "expired"
        if self.customer_id is not None and self.customer_id != customer_id:
            return "not_yours"
        return {"": "", "customer": "used_by_customer"}.get(self.standing.spent(), "used_up")
