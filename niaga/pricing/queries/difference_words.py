"""What differences say, in words: columns of the list, prices, formulas, each before and after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.products import products_for
from niaga.organization.access import Actor
from niaga.organization.queries.branches import branches, channels, territories
from niaga.parties.queries.customer_lists import groups_for
from niaga.parties.queries.customers import customers_for
from niaga.pricing.models import WHOM
from niaga.pricing.queries.difference_names import HEADS, price_name, products_named
from niaga.pricing.queries.terms_in_words import TAX_SORTS, weekdays_in_words
from niaga.pricing.rules.differences import Differences, Pair, PriceKey
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.ui import formatting


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """One thing, what it was and what it becomes."""

    label: str
    before: str
    after: str


def heads_in_words(heads: Mapping[str, Pair], *, by: Actor) -> list[ChangedWords]:
    """A statement for each kind of thing that is named. What a promotion does is told by its sentence."""
    names = names_in(heads, by=by)
    return [
        ChangedWords(
            str(HEADS[name]), _said(name, pair[0], names.get(name, {})), _said(name, pair[1], names.get(name, {}))
        )
        for name, pair in heads.items()
        if name in HEADS and name != "kind"
    ]


def names_in(heads: Mapping[str, Pair], *, by: Actor) -> dict[str, dict[UUID, str]]:
    """The names of all that these columns name, by column."""
    return {
        name: dict(rows(by).filter(pk__in=[one for one in heads[name] if one is not None]).values_list("pk", "name"))
        for name, rows in _NAMED.items()
        if name in heads
    }


_NAMED: dict[str, Callable[[Any], Any]] = {
    "customer_id": customers_for, "group_id": lambda by: groups_for(by, archived=True),
    "territory_id": lambda by: territories(by=by, archived=True),
    "branch_id": lambda by: branches(by=by, archived=True), "channel_id": lambda by: channels(by=by, archived=True),
    "gift_product_id": products_for,
}  # fmt: skip


def _said(name: str, value: Any, names: Mapping[UUID, str]) -> str:
    if name == "archived_at":
        return _("no") if value is not None else _("yes")
    if name in _NAMED and (name in WHOM or value is not None):
        return names.get(value, "…") if value is not None else _("All")
    if name == "weekdays":
        return _("every day") if value == EVERY_DAY else weekdays_in_words(value)
    if name == "prices_include_tax":
        return str(TAX_SORTS[value])
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return formatting.number(value)
    if isinstance(value, datetime):
        return formatting.moment(value)
    if isinstance(value, date):
        return formatting.day(value)
    if isinstance(value, time):
        return f"{value:%H.%M}"
    return str(value)


def prices_in_words(
    prices: Iterable[tuple[PriceKey, Pair]], *, company_id: UUID, currency: str, most: int
) -> list[ChangedWords]:
    """The first of them. One statement."""
    shown = list(islice(prices, most))
    names = products_named(company_id, {key[0] for key, _pair in shown})

    def said(price: Decimal | None) -> str:
        return "–" if price is None else formatting.money(price, currency)

    return [ChangedWords(price_name(key, names), said(before), said(after)) for key, (before, after) in shown]


def entries_written(differences: Differences, *, company_id: UUID) -> str:
    """The prices that a change sets, in the rows in which people write them: `SKU; 10 box; 95.000`."""
    names = products_named(company_id, {key[0] for key in differences.prices})
    rows = []
    for (product_id, unit_id, least), (_was, price) in differences.prices.items():
        product = names.get(product_id)
        if product is not None:
            unit = next((one.code for one in product.units if one.id == unit_id), "") if unit_id else ""
            quantity = f"{formatting.number(least)} {unit}".strip()
            rows.append(f"{product.sku}; {quantity}; {formatting.number(price) if price is not None else ''}")
    return "\n".join(sorted(rows))
