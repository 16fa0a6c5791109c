"""Bea meterai: which sums on a receipt bear stamp duty, by country and day. A company starts with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

LAWS: dict[str, tuple[tuple[date, str, Decimal, Decimal], ...]] = {
    # Documents that mention the receipt of money, or acknowledge that a debt is settled in whole or in part,
    # over more than so much: UU 10/2020, articles 3 (2) g and 5, in force since 2021-01-01.
    "ID": ((date(2021, 1, 1), "IDR", Decimal(5_000_000), Decimal(10_000)),),
}
"""By country, the latest last: from when, in which currency, above which sum, how much."""


def duty_by_law(*, country: str, currency: str, on: date) -> tuple[Decimal, Decimal]:
    """The duty and the sum above which it is due, of a new company; no duty where none is known."""
    held = [law for law in LAWS.get(country, ()) if law[0] <= on and law[1] == currency]
    return (held[-1][3], held[-1][2]) if held else (Decimal(0), Decimal(0))


def duty_on(stated: Decimal, *, duty: Decimal, above: Decimal) -> Decimal:
    """What is due on a document that states so much money, in the company's own currency. Exactly `above` is free."""
    return duty if stated > above else Decimal(0)
