"""The formulas of one list, for screens and the API."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from niaga.catalog.queries.catalog_lists import category_tree, families_for
from niaga.catalog.queries.price_scopes import known_scopes
from niaga.organization.access import Actor
from niaga.pricing.models import PriceList, PriceListRule
from niaga.pricing.queries.difference_names import products_named
from niaga.pricing.queries.explained_lists import rounding_in_words, terms
from niaga.pricing.rules.differences import RuleData
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


def tells_cost(rule: Any) -> bool:
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
    """A formula in words: for what, from which quantity on, and how the price comes about. `hidden`: it tells cost to
    who sees none, so that it does not open."""

    position: int
    part: str
    quantity: str
    way: str
    hidden: bool = False


def rules_in_words(price_list_id: UUID, *, sees_cost: bool) -> list[RuleWords]:
    return [
        RuleWords(
            rule.position, _part(rule), _quantity(rule), _formula(rule, sees_cost=sees_cost),
            hidden=tells_cost(rule) and not sees_cost,
        )
        for rule in rules_of(price_list_id)
    ]  # fmt: skip


def data_in_words(
    data: Sequence[RuleData], *, company_id: UUID, currency: str, by: Actor, sees_cost: bool
) -> list[RuleWords]:
    """Formulas of a draft or of history, in words. Five statements, however many."""
    if not data:
        return []
    asked = {name: {UUID(one[name]) for one in data if name in one} for name in ("product_id", "base_list_id")}
    scopes = known_scopes(company_id=company_id, products=(), families=(), categories=())
    names: dict[str, dict[UUID, str]] = {
        "product": {key: one.name for key, one in products_named(company_id, asked["product_id"]).items()},
        "family": dict(families_for(by).values_list("id", "name")),
        "category": {node.id: node.name for node in category_tree(company_id, archived=True)},
        "base_list": dict(PriceList.objects.filter(pk__in=asked["base_list_id"]).values_list("id", "name")),
        "unit": {key: code for code, key in scopes.units.items()},
    }
    words = []
    for place, one in enumerate(data, 1):
        figures = {name: Decimal(one[name]) if name in one else None for name in _FIGURES}
        told = {
            name: known.get(UUID(one[f"{name}_id"]), "…") if f"{name}_id" in one else ""
            for name, known in names.items()
        }
        rule = SimpleNamespace(
            basis=one["basis"], brand=one.get("brand", ""), currency=currency, unit_code=told["unit"],
            min_quantity=Decimal(one.get("min_quantity", 0)), product_name=told["product"],
            family_name=told["family"], category_name=told["category"], base_name=told["base_list"],
            **{name: value if value is not None or name in ("round_to", "least_margin") else Decimal(0)
               for name, value in figures.items()},
        )  # fmt: skip
        words.append(RuleWords(place, _part(rule), _quantity(rule), _formula(rule, sees_cost=sees_cost)))
    return words


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
