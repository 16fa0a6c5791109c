"""The open invoices of who pays, as the form shows them: what each gets of the money, by which rate, and what was typed
of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from niaga.core.errors import Invalid
from niaga.invoicing.queries.allocations import open_balances
from niaga.invoicing.queries.early_discounts import offering, standing_offers
from niaga.organization.access import access_of
from niaga.organization.queries.exchange_rates import Exchange, days_exchanges
from niaga.payments.rules.settle import Turn, fit
from niaga.payments.services.turned import turn_of
from niaga.ui import formatting

MOST = 200
NOUGHT = Decimal(0)


def open_rows(request: HttpRequest, customer: Any) -> list[Any]:
    """The earliest due first."""
    return [] if customer is None else list(open_balances(customer_id=customer.pk, by=request.user)[:MOST])


@dataclass
class RateField:
    """What one of a foreign currency is worth by the bank; empty: by the day's rate, if there is one."""

    currency: str
    text: str
    days: Exchange | None
    error: str = ""


class OpenInvoices:
    """`source` is what the form holds, `on` the payment's day. Rates are asked only where a foreign currency is met."""

    def __init__(
        self, request: HttpRequest, rows: list[Any], *, source: Mapping[str, Any], currency: str, on: date, today: date
    ) -> None:
        company = access_of(request.user).current_company
        self.home, self.currency, self.source, self.today = company.currency, currency, source, today
        self.preferred = source.get("invoice", "")
        own = [row for row in rows if row.currency == currency]
        self.offers = standing_offers(invoice_ids=offering(rows), on=on)
        self.rows = own + [row for row in rows if row.currency != currency]
        foreign = sorted({currency, *(row.currency for row in rows)} - {self.home})
        days = days_exchanges(company_id=company.id, currencies=foreign, on=on)
        self.rates = [RateField(code, str(source.get(f"rate-{code}", "")).strip(), days.get(code)) for code in foreign]

    def turn(self, row: Any, known: Mapping[str, Decimal]) -> Turn | None:
        """None: a rate is missing."""
        if row.currency == self.currency:
            return Turn(self.currency, self.currency)
        if self.currency not in known or row.currency not in known:
            return None
        of, to = (Exchange(code, self.home, known[code], self.today) for code in (self.currency, row.currency))
        return turn_of(of, to)

    def wanted(self, row: Any) -> Decimal:
        """What pays it on the payment's day: less its early-payment discount while that holds."""
        offer = self.offers.get(row.invoice_id)
        return offer.pay if offer else row.open

    def known(self) -> dict[str, Decimal]:
        """What each currency is worth: as typed, else by the day's rate."""
        worth = {self.home: Decimal(1)}
        for one in self.rates:
            try:
                rate = formatting.parse_number(one.text) if one.text else None
            except ValueError:
                rate = None
            rate = rate or (one.days.rate if one.days else None)
            if rate is not None and rate > 0:
                worth[one.currency] = rate
        return worth

    def typed_rates(self, settled: Mapping[UUID, Decimal]) -> dict[str, Decimal]:
        """The bank's rates of the payment's currency and of those that are settled.

        :raises Invalid: one is no number
        """
        used = {self.currency, *(row.currency for row in self.rows if row.invoice_id in settled)}
        rates = {}
        for one in self.rates:
            if not one.text or one.currency not in used:
                continue
            try:
                rates[one.currency] = formatting.parse_number(one.text)
            except ValueError as error:
                text = gettext("“%(text)s” is no number.") % {"text": one.text[:40]}
                raise Invalid(text, field="rates", currency=one.currency) from error
        return rates

    def whole(self) -> Decimal:
        """What pays the preferred invoice; else all in the payment's currency; else all."""
        wanted = [row for row in self.rows if str(row.invoice_id) == self.preferred]
        wanted = wanted or [row for row in self.rows if row.currency == self.currency] or self.rows
        known = self.known()
        turns = [(row, self.turn(row, known)) for row in wanted]
        return sum((turn.back(self.wanted(row)) for row, turn in turns if turn is not None), NOUGHT)

    def shares(self, amount: Decimal, known: Mapping[str, Decimal]) -> tuple[dict[UUID, Decimal], Decimal]:
        """How much of the amount each invoice gets, in its currency: the preferred one first, then those in the
        payment's currency, the earliest due first; and what is left."""
        shares = {}
        for row in sorted(self.rows, key=lambda row: str(row.invoice_id) != self.preferred):
            turn = self.turn(row, known)
            share, taken = fit(amount, self.wanted(row), turn) if turn is not None else (NOUGHT, NOUGHT)
            shares[row.invoice_id] = share
            amount -= taken
        return shares, amount

    def settles(self, amount: Decimal) -> dict[UUID, Decimal]:
        """The invoices with their amounts as typed; an empty amount settles nothing of it.

        Who changes the amount or a rate and sends at once sends the shares of before: when nobody touched them, they
        follow here as they would have on the page.
        """
        typed = self._typed()
        known = self.known()
        before, then = self._spread_before(amount, known)
        if (before, then) != (amount, known):
            shares, _left = self.shares(before, then)
            if typed == {key: share for key, share in shares.items() if share}:
                shares, _left = self.shares(amount, known)
                typed = {key: share for key, share in shares.items() if share}
        return typed

    def _spread_before(self, amount: Decimal, known: dict[str, Decimal]) -> tuple[Decimal, dict[str, Decimal]]:
        try:
            before = formatting.parse_number(self.source.get("spread", ""))
            told = {one.currency: self.source.get(f"spread-{one.currency}", "") for one in self.rates}
            return before, {self.home: Decimal(1)} | {code: Decimal(text) for code, text in told.items() if text}
        except (ValueError, ArithmeticError):
            return amount, known

    def _typed(self) -> dict[UUID, Decimal]:
        typed = {}
        for name, text in self.source.items():
            if not name.startswith("invoice-") or not str(text).strip():
                continue
            try:
                key, amount = UUID(name.removeprefix("invoice-")), formatting.parse_number(str(text))
            except ValueError as error:
                text = gettext("“%(text)s” is no number.") % {"text": str(text)[:40]}
                raise Invalid(text, field="amount") from error
            if amount:
                typed[key] = amount
        return typed

    def refuse(self, currency: str, message: str) -> bool:
        """Put a refusal beside the rate it is about."""
        for one in self.rates:
            if one.currency == currency:
                one.error = message
                return True
        return False

    def spread(self, amount: Decimal | None) -> dict[str, Any]:
        """What the page shows, with the amount spread over the invoices."""
        known = self.known()
        shares, left = self.shares(amount or NOUGHT, known)
        spread = formatting.amount(amount or NOUGHT, self.currency)
        return {**self._shown(shares, {}, known, left), "spread": spread,
                "spread_rates": {one.currency: known.get(one.currency, "") for one in self.rates}}  # fmt: skip

    def typed(self) -> dict[str, Any]:
        """What the page shows, with what was typed: nothing is lost by a refusal."""
        texts = {row.invoice_id: str(self.source.get(f"invoice-{row.invoice_id}", "")) for row in self.rows}
        amounts = {}
        for key, text in texts.items():
            try:
                amounts[key] = formatting.parse_number(text)
            except ValueError:
                amounts[key] = NOUGHT
        told = {one.currency: self.source.get(f"spread-{one.currency}", "") for one in self.rates}
        return {**self._shown(amounts, texts, self.known(), NOUGHT), "spread": self.source.get("spread", ""),
                "spread_rates": told}  # fmt: skip

    def _shown(
        self,
        amounts: Mapping[UUID, Decimal],
        texts: Mapping[UUID, str],
        known: Mapping[str, Decimal],
        advance: Decimal,
    ) -> dict[str, Any]:
        rows = []
        for row in self.rows:
            amount, turn = amounts[row.invoice_id], self.turn(row, known)
            rows.append(
                {
                    "row": row, "late": row.due_date is not None and row.due_date < self.today,
                    "turned": row.currency != self.currency,
                    "share": texts.get(row.invoice_id, formatting.amount(amount, row.currency)),
                    "taken": turn.back(amount) if turn and amount else None, "rateless": turn is None,
                    "offer": self.offers.get(row.invoice_id),
                }
            )  # fmt: skip
        return {
            "currency": self.currency, "home": self.home, "open_rows": rows, "advance": advance, "rates": self.rates,
        }  # fmt: skip
