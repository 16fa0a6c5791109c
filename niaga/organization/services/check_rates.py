"""What every table of currency rates refuses: no currency, one named twice, no rate, a mark in the wrong place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pycountry
from django.utils.translation import gettext as _

from niaga.core.api import plain
from niaga.core.money import round_to
from niaga.organization.rules.rates import FAR, MOST_RATE

MOST_RATES = 200
"""Rates in one call."""


@dataclass(frozen=True, slots=True)
class NewCurrencyRate:
    """Of the home currency for one of a currency. `rate` None takes the currency's rate away."""

    currency: str
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class RatesWritten:
    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0


def is_foreign(currency: str, home: str) -> bool:
    """Whether these are the letters of a currency of the world, but not the home one."""
    return currency != home and pycountry.currencies.get(alpha_3=currency) is not None


def checked_rates(
    rates: Sequence[tuple[date, NewCurrencyRate]], last: Mapping[str, Decimal], *, home: str, digits: int
) -> tuple[dict[tuple[date, str], Decimal | None], list[dict[str, Any]]]:
    """The rates by day and currency, rounded to `digits`; and what is wrong, by line. `last` are the rates before
    them."""
    faults: list[dict[str, Any]] = []
    wanted: dict[tuple[date, str], Decimal | None] = {}
    for line, (day, one) in enumerate(rates, start=1):
        currency = one.currency.strip().upper()

        def fault(field: str, message: str, line: int = line) -> None:
            faults.append({"line": line, "field": field, "message": message})

        if not is_foreign(currency, home):
            text = _("“%(text)s” is no foreign currency; write its three letters, such as USD.")
            fault("currency", text % {"text": one.currency[:12]})
        elif (day, currency) in wanted:
            fault("currency", _("This currency is named twice."))
        elif one.rate is None:
            wanted[day, currency] = None
        elif not (one.rate.is_finite() and 0 < one.rate <= MOST_RATE) or not round_to(one.rate, digits):
            fault("rate", _("A rate is %(home)s for one: above zero.") % {"home": home})
        elif currency in last and not last[currency] / FAR <= one.rate <= last[currency] * FAR:
            text = _("This is far from the last rate, %(rate)s: is a mark in the wrong place?")
            fault("rate", text % {"rate": plain(last[currency])})
        else:
            wanted[day, currency] = round_to(one.rate, digits)
    return wanted, faults
