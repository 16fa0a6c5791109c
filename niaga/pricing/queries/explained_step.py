"""One step of a price in words, and how its figures are written."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from niaga.ui.formatting import amount, number


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One line of "Why this price". `struck` for a price that lost; `note` says why it did."""

    text: str
    struck: bool = False
    note: str = ""


def money(value: Any, currency: str) -> str:
    return amount(Decimal(str(value)), currency)


def exact(value: Any) -> str:
    """A unit price or a quantity with the decimals it has."""
    return number(Decimal(str(value)).normalize() + 0)
