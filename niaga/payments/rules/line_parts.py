"""What a booked bank line is made of: payments, payments that were recorded before, returned giros,
gateways' payouts, accounts.

The parts always make the line's amount whole; what takes something off (a fee, tax kept back) is a part of its own with
the opposite sign: a customer's 1,000 of which the bank took 5 is a payment of 1,000 and a fee of -5.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from niaga.payments.rules.match_facts import Proposal

PAYMENT, TIE, GIRO_RETURN, PAYOUT, ACCOUNT = "payment", "tie", "giro_return", "payout", "account"
SUSPENSE = "suspense"
ACCOUNT_ROLES = (
    "suspense", "bank_fees", "bank_interest", "withheld_tax", "owners_money", "money_in_transit", "rounding",
    "other_costs", "gateway_fees",
)  # fmt: skip
"""What a person may book a line to; customers' accounts are reached by payments alone."""
MOST_PARTS = 50


class BadParts(ValueError):
    """The parts cannot be: `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Part:
    """`amount` is of the line, with its sign. `shares` are invoices, each with an amount or None for what is open; of a
    payment without any the whole is an advance."""

    kind: str
    amount: Decimal
    customer_id: UUID | None = None
    shares: Sequence[tuple[UUID, Decimal | None]] = ()
    payment_id: UUID | None = None
    role: str = ""
    payout_id: UUID | None = None


def check_parts(parts: Sequence[Part], room: Decimal) -> None:
    """:raises BadParts: they do not make `room`, or one cannot be"""
    if not parts or len(parts) > MOST_PARTS:
        raise BadParts("none")
    if any(not part.amount for part in parts):
        raise BadParts("nothing")
    if sum((part.amount for part in parts), Decimal(0)) != room:
        raise BadParts("sum")
    for part in parts:
        _check(part)
    named = [key for part in parts for key in (part.payment_id, part.payout_id) if key]
    invoices = [invoice_id for part in parts for invoice_id, _amount in part.shares]
    if len(set(named)) != len(named) or len(set(invoices)) != len(invoices):
        raise BadParts("twice")


def _check(part: Part) -> None:
    if part.kind == PAYMENT:
        if part.amount < 0:
            raise BadParts("sign")
        if part.customer_id is None:
            raise BadParts("customer")
    elif part.kind in (TIE, GIRO_RETURN):
        if part.payment_id is None:
            raise BadParts("payment")
        if (part.amount > 0) != (part.kind == TIE):
            raise BadParts("sign")
    elif part.kind == PAYOUT:
        if part.payout_id is None:
            raise BadParts("payout")
        if part.amount < 0:
            raise BadParts("sign")
    elif part.kind != ACCOUNT or part.role not in ACCOUNT_ROLES:
        raise BadParts("role")


def parts_of(proposal: Proposal, amount: Decimal) -> list[Part]:
    """What a proposal books of a line of this amount."""
    others = [Part(ACCOUNT, other, role=role) for role, other in proposal.others if other]
    rest = amount - sum((one.amount for one in others), Decimal(0))
    main = Part(
        proposal.kind, rest, customer_id=proposal.customer_id, shares=tuple(proposal.shares),
        payment_id=proposal.payment_id, role=proposal.role, payout_id=proposal.payout_id,
    )  # fmt: skip
    return [main, *others]


def fingerprint(parts: Sequence[Part]) -> str:
    """What a person saw when they accepted it: another proposal has another."""
    told = [
        (part.kind, f"{part.amount:f}", str(part.customer_id), str(part.payment_id), str(part.payout_id),
         part.role,
         sorted((str(key), f"{amount:f}" if amount is not None else "") for key, amount in part.shares))
        for part in parts
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]
