"""Which invoices of a customer an amount may be for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from uuid import UUID

from niaga.payments.rules.match_facts import Debt, Reason

MOST_CODE = Decimal(999)
"""A unique code is one to three figures on top of the amount."""
MOST_FEE = Decimal(30_000)
MOST_TOGETHER, AMONG = 4, 18
# PPh 23 on services, PPh 22 by collectors and the final tax on rents: what buyers keep back of the net, in percent.
_KEPT_BACK = (Decimal(2), Decimal("1.5"), Decimal("0.5"), Decimal(10))
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class AmountFit:
    """`shares` of the amount with what accounts take or give (`others`); `fit` of 40."""

    fit: int
    shares: Sequence[tuple[UUID, Decimal]]
    reasons: Sequence[Reason]
    others: Sequence[tuple[str, Decimal]] = ()


def fits_named(amount: Decimal, named: Sequence[Debt], all_of_customer: Sequence[Debt]) -> list[AmountFit]:
    """The payer named these invoices."""
    wanted = _sum(named)
    if amount == wanted:
        return [AmountFit(40, _whole(named), [_told("exact" if len(named) == 1 else "sum", named)])]
    near = _near(amount, named, named=True)
    if near:
        return near
    if amount > wanted:
        rest = [debt for debt in all_of_customer if debt not in named]
        more = [fit for fit in fits(amount - wanted, rest) if fit.fit >= 30 and not fit.others]
        if more:
            shares = [*_whole(named), *more[0].shares]
            return [AmountFit(30, shares, [Reason("sum", {"count": len(shares)})])]
        return [AmountFit(20, _whole(named), [Reason("more", {"amount": amount - wanted})])]
    return [AmountFit(20, _spread(amount, named), [Reason("less", {"amount": wanted - amount})])]


def fits(amount: Decimal, debts: Sequence[Debt]) -> list[AmountFit]:
    """No invoice was named: those of the customer that fit, the best first."""
    exact = [debt for debt in debts if debt.open == amount]
    if exact:
        first = exact[0]
        fit = 40 if len(exact) == 1 else 34
        reasons = [_told("exact", [first])] + ([Reason("same_amounts", {"count": len(exact)})] if exact[1:] else [])
        return [AmountFit(fit, _whole([first]), reasons)]
    if len(debts) > 1 and amount == _sum(debts):
        return [AmountFit(38, _whole(debts), [Reason("all_open", {"count": len(debts)})])]
    together = _together(amount, debts)
    if together:
        fit = 34 if len(together) == 1 else 18
        return [AmountFit(fit, _whole(together[0]), [_told("sum", together[0])])]
    near = [fit for debt in debts for fit in _near(amount, [debt], named=False)]
    if near:
        best = sorted(near, key=lambda fit: -fit.fit)
        if best[1:] and best[0].fit == best[1].fit:
            return [AmountFit(best[0].fit - 10, best[0].shares, best[0].reasons, best[0].others)]
        return best[:1]
    return []


def oldest_first(amount: Decimal, debts: Sequence[Debt]) -> AmountFit:
    """Nothing fits: the earliest due first, the rest is an advance."""
    shares = _spread(amount, debts)
    left = amount - sum((share for _key, share in shares), NOUGHT)
    return AmountFit(4, shares, [Reason("more", {"amount": left}) if left else Reason("part", {"count": len(shares)})])


def _near(amount: Decimal, debts: Sequence[Debt], *, named: bool) -> list[AmountFit]:
    """A unique code on top, a fee or tax taken off."""
    wanted, shares = _sum(debts), _whole(debts)
    over = amount - wanted
    if 0 < over <= MOST_CODE and wanted == wanted.to_integral_value():
        return [AmountFit(36 if named else 30, shares, [Reason("unique_code", {"amount": over})], [("rounding", over)])]
    short = -over
    if short <= 0:
        return []
    net = sum((debt.net * debt.open / debt.total for debt in debts if debt.total), NOUGHT)
    for rate in _KEPT_BACK:
        if abs(net * rate / 100 - short) <= 1:
            told = Reason("withheld", {"percent": rate, "amount": short})
            return [AmountFit(30 if named else 22, shares, [told], [("withheld_tax", -short)])]
    if short <= MOST_FEE and short * 20 <= wanted and short % 50 == 0:
        return [AmountFit(30 if named else 24, shares, [Reason("fee", {"amount": short})], [("bank_fees", -short)])]
    return []


def _together(amount: Decimal, debts: Sequence[Debt]) -> list[tuple[Debt, ...]]:
    """Up to four invoices that make the amount; the first two findings."""
    among = [debt for debt in debts if debt.open < amount][:AMONG]
    cents = [int(debt.open * 10_000) for debt in among]
    wanted, found = int(amount * 10_000), []
    for count in range(2, min(MOST_TOGETHER, len(among)) + 1):
        for places in combinations(range(len(among)), count):
            if sum(cents[place] for place in places) == wanted:
                found.append(tuple(among[place] for place in places))
                if len(found) > 1:
                    return found
    return found


def _spread(amount: Decimal, debts: Sequence[Debt]) -> list[tuple[UUID, Decimal]]:
    shares = []
    for debt in debts:
        share = min(amount, debt.open)
        if share > 0:
            shares.append((debt.invoice_id, share))
            amount -= share
    return shares


def _sum(debts: Sequence[Debt]) -> Decimal:
    return sum((debt.open for debt in debts), NOUGHT)


def _whole(debts: Sequence[Debt]) -> list[tuple[UUID, Decimal]]:
    return [(debt.invoice_id, debt.open) for debt in debts]


def _told(code: str, debts: Sequence[Debt]) -> Reason:
    return Reason(code, {"numbers": [debt.number for debt in debts], "count": len(debts)})
