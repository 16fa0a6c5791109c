"""How a payment is spread over invoices, in its own currency or another. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from niaga.core.money import round_amount


@dataclass(frozen=True, slots=True)
class Turn:
    """From a payment's currency (`source`) to an invoice's (`target`); each rate is of the company's own currency for
    one. Within one currency nothing changes."""

    source: str
    target: str
    source_rate: Decimal = Decimal(1)
    target_rate: Decimal = Decimal(1)

    def there(self, amount: Decimal) -> Decimal:
        """What an amount of the payment is on the invoice."""
        if self.source == self.target:
            return amount
        return round_amount(amount * self.source_rate / self.target_rate, self.target)

    def back(self, amount: Decimal) -> Decimal:
        """What an amount on the invoice is of the payment."""
        if self.source == self.target:
            return amount
        return round_amount(amount * self.target_rate / self.source_rate, self.source)


def fit(left: Decimal, open_amount: Decimal, turn: Turn) -> tuple[Decimal, Decimal]:
    """As much of an open amount as what is left of a payment settles; and what it takes of the payment.

    What pays the open amount to its smallest unit takes all that is left: no rest that rounding made. What is not worth
    a smallest unit of either settles nothing.
    """
    reach = turn.there(left)
    if reach <= open_amount:
        amount, taken = reach, left
    else:
        amount, taken = open_amount, min(left, turn.back(open_amount))
    return (amount, taken) if amount and taken else (Decimal(0), Decimal(0))


def taken_for(amount: Decimal, left: Decimal, turn: Turn) -> Decimal | None:
    """What a named amount takes of a payment; None when not enough is left, or it is not worth a smallest unit."""
    taken = left if turn.there(left) == amount else turn.back(amount)
    return taken if 0 < taken <= left else None
