"""How a payment is spread over invoices. Pure."""

from collections.abc import Sequence
from decimal import Decimal


def spread(amount: Decimal, open_amounts: Sequence[Decimal]) -> tuple[list[Decimal], Decimal]:
    """Fill the open amounts in order as far as the money goes. Returns the shares and what is left: the advance."""
    left = amount
    shares = []
    for open_amount in open_amounts:
        share = min(left, open_amount)
        shares.append(share)
        left -= share
    return shares, left
