from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.core.ids import new_id
from niaga.invoicing.queries.crediting import DownPaymentLeft
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula
from niaga.sales.rules.billing import Part
from niaga.sales.services.bill_lines import Bill

TAXED_ALIKE = ("tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate")
"""What lines have in common that one down payment's line can be taken off."""


def take_off_down_payments(*, bill: Bill, left: Sequence[DownPaymentLeft], currency: str) -> Decimal:
    """Add lines to a bill that take off what was paid down, as far as the bill has net of the same tax. Returns how
    much net was taken off."""
    room: dict[tuple[Any, ...], Decimal] = {}
    for row in bill.rows:
        group = tuple(row[name] for name in TAXED_ALIKE)
        room[group] = room.get(group, Decimal(0)) + row["net"]
    position = max(row["position"] for row in bill.rows)
    taken = Decimal(0)
    for one in left:
        net = min(one.net, room.get(one.group, Decimal(0)))
        if net <= 0:
            continue
        room[one.group] -= net
        if net == one.net:
            other, tax, luxury, rounding = one.other_tax_base, one.tax, one.luxury_tax, one.rounding
        else:
            rate = TaxRate(
                one.tax_rate, base_numerator=one.base_numerator, base_denominator=one.base_denominator,
                luxury_rate=one.luxury_rate,
            )  # fmt: skip
            (other, tax, luxury), rounding = TaxFormula(rate, currency).on(net), Decimal(0)
        position += 1
        taken += net
        text = _("Less down payment %(number)s") % {"number": one.number}
        bill.rows.append(
            {
                "id": new_id(), "position": position, "kind": "charge", "description": text, "product_id": None,
                "unit_id": None, "tax_category_id": one.tax_category_id, "factor": Decimal(1),
                "list_price": Decimal(0), "unit_price": -net, "discount_percent": Decimal(0),
                "tax_code": one.tax_code, "tax_rate": one.tax_rate, "base_numerator": one.base_numerator,
                "base_denominator": one.base_denominator, "luxury_rate": one.luxury_rate,
                "unit_cost": None, "parts": [], "quantity": Decimal(1),
                "discount_amount": Decimal(0), "amount": -net, "document_discount": Decimal(0), "net": -net,
                "other_tax_base": -other, "tax": -tax, "luxury_tax": -luxury, "points_discount": Decimal(0),
                "credits_line_id": one.line_id,
            }
        )  # fmt: skip
        nought = Decimal(0)
        bill.parts.append(Part(nought, -net, nought, -net, -other, -tax, -rounding, -luxury))
    return taken
