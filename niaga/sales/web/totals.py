"""The figures under the lines of a document."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from niaga.core.rules.tax_name import tax_name
from niaga.pricing.queries.loyalty_words import points_used_told
from niaga.ui import formatting


def total_rows(
    header: Any, taxes: Sequence[dict[str, Any]], *, country: str, home: str = ""
) -> list[tuple[str, str, bool]]:
    """Label, text and whether it is the sum, for a header (a document or a dict of its totals) and its taxes.

    The tax is called as in the company's `country`. With `home`, the company's own currency, a document in another says
    what it comes to in that, and at which rate.
    """

    def get(name: str) -> Any:
        return header[name] if isinstance(header, dict) else getattr(header, name)

    currency = get("currency")
    name = tax_name(country, get_language() or "id")

    def money(value: Decimal) -> str:
        return formatting.amount(value, currency)

    rows = []
    for one in get("promotions"):
        label = f"{one['name']} · {one['code']}" if one["code"] else one["name"]
        rows.append((label, money(-Decimal(one["amount"])), False))
    rows.append((_("Subtotal"), money(get("subtotal")), False))
    if get("discount_amount"):
        label = _("Discount")
        if percent := get("discount_percent"):
            label = _("Discount %(percent)s") % {"percent": formatting.percent(_short(percent))}
        rows.append((label, money(-get("discount_amount")), False))
    if used := get("points_used"):
        rows.append((points_used_told(used), money(-get("points_amount")), False))
    for tax in taxes:
        if tax["other_tax_base"] != tax["net"]:
            label = _("Other tax base (%(part)s)") % {"part": f"{tax['numerator']}/{tax['denominator']}"}
            rows.append((label, money(tax["other_tax_base"]), False))
        elif get("discount_amount") or get("points_used") or get("prices_include_tax"):
            rows.append((_("Tax base (DPP)"), money(tax["net"]), False))
        rate = formatting.percent(_short(tax["rate"]))
        label = _("%(name)s %(rate)s, included") if get("prices_include_tax") else "%(name)s %(rate)s"
        if tax["rate"] or tax["tax"]:
            rows.append((label % {"name": name, "rate": rate}, money(tax["tax"]), False))
        if tax["luxury_tax"]:
            rate = formatting.percent(_short(tax["luxury_rate"]))
            rows.append((label % {"name": "PPnBM", "rate": rate}, money(tax["luxury_tax"]), False))
    if get("rounding"):
        rows.append((_("Rounding"), money(get("rounding")), False))
    rows.append((_("Total"), formatting.money(get("total"), currency), True))
    if home and home != currency and get("exchange_rate") is not None:
        label = _("In %(home)s at %(rate)s") % {"home": home, "rate": formatting.number(_short(get("exchange_rate")))}
        rows.append((label, formatting.money(get("base_total"), home), False))
    return rows


def _short(value: Decimal) -> Decimal:
    return value.normalize() + 0
