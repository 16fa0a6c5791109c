"""What each document does to the books, as signed amounts by account role: debit positive, credit negative.

Pure double entry. Every posting adds up to zero; `Unbalanced` is a fault of ours, never of a user.
"""

from dataclasses import dataclass
from decimal import Decimal


class Unbalanced(AssertionError):
    """A posting whose lines do not add up to zero."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount for the account that plays `role`."""

    role: str
    amount: Decimal


def balanced(*lines: Posting) -> tuple[Posting, ...]:
    """The lines without those of nothing.

    :raises Unbalanced: they do not add up to zero
    """
    if sum((line.amount for line in lines), Decimal(0)) != 0:
        raise Unbalanced(lines)
    return tuple(line for line in lines if line.amount)


def invoice_postings(
    *,
    net: Decimal,
    tax: Decimal,
    rounding: Decimal,
    total: Decimal,
    advances: Decimal = Decimal(0),
    luxury_tax: Decimal = Decimal(0),
    tax_by_buyer: Decimal = Decimal(0),
) -> tuple[Posting, ...]:
    """Receivable against revenue, PPN, PPnBM (`luxury_tax`) and rounding.

    `advances` is the part of down payments that `net` is already less by: they become revenue now. A down payment's
    own invoice has it negative: its net is no revenue yet. `tax_by_buyer` is what of the taxes a collector pays to the
    state: a claim on its slip, not on money.
    """
    return balanced(
        Posting("receivable", total - tax_by_buyer),
        Posting("tax_by_buyer", tax_by_buyer),
        Posting("revenue", -net - advances),
        Posting("advances", advances),
        Posting("tax_payable", -tax),
        Posting("luxury_tax_payable", -luxury_tax),
        Posting("rounding", -rounding),
    )


def credit_note_postings(
    *,
    net: Decimal,
    tax: Decimal,
    rounding: Decimal,
    total: Decimal,
    advances: Decimal = Decimal(0),
    luxury_tax: Decimal = Decimal(0),
    tax_by_buyer: Decimal = Decimal(0),
) -> tuple[Posting, ...]:
    """The posting of what it credits, turned round; `advances` as on the invoice."""
    straight = invoice_postings(
        net=net, tax=tax, rounding=rounding, total=total, advances=advances, luxury_tax=luxury_tax,
        tax_by_buyer=tax_by_buyer,
    )  # fmt: skip
    return tuple(Posting(line.role, -line.amount) for line in straight)


def slip_postings(*, tax: Decimal, luxury_tax: Decimal) -> tuple[Posting, ...]:
    """A collector's slip: the taxes that it paid to the state are ours to pay no longer. Negative: taken back."""
    return balanced(
        Posting("tax_payable", tax), Posting("luxury_tax_payable", luxury_tax),
        Posting("tax_by_buyer", -tax - luxury_tax),
    )  # fmt: skip


MONEY_ROLES = {"cash": "cash", "transfer": "bank", "giro": "giro", "card": "card"}


def payment_postings(*, method: str, amount: Decimal, allocated: Decimal) -> tuple[Posting, ...]:
    """Money in: what settles invoices lessens the receivable, the rest is the customer's advance."""
    return balanced(
        Posting(MONEY_ROLES[method], amount), Posting("receivable", -allocated), Posting("advances", allocated - amount)
    )


def allocation_postings(*, amount: Decimal) -> tuple[Posting, ...]:
    """An advance used on an invoice later (negative: released again)."""
    return balanced(Posting("advances", amount), Posting("receivable", -amount))


def giro_postings(*, amount: Decimal) -> tuple[Posting, ...]:
    """A giro was cleared: its money is on the bank account."""
    return balanced(Posting("bank", amount), Posting("giro", -amount))


def reversal_postings(*, method: str, amount: Decimal, allocated: Decimal, cleared: bool) -> tuple[Posting, ...]:
    """A payment taken back, from where its money is now; what it settled is owed again."""
    role = "bank" if cleared else MONEY_ROLES[method]
    return balanced(Posting(role, -amount), Posting("receivable", allocated), Posting("advances", amount - allocated))
