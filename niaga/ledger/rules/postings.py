"""What each document does to the books, as signed amounts by account role: debit positive, credit negative.

Pure double entry. Every posting adds up to zero; `Unbalanced` is a fault of ours, never of a user.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal


class Unbalanced(AssertionError):
    """A posting whose lines do not add up to zero."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount for the account that plays `role`, in the company's own currency.

    `document` is the same in the document's currency, where that is another.
    """

    role: str
    amount: Decimal
    document: Decimal | None = None


def balanced(*lines: Posting) -> tuple[Posting, ...]:
    """The lines without those of nothing.

    :raises Unbalanced: they do not add up to zero
    """
    if sum((line.amount for line in lines), Decimal(0)) != 0:
        raise Unbalanced(lines)
    return tuple(line for line in lines if line.amount)


@dataclass(frozen=True, slots=True)
class BaseFigures:
    """An invoice's figures in the company's own currency, where the invoice is in another.

    Each is rounded by itself; `advances` are at the rates of their own invoices: what was paid ahead is revenue at the
    rate of then.
    """

    net: Decimal
    tax: Decimal
    luxury_tax: Decimal
    rounding: Decimal
    total: Decimal
    advances: Decimal


def invoice_postings(
    *,
    net: Decimal,
    tax: Decimal,
    rounding: Decimal,
    total: Decimal,
    advances: Decimal = Decimal(0),
    luxury_tax: Decimal = Decimal(0),
    tax_by_buyer: Decimal = Decimal(0),
    base: BaseFigures | None = None,
    income: str = "revenue",
) -> tuple[Posting, ...]:
    """Receivable against revenue (or the `income` of another kind), PPN, PPnBM (`luxury_tax`) and rounding.

    `advances` is the part of down payments that `net` is already less by: they become revenue now. A down payment's
    own invoice has it negative: its net is no revenue yet. `tax_by_buyer` is what of the taxes a collector pays to the
    state: a claim on its slip, not on money; only in the company's own currency.

    In another currency what the rounding of each `base` figure leaves over stands on an account of its own.
    """
    if base is None:
        return balanced(
            Posting("receivable", total - tax_by_buyer),
            Posting("tax_by_buyer", tax_by_buyer),
            Posting(income, -net - advances),
            Posting("advances", advances),
            Posting("tax_payable", -tax),
            Posting("luxury_tax_payable", -luxury_tax),
            Posting("rounding", -rounding),
        )
    lines = (
        Posting("receivable", base.total, total),
        Posting(income, -base.net - base.advances, -net - advances),
        Posting("advances", base.advances, advances),
        Posting("tax_payable", -base.tax, -tax),
        Posting("luxury_tax_payable", -base.luxury_tax, -luxury_tax),
        Posting("rounding", -base.rounding, -rounding),
    )
    over = sum((line.amount for line in lines), Decimal(0))
    return balanced(*lines, Posting("exchange_rounding", -over))


def turned_round(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The posting of a credit note, from that of figures it credits."""
    return tuple(Posting(one.role, -one.amount, None if one.document is None else -one.document) for one in postings)


def in_document(postings: Iterable[Posting], amounts: Mapping[str, Decimal]) -> tuple[Posting, ...]:
    """Postings with what they are in the document's currency, by role."""
    return tuple(replace(one, document=amounts.get(one.role)) for one in postings)


def exchange_difference(amount: Decimal, *, undo: bool = False) -> Posting:
    """What settling gained (credit) or lost by the rate having moved. `undo` takes an earlier one back, from the
    account it stands on."""
    return Posting("exchange_gain" if (amount < 0) != undo else "exchange_loss", amount)


def note_settlement_postings(
    *, used: Decimal, settled: Decimal, same_rate: bool, undo: bool = False
) -> tuple[Posting, ...]:
    """A credit note settles an invoice in another currency: `used` of the note's receivable, `settled` of its.

    At one rate they differ by rounding alone; nothing is posted when they do not differ.
    """
    over = settled - used
    other = Posting("exchange_rounding", over) if same_rate else exchange_difference(over, undo=undo)
    return balanced(Posting("receivable", -over), other)


def slip_postings(*, tax: Decimal, luxury_tax: Decimal) -> tuple[Posting, ...]:
    """A collector's slip: the taxes that it paid to the state are ours to pay no longer. Negative: taken back."""
    return balanced(
        Posting("tax_payable", tax), Posting("luxury_tax_payable", luxury_tax),
        Posting("tax_by_buyer", -tax - luxury_tax),
    )  # fmt: skip


STOCK_ROLES = {
    "receipt": ("goods_received", "goods_received"),
    "opening": ("opening_stock", "opening_stock"),
    "shipment": ("cost_of_sales", "cost_of_sales"),
    "adjustment": ("stock_gain", "stock_loss"),
    "count": ("stock_gain", "stock_loss"),
    "return": ("cost_of_sales", "cost_of_sales"),
    "scrap": ("stock_gain", "stock_loss"),
    "transit": ("goods_in_transit", "goods_in_transit"),
    "to_supplier": ("supplier_credits", "supplier_credits"),
}
"""Why goods move -> what stands against the inventory: for what came, and for what went. Moved at once: none."""


def stock_postings(*, reason: str, came: Decimal = Decimal(0), went: Decimal = Decimal(0)) -> tuple[Posting, ...]:
    """Goods worth `came` came in and such worth `went` left (both positive), in one document."""
    into, out_of = STOCK_ROLES[reason]
    if into == out_of:
        return balanced(Posting("inventory", came - went), Posting(into, went - came))
    return balanced(Posting("inventory", came - went), Posting(into, -came), Posting(out_of, went))


def transit_loss_postings(*, value: Decimal) -> tuple[Posting, ...]:
    """Goods worth `value` left a warehouse and came to none."""
    return balanced(Posting("stock_loss", value), Posting("goods_in_transit", -value))


MONEY_ROLES = {"cash": "cash", "transfer": "bank", "giro": "giro", "card": "card", "gateway": "gateway_clearing"}


def payment_postings(
    *, method: str, amount: Decimal, allocated: Decimal, settled: Decimal | None = None
) -> tuple[Posting, ...]:
    """Money in: what settles invoices lessens the receivable, the rest is the customer's advance.

    `amount` and `allocated` are at the payment's rate; `settled` is the same receivable at the rates of its invoices,
    where they are in another currency: the difference was gained or lost.
    """
    settled = allocated if settled is None else settled
    return balanced(
        Posting(MONEY_ROLES[method], amount),
        Posting("receivable", -settled),
        Posting("advances", allocated - amount),
        exchange_difference(settled - allocated),
    )


def allocation_postings(*, amount: Decimal, settled: Decimal | None = None, undo: bool = False) -> tuple[Posting, ...]:
    """An advance used on an invoice later (negative: released again, `undo`); `settled` as for a payment."""
    settled = amount if settled is None else settled
    return balanced(
        Posting("advances", amount),
        Posting("receivable", -settled),
        exchange_difference(settled - amount, undo=undo),
    )


def giro_postings(*, amount: Decimal) -> tuple[Posting, ...]:
    """A giro was cleared: its money is on the bank account."""
    return balanced(Posting("bank", amount), Posting("giro", -amount))


def reversal_postings(
    *, method: str, amount: Decimal, allocated: Decimal, cleared: bool, settled: Decimal | None = None
) -> tuple[Posting, ...]:
    """A payment taken back, from where its money is now; what it settled is owed again, at the invoices' own rates."""
    role = "bank" if cleared else MONEY_ROLES[method]
    settled = allocated if settled is None else settled
    return balanced(
        Posting(role, -amount),
        Posting("receivable", settled),
        Posting("advances", amount - allocated),
        exchange_difference(allocated - settled, undo=True),
    )


def bank_postings(*, role: str, amount: Decimal) -> tuple[Posting, ...]:
    """Money that moved on the bank account for what `role` stands for: a fee, interest, what nobody knows yet. Above
    zero it came in."""
    return balanced(Posting("bank", amount), Posting(role, -amount))


def gateway_fee_postings(*, fee: Decimal) -> tuple[Posting, ...]:
    """What a gateway keeps of a payment before it pays out."""
    return balanced(Posting("gateway_fees", fee), Posting("gateway_clearing", -fee))


def payout_postings(*, amount: Decimal, fee: Decimal = Decimal(0)) -> tuple[Posting, ...]:
    """A gateway paid out: `amount` is on the bank account, `fee` was kept of what it held."""
    return balanced(Posting("bank", amount), Posting("gateway_fees", fee), Posting("gateway_clearing", -amount - fee))


def refund_postings(*, way: str, amount: Decimal) -> tuple[Posting, ...]:
    """Money of an advance back to the customer, out of `way`: cash, transfer, gateway; worth what it was as it came."""
    return balanced(Posting("advances", amount), Posting(MONEY_ROLES[way], -amount))


def write_off_postings(*, amount: Decimal, small: bool) -> tuple[Posting, ...]:
    """A part of the receivable is given up: a bad debt, or a difference too small to ask for. PPN stays owed."""
    return balanced(Posting("payment_differences" if small else "bad_debt", amount), Posting("receivable", -amount))


def early_discount_postings(*, amount: Decimal) -> tuple[Posting, ...]:
    """A part of the receivable is let go because the rest was paid in time. No tax changes: it stands on no invoice."""
    return balanced(Posting("early_discounts", amount), Posting("receivable", -amount))


def supplier_accepted(amount: Decimal) -> tuple[Posting, ...]:
    """A supplier took goods back that a customer sent them: what they owe for them lessens the cost of sales."""
    return balanced(Posting("supplier_credits", amount), Posting("cost_of_sales", -amount))


CREDITED_TO = {"money": "bank", "credit_note": "goods_received", "written_off": "cost_of_sales"}
"""How a supplier's credit ends -> what stands against it: money, less owed for their goods, or nothing comes."""


def supplier_credited(way: str, amount: Decimal) -> tuple[Posting, ...]:
    """So much of what a supplier owes ended in one of these ways."""
    return balanced(Posting(CREDITED_TO[way], amount), Posting("supplier_credits", -amount))
