"""The formulas of one list, for screens and the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from niaga.pricing.models import PriceListRule
from niaga.pricing.queries.explained_steps import rounding_in_words, terms
from niaga.ui.formatting import number, percent

_FIGURES = ("percent", "surcharge", "round_to", "round_minus", "least_margin")


def rules_of(price_list_id: UUID) -> QuerySet[PriceListRule]:
    """In order, with the names of what they are for. The caller has checked access to the list. One statement."""
    return (
        PriceListRule.objects.filter(price_list_id=price_list_id)
        .annotate(
            unit_code=Coalesce("unit__code", Value("")), product_name=F("product__name"),
            family_name=F("family__name"), category_name=F("category__name"), base_name=F("base_list__name"),
            currency=F("price_list__currency"),
        )
        .order_by("position")
    )  # fmt: skip


def tells_cost(rule: PriceListRule) -> bool:
    return rule.basis == "cost" or rule.least_margin is not None


def shown_rules(price_list_id: UUID, *, sees_cost: bool) -> list[dict[str, Any]]:
    """As the API shows them: without the figures that tell cost, to who may not see it."""
    names = (
        "basis", "base_list_id", *_FIGURES, "product_id", "family_id", "category_id", "brand", "min_quantity",
    )  # fmt: skip
    shown = []
    for rule in rules_of(price_list_id):
        row = {name: getattr(rule, name) for name in names} | {"unit": rule.unit_code}  # type: ignore[attr-defined]
        if tells_cost(rule) and not sees_cost:
            row |= dict.fromkeys(_FIGURES)
        shown.append(row)
    return shown


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A formula in words: for what, from which quantity on, and how the price comes about."""

    position: int
    part: str
    quantity: str
    way: str


def rules_in_words(price_list_id: UUID, *, sees_cost: bool) -> list[RuleWords]:
    return [
        RuleWords(rule.position, _part(rule), _quantity(rule), _formula(rule, sees_cost=sees_cost))
        for rule in rules_of(price_list_id)
    ]


def _part(rule: Any) -> str:
    if rule.category_name and rule.brand:
        return _("%(brand)s in %(category)s") % {"brand": rule.brand, "category": rule.category_name}
    return rule.product_name or rule.family_name or rule.category_name or rule.brand or _("All products")


def _quantity(rule: Any) -> str:
    if rule.min_quantity:
        least = f"{number(rule.min_quantity)} {rule.unit_code}".strip()
        return _("from %(quantity)s") % {"quantity": least}
    return _("for one %(unit)s") % {"unit": rule.unit_code} if rule.unit_code else ""


def _formula(rule: Any, *, sees_cost: bool) -> str:
    if tells_cost(rule) and not sees_cost:
        return _("by a formula on cost")
    return " ".join(_terms(rule)).strip()


def _terms(rule: Any) -> Iterator[str]:
    if rule.basis == "cost":
        yield _("cost")
    elif rule.basis == "list":
        yield f"“{rule.base_name}”"
    else:
        yield _("own price")
    yield from terms(rule.percent, rule.surcharge, rule.currency)
    if rule.round_to:
        yield rounding_in_words(rule.round_to, rule.round_minus)
    if rule.least_margin is not None:
        yield _("with a margin of at least %(margin)s") % {"margin": percent(rule.least_margin)}
