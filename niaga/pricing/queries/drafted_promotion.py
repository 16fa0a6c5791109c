"""A promotion as differences leave it, in the shape of a row of `promotion_rows`: for sentences, forms and the API."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any
from uuid import UUID

from niaga.catalog.queries.catalog_lists import category_tree, families_for
from niaga.organization.access import Actor
from niaga.pricing.models import Promotion
from niaga.pricing.queries.difference_names import products_named
from niaga.pricing.queries.difference_words import names_in
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.promotions import promotion_rows
from niaga.pricing.rules.differences import Differences, RuleData
from niaga.pricing.rules.promotion_parts import read_parts, read_tiers


def drafted_promotion(by: Actor, found: Promotion, change: Any) -> Any:
    """As a prepared change leaves it. The caller has checked access to the promotion."""
    return both_promotions(by, found, differences_of(change))[1]


def both_promotions(by: Actor, found: Promotion, differences: Differences) -> tuple[Any, Any]:
    """As it is, and as differences leave it. The caller has checked access to the promotion."""
    row = promotion_rows(by).get(pk=found.pk)
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    parts = differences.rules[1] if differences.rules is not None else None
    return row, promotion_with(row, heads, parts, by=by)


def promotion_with(row: Any, heads: Mapping[str, Any], parts: Sequence[RuleData] | None, *, by: Actor) -> Any:
    """A row with other heads, and with these steps and parts or its own. Asks only for names that it lacks."""
    other = copy(row)
    names = names_in({name: (None, value) for name, value in heads.items()}, by=by)
    for name, value in heads.items():
        setattr(other, name, value)
        if name in names:
            setattr(other, f"{name.removesuffix('_id')}_name", names[name].get(value))
    if "gift_product_id" in heads:
        gift = heads["gift_product_id"]
        known = products_named(row.company_id, [gift]) if gift is not None else {}
        other.gift_name = known[gift].name if gift in known else None
    if parts is not None:
        other.tier_rows = [{"least": str(one.least), "figure": str(one.figure)} for one in read_tiers(parts)]
        other.scope_rows = _scopes(row.company_id, parts, by=by)
    return other


def _scopes(company_id: UUID, parts: Sequence[RuleData], *, by: Actor) -> list[dict[str, Any]]:
    """Three statements at most."""
    rows = read_parts(parts)
    products = products_named(company_id, {one.product_id for one in rows if one.product_id is not None})
    families: dict[UUID, str] = (
        dict(families_for(by).values_list("id", "name")) if any(one.family_id for one in rows) else {}
    )
    categories: dict[UUID, str] = {}
    if any(one.category_id for one in rows):
        categories = {node.id: node.name for node in category_tree(company_id, archived=True)}
    return [
        {
            "role": one.role, "product_id": _text(one.product_id), "family_id": _text(one.family_id),
            "category_id": _text(one.category_id), "brand": one.brand, "quantity": str(one.quantity),
            "product_name": products[one.product_id].name if one.product_id in products else None,
            "family_name": families.get(one.family_id) if one.family_id else None,
            "category_name": categories.get(one.category_id) if one.category_id else None,
        }
        for one in rows
    ]  # fmt: skip


def _text(key: UUID | None) -> str | None:
    return str(key) if key is not None else None
