"""What promotions mean for the lines of a document: gifts that come with it, and what kept lines keep."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.queries.product_facts import ProductFacts, UnitFacts
from niaga.pricing.queries.promotion_facts import PromotionFacts
from niaga.pricing.rules import Kept, PricedLine
from niaga.pricing.services.take_promotions import Taken
from niaga.sales.rules.lines import LineInput

_TOOK = frozenset({"promotion", "promotion_kept"})


def gift_lines(
    priced: Sequence[PricedLine], gifts: Mapping[UUID, ProductFacts]
) -> list[tuple[LineInput, tuple[ProductFacts, UnitFacts]]]:
    """The lines that nobody asked for, as if they had been."""
    found = []
    for one in priced:
        if one.gift_of is None:
            continue
        product = gifts[one.gift_of]
        quantity = next(step.facts["quantity"] for step in one.steps if step.code == "gross")
        assert isinstance(quantity, Decimal)
        found.append((LineInput(quantity=quantity, gift_of=one.gift_of), (product, product.units[0])))
    return found


def promotions_of(
    rows: Sequence[Mapping[str, Any]], promoted: PromotionFacts, had: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """What each promotion takes off the lines that count, by what their steps say, in a shape to store.

    `had` is what the document had before, for the coupons of what it keeps.
    """
    before = {str(one["id"]): one for one in had}
    codes = dict(promoted.coupons)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.get("is_chosen") is False:
            continue
        for step in row["steps"]:
            if step["code"] not in _TOOK:
                continue
            key = str(step["promotion"])
            kept = before.get(key, {})
            one = found.setdefault(
                key,
                {"id": key, "name": step["name"], "code": kept.get("code", ""), "coupon_id": kept.get("coupon_id"),
                 "amount": Decimal(0)},
            )  # fmt: skip
            one["amount"] += Decimal(str(step["amount"]))
    for one in found.values():
        promotion_id = UUID(one["id"])
        if promotion_id in promoted.coupon_ids:
            one |= {"code": codes[promotion_id], "coupon_id": str(promoted.coupon_ids[promotion_id])}
        one["amount"] = format(one["amount"], "f")
    return list(found.values())


def taken(promotions: Sequence[Mapping[str, Any]]) -> list[Taken]:
    """A document's `promotions` as they count against limits."""
    return [
        Taken(UUID(one["id"]), Decimal(one["amount"]), UUID(one["coupon_id"]) if one["coupon_id"] else None)
        for one in promotions
    ]


def kept_of(steps: Sequence[Mapping[str, Any]], share: Decimal = Decimal(1)) -> tuple[Kept, ...]:
    """What promotions took off a stored line, by its steps, or that share of it when its quantity changes."""
    return tuple(
        Kept(UUID(str(step["promotion"])), str(step["name"]), Decimal(str(step["amount"])) * share)
        for step in steps
        if step["code"] in _TOOK
    )
