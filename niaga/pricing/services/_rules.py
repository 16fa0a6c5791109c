"""What formulas of a list must be, and how they are kept: for setting them now and for publishing them later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.price_scopes import known_scopes
from niaga.core.ids import new_id
from niaga.core.money import round_to
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.pricing.errors import BadRules
from niaga.pricing.models import PriceList, PriceListRule, RuleBookVersion
from niaga.pricing.queries.price_lists import price_lists_among
from niaga.pricing.rules.book import DEEPEST, Basis, depth_of, ring_of

MOST_RULES = 500
MOST_FIGURE = Decimal(10) ** 12
MOST_PERCENT = Decimal(999)
BRAND_LENGTH = 80


@dataclass(frozen=True, slots=True)
class NewRule:
    """A formula as `pricing.rules.book.PriceRule` has it. At most one of product, family and category; a brand alone
    or within a category."""

    basis: str
    base_list_id: UUID | None = None
    percent: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    round_to: Decimal | None = None
    round_minus: Decimal = Decimal(0)
    least_margin: Decimal | None = None
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = ""
    unit: str = ""
    min_quantity: Decimal = Decimal(0)


def lock_book(company_id: UUID) -> None:
    """One change of formulas at a time in a company: two that each are right could make a ring together."""
    list(RuleBookVersion.objects.select_for_update().filter(company_id=company_id).values_list("version"))


def bases_of(company_id: UUID) -> dict[UUID, set[UUID]]:
    """On which lists each list of a company stands; archived ones too."""
    pairs = PriceListRule.objects.filter(price_list__company_id=company_id, base_list__isnull=False)
    found: dict[UUID, set[UUID]] = {}
    for list_id, base_id in pairs.values_list("price_list_id", "base_list_id").distinct():
        found.setdefault(list_id, set()).add(base_id)
    return found


class RulesCheck:
    """Reads the rules, one after the other, and gathers what is wrong with each."""

    def __init__(self, price_list: PriceList, by: Actor) -> None:
        self.price_list = price_list
        self.by = by
        self.faults: list[dict[str, Any]] = []
        self.place = 0

    def unit_codes(self) -> dict[UUID, str]:
        scopes = known_scopes(company_id=self.price_list.company_id, products=(), families=(), categories=())
        return {key: code for code, key in scopes.units.items()}

    def fault(self, field: str, message: str) -> None:
        self.faults.append({"line": self.place, "field": field, "message": message})

    def rows(self, rules: Sequence[NewRule]) -> list[dict[str, Any]]:
        if len(rules) > MOST_RULES:
            raise BadRules(_("A price list has at most %(most)s formulas.") % {"most": MOST_RULES})
        company_id = self.price_list.company_id
        self.scopes = known_scopes(
            company_id=company_id,
            products=[rule.product_id for rule in rules if rule.product_id],
            families=[rule.family_id for rule in rules if rule.family_id],
            categories=[rule.category_id for rule in rules if rule.category_id],
        )
        self.lists = price_lists_among(self.by, company_id, {one.base_list_id for one in rules if one.base_list_id})
        self.home = company_basics(company_id).currency
        bases = bases_of(company_id)
        bases[self.price_list.id] = set()
        seen: set[tuple[Any, ...]] = set()
        rows = []
        for self.place, rule in enumerate(rules, 1):
            row = self._row(rule)
            self._figures(row)
            self._base(rule, bases)
            key = tuple(str(row[name]) for name in _KEY)
            if key in seen:
                self.fault("min_quantity", _("There is already a formula for this part from this quantity on."))
            seen.add(key)
            rows.append(row)
        if self.faults:
            raise BadRules(lines=self.faults)
        return rows

    def _row(self, rule: NewRule) -> dict[str, Any]:
        named = [name for name in ("product_id", "family_id", "category_id") if getattr(rule, name)]
        brand = rule.brand.replace("\x00", "").strip()
        if len(named) > 1 or (brand and named and named != ["category_id"]):
            self.fault(named[-1], _("Name a product, a family, or a category and a brand, not several of them."))
        if len(brand) > BRAND_LENGTH:
            self.fault("brand", _("This is too long."))
        known = {
            "product_id": (self.scopes.products, _("There is no such product.")),
            "family_id": (self.scopes.families, _("There is no such family of products.")),
            "category_id": (self.scopes.categories, _("There is no such category.")),
        }
        for name in named:
            keys, message = known[name]
            if getattr(rule, name) not in keys:
                self.fault(name, message)
        unit_id = self.scopes.units.get(rule.unit) if rule.unit else None
        if rule.unit and unit_id is None:
            self.fault("unit", _("There is no such unit."))
        return {
            "id": new_id(), "price_list_id": self.price_list.id, "position": self.place, "basis": rule.basis,
            "base_list_id": rule.base_list_id, "percent": rule.percent, "surcharge": rule.surcharge,
            "round_to": rule.round_to, "round_minus": rule.round_minus, "least_margin": rule.least_margin,
            "product_id": rule.product_id, "family_id": rule.family_id, "category_id": rule.category_id,
            "brand": brand, "unit_id": unit_id, "min_quantity": rule.min_quantity,
        }  # fmt: skip

    def _figures(self, row: dict[str, Any]) -> None:
        for name, least, most, message in _LIMITS:
            figure = row[name]
            if figure is None:
                continue
            if not figure.is_finite() or not least <= figure <= most:
                self.fault(name, str(message))
                row[name] = Decimal(0)
            else:
                row[name] = round_to(figure, 6)
        if row["round_to"] is None and row["round_minus"]:
            self.fault("round_minus", _("Say first to what it is rounded."))
        elif row["round_to"] and row["round_minus"] >= row["round_to"]:
            self.fault("round_minus", _("This is less than what it is rounded to."))
        if row["round_to"] == 0:
            self.fault("round_to", _("Above zero, such as 500."))
        if row["least_margin"] == 100:
            self.fault("least_margin", _("A margin is below 100 percent."))

    def _base(self, rule: NewRule, bases: dict[UUID, set[UUID]]) -> None:
        if rule.basis not in {basis.value for basis in Basis}:
            self.fault("basis", _("Choose on what it is based."))
            return
        if rule.basis != Basis.LIST:
            if rule.base_list_id is not None:
                self.fault("base_list_id", _("Only a formula on a price list names one."))
            if self.price_list.currency != self.home:
                self.fault("basis", _("Products have their price and cost in the company's currency only."))
            return
        if rule.base_list_id is None:
            self.fault("base_list_id", _("Choose the price list it is based on."))
            return
        base = self.lists.get(rule.base_list_id)
        if base is None or base.archived_at is not None:
            self.fault("base_list_id", _("There is no such price list."))
        elif base.currency != self.price_list.currency:
            self.fault("base_list_id", _("That list is in another currency."))
        else:
            self._chain(base, bases)

    def _chain(self, base: PriceList, bases: dict[UUID, set[UUID]]) -> None:
        mine = self.price_list.id
        bases[mine].add(base.id)
        if ring_of(bases, mine):
            text = _("“%(name)s” itself stands on this list; two lists cannot stand on each other.")
            self.fault("base_list_id", text % {"name": base.name})
            bases[mine].discard(base.id)
        elif depth_of(bases) > DEEPEST:
            self.fault("base_list_id", _("At most %(most)s lists may stand on one another.") % {"most": DEEPEST})
            bases[mine].discard(base.id)


_KEY = ("product_id", "family_id", "category_id", "brand", "unit_id", "min_quantity")
_LIMITS = (
    ("percent", Decimal(-100), MOST_PERCENT, gettext_lazy("Between −100 and 999 percent.")),
    ("surcharge", -MOST_FIGURE, MOST_FIGURE, gettext_lazy("This figure is absurdly large.")),
    ("round_to", Decimal(0), MOST_FIGURE, gettext_lazy("Above zero, such as 500.")),
    ("round_minus", Decimal(0), MOST_FIGURE, gettext_lazy("Zero or more.")),
    ("least_margin", Decimal(0), Decimal(100), gettext_lazy("A margin is below 100 percent.")),
    ("min_quantity", Decimal(0), MOST_FIGURE, gettext_lazy("The quantity is zero or more, and not absurdly large.")),
)


def rules_from(data: Sequence[Mapping[str, str]], units: Mapping[UUID, str]) -> list[NewRule]:
    """Formulas as they were kept, to be checked again; `units` gives the codes, and one that is gone keeps its key."""
    found = []
    for told in data:
        facts: dict[str, Any] = {name: value for name, value in told.items() if name in ("basis", "brand")}
        facts |= {name: Decimal(told[name]) for name in _FIGURES if name in told}
        facts |= {name: UUID(told[name]) for name in _KEYS if name in told}
        if unit := told.get("unit_id"):
            facts["unit"] = units.get(UUID(unit), unit)
        found.append(NewRule(**facts))
    return found


_FIGURES = tuple(limit[0] for limit in _LIMITS)
_KEYS = ("base_list_id", "product_id", "family_id", "category_id")
