"""What a list or a promotion says now, as far as differences ask of it."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from niaga.pricing.models import (
    PriceChange,
    PriceListEntry,
    PriceListRule,
    Promotion,
    PromotionScope,
    PromotionTier,
    Publication,
)
from niaga.pricing.queries.subjects import Subject
from niaga.pricing.rules.differences import Differences, PriceKey, RuleData, State, read_heads, rule_data
from niaga.pricing.rules.promotion_parts import parts_data


def state_of(found: Subject, wanted: Differences) -> State:
    """Only the columns, products and rows that `wanted` names are read: two statements at most."""
    return State(
        {name: getattr(found, name) for name in wanted.heads},
        _prices(found.pk, {key[0] for key in wanted.prices}) if wanted.prices else {},
        rows_now(found) if wanted.rules is not None else [],
    )


def rows_now(found: Subject) -> list[RuleData]:
    """The formulas of a list, the steps and parts of a promotion."""
    return parts_now(found.pk) if isinstance(found, Promotion) else rules_now(found.pk)


def parts_now(promotion_id: UUID) -> list[RuleData]:
    """Two statements."""
    names = ("role", "product_id", "family_id", "category_id", "brand", "quantity")
    return parts_data(
        PromotionTier.objects.filter(promotion_id=promotion_id).order_by("least").values("least", "figure"),
        PromotionScope.objects.filter(promotion_id=promotion_id).order_by("position").values(*names),
    )


def rules_now(price_list_id: UUID) -> list[RuleData]:
    return [
        rule_data(row)
        for row in PriceListRule.objects.filter(price_list_id=price_list_id).order_by("position").values()
    ]


def _prices(price_list_id: UUID, product_ids: Collection[UUID]) -> dict[PriceKey, Decimal]:
    rows = PriceListEntry.objects.filter(price_list_id=price_list_id, product_id__in=product_ids)
    columns = rows.values_list("product_id", "unit_id", "min_quantity", "price")
    return {(product, unit, least): price for product, unit, least, price in columns}


def differences_of(change: PriceChange) -> Differences:
    """What a change that waits would change. One statement."""
    rows = change.entries.values_list("product_id", "unit_id", "min_quantity", "before", "price")
    return Differences(
        read_heads(change.heads),
        {(product, unit, least): (before, price) for product, unit, least, before, price in rows},
        (change.rules["before"], change.rules["after"]) if change.rules is not None else None,
    )


def differences_in(publication: Publication) -> Differences:
    keys: Iterable[PriceKey] = zip(publication.products, publication.units, publication.quantities, strict=True)
    pairs = zip(publication.before, publication.after, strict=True)
    return Differences(
        read_heads(publication.heads),
        dict(zip(keys, pairs, strict=True)),
        (publication.rules["before"], publication.rules["after"]) if publication.rules is not None else None,
    )
