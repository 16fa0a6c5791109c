"""What a down payment is made of, for its invoice and for the pro-forma that asks for it before."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from niaga.core.errors import Invalid
from niaga.core.money import round_amount, split_amount
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import Taxed, TaxFormula
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import SalesOrder, SalesOrderLine


def down_payment_parts(
    order: SalesOrder, *, percent: Decimal | None, amount: Decimal | None
) -> list[tuple[dict[str, Any], Taxed]]:
    """For each way the order's lines are taxed, what of the down payment falls on it: of `percent` of the order, or of
    an `amount` with its tax.

    :raises Invalid: neither or both were given, or out of range
    :raises OverInvoicing: there is nothing to pay
    """
    if (percent is None) == (amount is None):
        raise Invalid(_("Give a percentage or an amount."), field="percent")
    if percent is not None and not 0 < percent <= 100:
        raise Invalid(_("A percentage is between 0 and 100."), field="percent")
    if amount is not None and (amount <= 0 or amount != round_amount(amount, order.currency)):
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    group = ("tax_category_id", "tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate")
    lines = SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False).order_by()
    sums = [
        line
        for line in lines.values(*group)
        .annotate(net=Sum("net"), tax=Sum("tax"), luxury_tax=Sum("luxury_tax"))
        .order_by(*group)
        if line["net"] > 0
    ]
    if not sums:
        raise OverInvoicing(available=Decimal(0))
    shares = [Decimal(0)] * len(sums)
    if amount is not None:
        shares = split_amount(amount, [line["net"] + line["tax"] + line["luxury_tax"] for line in sums], order.currency)
    parts = []
    for line, share in zip(sums, shares, strict=True):
        rate = TaxRate(
            line["tax_rate"], base_numerator=line["base_numerator"], base_denominator=line["base_denominator"],
            luxury_rate=line["luxury_rate"],
        )  # fmt: skip
        formula = TaxFormula(rate, order.currency)
        if percent is not None:
            taxed = formula.excluded(round_amount(line["net"] * percent / 100, order.currency))
        else:
            taxed = formula.included(share)
        if taxed.net > 0:
            parts.append((line, taxed))
    return parts
