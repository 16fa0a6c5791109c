"""What can never be priced: figures that are negative, absurd or no percentage."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter

from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.pricing.rules.priced import Fault
from niaga.pricing.rules.request import PriceRequest

ZERO = Decimal(0)
HUNDRED = Decimal(100)
MOST = Decimal(10) ** 12
"""The largest quantity, factor or price of a line."""
MOST_AMOUNT = Decimal(10) ** 14
"""The largest amount of a line or document: numeric(19,4) holds ten times as much."""

_CHECKED: tuple[tuple[str, str, Decimal], ...] = (
    ("quantity", "negative_or_absurd", MOST),
    ("base_price", "negative_or_absurd", MOST),
    ("own_unit_price", "negative_or_absurd", MOST),
    ("manual_price", "negative_or_absurd", MOST),
    ("unit_cost", "negative_or_absurd", MOST),
    ("discount_amount", "negative_or_absurd", MOST_AMOUNT),
    ("discount_percent", "not_a_percentage", HUNDRED),
)
_figures = attrgetter(*(name for name, _code, _most in _CHECKED))


def faults_of(request: PriceRequest) -> list[Fault]:
    faults: list[Fault] = []
    for line in request.lines:
        faults.extend(
            [
                Fault(line.key, field, code)
                for value, (field, code, most) in zip(_figures(line), _CHECKED, strict=True)
                if value is not None and not ZERO <= value <= most
            ]
        )
        if not ZERO < line.unit_factor <= MOST:
            faults.append(Fault(line.key, "unit_factor", "negative_or_absurd"))
        if not all(ZERO <= entry.price <= MOST and ZERO <= entry.min_quantity <= MOST for entry in line.entries):
            faults.append(Fault(line.key, "entries", "negative_or_absurd"))
    if request.discount_percent is not None and not ZERO <= request.discount_percent <= HUNDRED:
        faults.append(Fault(None, "discount_percent", "not_a_percentage"))
    if request.discount_amount is not None and not ZERO <= request.discount_amount <= MOST_AMOUNT:
        faults.append(Fault(None, "discount_amount", "negative_or_absurd"))
    if request.points is not None and not 0 <= request.points.wanted <= MOST_POINTS:
        faults.append(Fault(None, "points", "negative_or_absurd"))
    return faults
