"""A product's own price in the currency of a document that has another."""

from decimal import Decimal

from niaga.core.money import round_to
from niaga.pricing.rules.formula import PRICE_DIGITS
from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import Conversion, LineRequest


def converted(price: Decimal, rate: Decimal, *, factor: Decimal = Decimal(1)) -> Decimal:
    """`price` for `factor` units, of the company's currency, divided by the rate and rounded to a price's digits."""
    return round_to(price * factor / rate, PRICE_DIGITS)


def converted_price(line: LineRequest, conversion: Conversion, steps: list[Step]) -> Decimal | None:
    """The product's own price for one of the line's units, or None when it has none."""
    own, factor = line.own_unit_price, Decimal(1)
    if own is None:
        own, factor = line.base_price, line.unit_factor
    if own is None:
        return None
    price = converted(own, conversion.rate, factor=factor)
    facts: dict[str, object] = {
        "price": own, "factor": factor, "unit": line.unit, "currency": conversion.home, "rate": conversion.rate,
        "on": conversion.on,
    }  # fmt: skip
    steps.append(Step("converted", price, facts))
    return price
