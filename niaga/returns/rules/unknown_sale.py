"""What is credited for goods of which nobody knows the sale. Pure.

The lowest price that this customer paid in the days the company looks back, else the lowest that anybody paid: nobody
gains by losing the invoice. Another price is typed by who may.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol


class PaidOnce(Protocol):
    @property
    def price(self) -> Decimal: ...
    @property
    def date(self) -> Any: ...
    @property
    def number(self) -> str: ...
    @property
    def is_own(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """`basis`: own, anyone, typed or unknown."""

    price: Decimal | None
    basis: str
    date: str = ""
    number: str = ""
    days: int = 0
    proposed: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        told = None if self.proposed is None else str(self.proposed)
        return {
            "basis": self.basis, "date": self.date, "number": self.number, "days": self.days, "proposed": told
        }  # fmt: skip


def propose(paid: PaidOnce | None, *, days: int, typed: Decimal | None = None) -> Proposal:
    """What is credited for one unit, and why. Whose invoice it was is told of the customer's own only."""
    if paid is None:
        return Proposal(typed, "unknown" if typed is None else "typed", days=days)
    if typed is not None and typed != paid.price:
        return Proposal(typed, "typed", days=days, proposed=paid.price)
    number = paid.number if paid.is_own else ""
    return Proposal(paid.price, "own" if paid.is_own else "anyone", paid.date.isoformat(), number, days)
