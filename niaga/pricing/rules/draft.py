"""A line while it is being priced."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import LineRequest
from niaga.pricing.rules.tax import TaxFormula

ZERO = Decimal(0)


class Draft:
    """What is known of a line so far; each stage of `price_lines` fills in its part."""

    __slots__ = (
        "amount",
        "counted",
        "discount",
        "discount_percent",
        "formula",
        "gift_of",
        "gross",
        "line",
        "list_price",
        "points",
        "promoted",
        "share",
        "steps",
        "unit_price",
    )

    list_price: Decimal | None
    unit_price: Decimal
    gross: Decimal
    discount_percent: Decimal
    discount: Decimal
    amount: Decimal
    steps: list[Step]
    formula: TaxFormula

    def __init__(self, line: LineRequest) -> None:
        self.line = line
        self.counted = line.chosen or not line.optional
        self.share = ZERO
        self.points = ZERO
        self.promoted = ZERO
        self.gift_of: UUID | None = None
