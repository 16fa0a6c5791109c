"""For whom and when something holds: what price lists and promotions have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeVar
from uuid import UUID

from niaga.pricing.rules.buyer import Buyer

EVERY_DAY = 0b1111111
REMEMBERED = timedelta(days=31)
"""So long what has ended is named among what lost."""

Scope = UUID | str | tuple[UUID, str] | None
"""What a rule is for: a product, a family of variants, a category, a brand (text), a category of one brand, or all."""


def scope_of(product_id: UUID | None, family_id: UUID | None, category_id: UUID | None, brand: str) -> Scope:
    """The scope that these columns of a row say."""
    if category_id is not None and brand:
        return category_id, brand
    return product_id or family_id or category_id or brand or None


@dataclass(frozen=True, slots=True)
class Terms:
    """It holds for a buyer of whom all that is named here is true, between two days, on weekdays, between hours."""

    id: UUID
    name: str
    customer_id: UUID | None = None
    tier_id: UUID | None = None
    group_id: UUID | None = None
    territory_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    priority: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    weekdays: int = EVERY_DAY
    """A bit for each day, Monday the lowest."""
    from_time: time | None = None
    until_time: time | None = None
    """Not included. Before `from_time` it is reached past midnight, and the weekday is that of the evening before."""

    def is_for(self, buyer: Buyer) -> bool:
        return (
            (self.customer_id is None or self.customer_id == buyer.customer_id)
            and (self.tier_id is None or self.tier_id == buyer.tier_id)
            and (self.group_id is None or self.group_id == buyer.group_id)
            and (self.territory_id is None or self.territory_id in buyer.territory_ids)
            and (self.branch_id is None or self.branch_id == buyer.branch_id)
            and (self.channel_id is None or self.channel_id == buyer.channel_id)
        )

    def narrowness(self, buyer: Buyer) -> int:
        """Between lists that fit: the smaller goes first. What a list does not name comes after what it names.

        Customer, tier, group, area, branch, channel, as the digits of one number, for very many are compared.
        """
        areas = buyer.territory_ids
        area = areas.index(self.territory_id) if self.territory_id is not None else len(areas)
        whom = (self.customer_id is None) * 4 + (self.tier_id is None) * 2 + (self.group_id is None)
        return (whom * (len(areas) + 1) + area) * 4 + (self.branch_id is None) * 2 + (self.channel_id is None)

    def why_not(self, day: date, clock: time | None) -> str:
        """Why it does not hold at this moment; empty when it does."""
        if self.valid_from is not None and day < self.valid_from:
            return "not_yet_valid"
        if self.valid_until is not None and day > self.valid_until:
            return "expired"
        if self.weekdays == EVERY_DAY and self.from_time is None and self.until_time is None:
            return ""
        return self._why_not_now(day, clock)

    def _why_not_now(self, day: date, clock: time | None) -> str:
        begins, ends = self.from_time or time.min, self.until_time
        evening = day
        if self.from_time is not None or ends is not None:
            if clock is None:
                return "other_hour"
            if ends is None or ends > begins:
                if not begins <= clock or (ends is not None and clock >= ends):
                    return "other_hour"
            elif ends <= clock < begins:
                return "other_hour"
            elif clock < ends:
                evening = day - timedelta(days=1)
        return "" if self.weekdays & (1 << evening.weekday()) else "other_weekday"

    def reason_against(self, buyer: Buyer, day: date, clock: time | None) -> str | None:
        """Why it does not hold; empty when it does, None when nobody needs to hear of it."""
        if not self.is_for(buyer):
            return None
        reason = self.why_not(day, clock)
        if reason == "expired" and self.valid_until is not None:
            return reason if day - self.valid_until <= REMEMBERED else None
        return reason


Whom = tuple[str, UUID | None]
_EVERYBODY: Whom = ("", None)


def whom_of(one: Terms) -> Whom:
    """The narrowest thing that a list names: enough to find it by."""
    for name in ("customer_id", "tier_id", "group_id", "territory_id", "branch_id", "channel_id"):
        key: UUID | None = getattr(one, name)
        if key is not None:
            return name, key
    return _EVERYBODY


def keys_of(buyer: Buyer) -> list[Whom]:
    keys: list[Whom] = [
        (name, key)
        for name, key in (
            ("customer_id", buyer.customer_id),
            ("tier_id", buyer.tier_id),
            ("group_id", buyer.group_id),
            ("branch_id", buyer.branch_id),
            ("channel_id", buyer.channel_id),
        )
        if key is not None
    ]
    return [*keys, *[("territory_id", area) for area in buyer.territory_ids], _EVERYBODY]


K = TypeVar("K")
V = TypeVar("V")


def gathered(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
