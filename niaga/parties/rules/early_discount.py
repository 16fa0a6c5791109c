"""What a buyer may take off who pays early, as `2/10 n/30` says. Frozen with the first part of its term."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from niaga.core.money import round_amount
from niaga.parties.rules.terms import MOST_DAYS, BadTerm


class EarlyDiscount(NamedTuple):
    """`percent` of the claim for who has paid the rest on `until`, that day included."""

    percent: Decimal
    until: date
    lessens_tax: bool = False
    """A credit note gives it, so that tax base and tax follow."""

    def left(
        self, *, claim: Decimal, lessened: Decimal, given: Decimal, open_amount: Decimal, currency: str
    ) -> Decimal:
        """What may be taken off what is open. `lessened` is what credit notes and write-offs took of the claim, on
        which nothing is given; `given` was taken off before."""
        whole = round_amount((claim - lessened) * self.percent / 100, currency)
        return max(min(whole - given, open_amount), Decimal(0))


def early_discount(term: Sequence[Mapping[str, Any]], *, invoice_date: date | None) -> EarlyDiscount | None:
    """The discount of a term as a document froze it; none before the document has its date."""
    if invoice_date is None or not term or not term[0].get("discount_percent"):
        return None
    until = invoice_date + timedelta(days=term[0].get("discount_days", 0))
    return EarlyDiscount(
        Decimal(term[0]["discount_percent"]), until, bool(term[0].get("discount_lessens_tax"))
    )  # fmt: skip


def check_discount(percent: Decimal, days: int) -> None:
    """:raises BadTerm: the percentage is not below a hundred, or the days are out of range or for nothing"""
    if not 0 <= percent < 100 or (days and not percent):
        raise BadTerm("discount_out_of_range")
    if not 0 <= days <= MOST_DAYS:
        raise BadTerm("days_out_of_range")
