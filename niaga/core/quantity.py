"""Quantity: a Decimal with a unit. Mixing units raises."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


class UnitMismatch(ValueError):
    """Two units met in one sum."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a unit (`pcs`, `kg`), exact.

    :raises TypeError: the value is not a Decimal
    :raises UnitMismatch: an operation with a quantity of another unit
    """

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError("a quantity is a Decimal")

    def _other(self, other: Quantity) -> Decimal:
        if other.unit != self.unit:
            raise UnitMismatch(f"{self.unit} with {other.unit}")
        return other.value

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + self._other(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.value - self._other(other), self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.value < self._other(other)

    def __le__(self, other: Quantity) -> bool:
        return self.value <= self._other(other)
