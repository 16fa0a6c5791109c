"""Which goods a promotion that gives a product looks at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from niaga.catalog.queries.category_trees import below_categories
from niaga.pricing.models import PromotionScope


@dataclass(frozen=True, slots=True)
class _Part:
    product_id: UUID | None
    family_id: UUID | None
    category_ids: frozenset[UUID] | None
    brand: str

    def holds(self, product: Any) -> bool:
        if self.product_id is not None:
            return bool(product.pk == self.product_id)
        if self.family_id is not None:
            return bool(product.family_id == self.family_id)
        in_category = self.category_ids is None or product.category_id in self.category_ids
        return in_category and (not self.brand or product.brand == self.brand)


@dataclass(frozen=True, slots=True)
class GiftScope:
    """What it is for and what it is never for; for nothing in particular: for all."""

    on: Sequence[_Part]
    never: Sequence[_Part]

    def holds(self, product: Any) -> bool:
        if any(part.holds(product) for part in self.never):
            return False
        return not self.on or any(part.holds(product) for part in self.on)


def gift_scopes(promotion_ids: Collection[UUID]) -> dict[UUID, GiftScope]:
    """By promotion, as they stand. At most two statements."""
    if not promotion_ids:
        return {}
    rows = list(PromotionScope.objects.filter(promotion_id__in=set(promotion_ids), role__in=("on", "except")))
    trees = below_categories([row.category_id for row in rows if row.category_id is not None])
    found = {key: GiftScope([], []) for key in promotion_ids}
    for row in rows:
        inside = None if row.category_id is None else trees[row.category_id]
        parts = found[row.promotion_id].on if row.role == "on" else found[row.promotion_id].never
        assert isinstance(parts, list)
        parts.append(_Part(row.product_id, row.family_id, inside, row.brand))
    return found
