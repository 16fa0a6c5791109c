"""What differences touch, in words: the products, the columns, the formulas."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.pricing.models import Promotion
from niaga.pricing.queries.subjects import Subject
from niaga.pricing.rules.differences import Overtaken, PriceKey
from niaga.ui.formatting import number, quantity

HEADS: dict[str, Any] = {
    "name": gettext_lazy("Name"), "code": gettext_lazy("Code"), "customer_id": gettext_lazy("Customer"),
    "tier_id": gettext_lazy("Tier"), "group_id": gettext_lazy("Group"), "territory_id": gettext_lazy("Territory"),
    "branch_id": gettext_lazy("Branch"), "channel_id": gettext_lazy("Channel"),
    "valid_from": gettext_lazy("First day"), "valid_to": gettext_lazy("Last day"),
    "weekdays": gettext_lazy("Weekdays"), "from_time": gettext_lazy("From the hour"),
    "until_time": gettext_lazy("Until the hour"), "priority": gettext_lazy("Priority"),
    "prices_include_tax": gettext_lazy("Prices with tax or without"),
    "archived_at": gettext_lazy("In force"), "kind": gettext_lazy("Kind"),
    "exclusive": gettext_lazy("Alone"), "by_coupon": gettext_lazy("Only with a coupon"),
    "buy": gettext_lazy("Buy"), "get": gettext_lazy("Get"), "most_times": gettext_lazy("Times on a document"),
    "most_amount": gettext_lazy("Most off a document"), "gift_product_id": gettext_lazy("Gift"),
    "most_uses": gettext_lazy("Documents in all"), "most_per_customer": gettext_lazy("Documents of one customer"),
    "budget": gettext_lazy("Budget"),
}  # fmt: skip
NAMED = 10
"""So many products are named in a refusal."""


def overtaken_lines(found: Subject, overtaken: Overtaken) -> list[dict[str, Any]]:
    """A line for each thing that somebody else changed too, as a refusal answers them. One statement."""
    lines = [{"field": name, "message": str(HEADS[name])} for name in overtaken.heads]
    if overtaken.rules:
        words = _("Steps and parts") if isinstance(found, Promotion) else _("Formulas")
        lines.append({"field": "rules", "message": words})
    keys = overtaken.prices[:NAMED]
    names = products_named(found.company_id, {key[0] for key in keys})
    lines += [{"field": "price", "message": price_name(key, names)} for key in keys]
    if rest := len(overtaken.prices) - len(keys):
        lines.append({"field": "price", "message": _("and %(count)s more prices") % {"count": number(rest)}})
    return lines


def products_named(company_id: UUID, product_ids: Collection[UUID]) -> dict[UUID, ProductFacts]:
    known = product_facts(company_id=company_id, ids=product_ids)
    return {product_id: known[product_id] for product_id in product_ids if product_id in known}


def price_name(key: PriceKey, names: dict[UUID, ProductFacts]) -> str:
    """`Kopi robusta, from 10 box`."""
    product_id, unit_id, least = key
    product = names.get(product_id)
    if product is None:
        return _("a product that is gone")
    unit = next((one.code for one in product.units if one.id == unit_id), product.units[0].code)
    if least:
        return _("%(product)s, from %(quantity)s") % {"product": product.name, "quantity": quantity(least, unit)}
    return f"{product.name} ({unit})" if unit_id else product.name
