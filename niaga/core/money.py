"""Money: a Decimal amount with a currency. Mixing currencies raises; there are no floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units; every currency not named here has two.
EXPONENTS = {"IDR": 0, "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "XAF": 0, "XOF": 0,
             "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}  # fmt: skip
_STEPS = {digits: Decimal(1).scaleb(-digits) for digits in range(11)}


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum."""


def exponent(currency: str) -> int:
    """Decimal places of the currency's smallest unit. Rupiah are used whole in Indonesia, so IDR has none."""
    return EXPONENTS.get(currency, 2)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero) to the currency's smallest unit."""
    return amount.quantize(_STEPS[exponent(currency)], rounding=ROUND_HALF_UP)


def round_to(value: Decimal, digits: int) -> Decimal:
    """Round half up to `digits` decimal places."""
    return value.quantize(_STEPS[digits], rounding=ROUND_HALF_UP)


def base_share(part: Decimal, *, whole: Decimal, base_whole: Decimal, home: str) -> Decimal:
    """What `part` of a document's `whole` is of `base_whole`, the same in the company's own currency `home`.

    Only ever taken of running sums: what two of them differ by is what was settled between, so that however an amount
    is settled, the parts make the whole.
    """
    if part == whole:
        return base_whole
    return round_amount(part if whole == base_whole else base_whole * part / whole, home)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, exact.

    :raises TypeError: the amount is not a Decimal
    :raises CurrencyMismatch: an operation with money of another currency
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount of money is a Decimal")

    def _other(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._other(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._other(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, float):
            raise TypeError("money is never multiplied by a float")
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._other(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._other(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def rounded(self) -> Money:
        return Money(round_amount(self.amount, self.currency), self.currency)


def split_amount(amount: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    """Share `amount` by weight to the smallest unit; the shares add up to it (largest remainder, earlier first).

    :raises ValueError: no weights, or weights that add up to nothing while there is an amount
    """
    step = _STEPS[exponent(currency)]
    whole = sum(weights, Decimal(0))
    if not amount:
        return [Decimal(0)] * len(weights)
    if not whole:
        raise ValueError("nothing to share by")
    exact = [amount * weight / whole for weight in weights]
    shares = [(value // step) * step for value in exact]
    missing = int((amount - sum(shares, Decimal(0))) / step)
    unit = step if missing >= 0 else -step
    order = sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n]) * (1 if missing >= 0 else -1))
    for n in order[: abs(missing)]:
        shares[n] += unit
    rest = amount - sum(shares, Decimal(0))
    if rest:  # an amount finer than the currency's unit, or more remainders than lines
        shares[order[0]] += rest
    return shares
