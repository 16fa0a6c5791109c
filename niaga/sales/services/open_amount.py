"""What of an order is still to be invoiced, in money."""

from collections.abc import Iterable
from decimal import Decimal

from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.billing import FrozenLine, bill_part


def open_amount(order: SalesOrder, lines: Iterable[SalesOrderLine]) -> Decimal:
    """The sum of what is neither invoiced nor cancelled, tax and all: what open-order credit holds for the order."""
    amount = Decimal(0)
    untouched = True
    for line in lines:
        if line.product_id is None:
            continue
        rest = line.quantity - line.cancelled - line.invoiced
        untouched = untouched and rest == line.quantity
        if rest <= 0:
            continue
        part = bill_part(
            FrozenLine(
                line.quantity, line.amount, line.discount_amount, line.document_discount, line.tax_rate,
                line.base_numerator, line.base_denominator, luxury_rate=line.luxury_rate,
                points_discount=line.points_discount,
            ),
            already=line.invoiced, quantity=rest, currency=order.currency, prices_include_tax=order.prices_include_tax,
        )  # fmt: skip
        amount += part.owed
    return order.total if untouched else amount
