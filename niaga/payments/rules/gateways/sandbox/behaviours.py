"""How the sandbox tells what became of a bill: as a good gateway does, and in every way that a bad one does."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from niaga.payments.rules.gateways.shape import EXPIRED, FAILED, PAID, PENDING


class Word(NamedTuple):
    """One call: what it says, and whether its signature is right. Calls of the same `event` have the same words."""

    event: int
    state: str
    signed: bool = True


class Behaviour(NamedTuple):
    state: str
    """What the bill is from now on."""
    words: Sequence[Word] = ()
    more: Decimal = Decimal(0)
    """Paid above what was asked for; below nought: less."""


BEHAVIOURS: Mapping[str, Behaviour] = {
    "pay": Behaviour(PAID, (Word(1, PAID),)),
    "pay_told_twice": Behaviour(PAID, (Word(1, PAID), Word(1, PAID), Word(2, PAID))),
    "pay_out_of_order": Behaviour(PAID, (Word(2, PAID), Word(1, PENDING), Word(3, EXPIRED), Word(4, FAILED))),
    "pay_wrongly_signed": Behaviour(PAID, (Word(1, PAID, signed=False),)),
    "pay_never_told": Behaviour(PAID),
    "pay_less": Behaviour(PAID, (Word(1, PAID),), Decimal(-1000)),
    "pay_more": Behaviour(PAID, (Word(1, PAID),), Decimal(1000)),
    "decline": Behaviour(FAILED, (Word(1, FAILED),)),
    "expire": Behaviour(EXPIRED, (Word(1, EXPIRED),)),
}
