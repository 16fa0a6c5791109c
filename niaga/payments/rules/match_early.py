"""Which invoices an amount may be for that takes their early-payment discounts off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from niaga.payments.rules.match_amounts import AmountFit, fits, fits_named
from niaga.payments.rules.match_facts import Debt, Reason


def fits_on(amount: Decimal, on: date, named: Sequence[Debt], debts: Sequence[Debt]) -> list[AmountFit]:
    """`named` are those that the payer named of the customer's `debts`. Exactly less the discounts that hold that day
    is as good as exactly what is open, and told; what is only near is looked for without discounts."""
    found = fits_named(amount, named, debts) if named else fits(amount, debts)
    early = [debt.early(on) for debt in debts]
    if early == list(debts) or (found and found[0].fit >= 40):
        return found
    less = fits_named(amount, [debt.early(on) for debt in named], early) if named else fits(amount, early)
    whole = [fit for fit in less if fit.fit >= 34 and not fit.others]
    if not whole or (found and found[0].fit >= whole[0].fit and not found[0].others):
        return found
    cut = {debt.invoice_id: debt.open - debt.early(on).open for debt in debts}
    return [
        replace(fit, reasons=[*fit.reasons, Reason("early_discount", {"amount": off})]) if off else fit
        for fit in whole
        for off in [sum((cut.get(key, Decimal(0)) for key, _share in fit.shares), Decimal(0))]
    ]
