"""What a document says of the buyer's tax: what is not collected and by which facility, or who pays it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.core.rules.formatting import format_date, format_money
from niaga.documents.rules.print_texts import texts_in
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula

COLLECTORS = ("02", "03")
"""Buyers who pay the tax to the state themselves."""


class TaxRow(NamedTuple):
    """A line as frozen. An optional line that was not chosen is not among them."""

    tax_category_id: UUID | None
    net: Decimal
    tax: Decimal
    tax_rate: Decimal
    tax_code: str


def not_collected(rows: Iterable[TaxRow], frozen: Mapping[str, Any], currency: str) -> Decimal:
    """The tax that the buyer's treatment leaves out: what lines would have borne at the rate of their own day."""
    instead: Mapping[str, Any] = frozen.get("instead") or {}
    left = Decimal(0)
    for row in rows:
        found = instead.get(str(row.tax_category_id))
        if found and not row.tax_rate:
            rate = TaxRate(Decimal(found[0]), base_numerator=int(found[1]), base_denominator=int(found[2]))
            left += TaxFormula(rate, currency).on(row.net)[1]
    return left


def tax_remarks(
    frozen: Mapping[str, Any], rows: Iterable[TaxRow], *, currency: str, language: str, name: str
) -> list[str]:
    """Sentences for page and paper, none where the usual rates hold. `name` is what the tax is called."""
    words, rows = texts_in(language), list(rows)
    code = str(frozen.get("transaction_code") or "")
    told = []
    if frozen.get("is_taxed") is False:
        if left := not_collected(rows, frozen, currency):
            key = {"07": "tax_not_collected", "08": "tax_exempt"}.get(code, "tax_not_charged")
            told.append(words[key].format(name=name, amount=format_money(left, currency, language), code=code))
    elif code in COLLECTORS:
        paid = sum((row.tax for row in rows if row.tax_code == code), Decimal(0))
        if paid:
            facts = {"name": name, "amount": format_money(paid, currency, language), "code": code}
            told.append(words["tax_by_buyer"].format(**facts))
    if told or frozen.get("is_taxed"):
        facility = [str(frozen[key]) for key in ("add_info", "facility_stamp") if frozen.get(key)]
        if facility:
            told.append(words["tax_facility"].format(codes=" · ".join(facility)))
        if frozen.get("document"):
            day = frozen.get("document_date")
            key = "tax_document_of" if day else "tax_document"
            shown = format_date(date.fromisoformat(day), language) if day else ""
            told.append(words[key].format(number=frozen["document"], day=shown))
        if frozen.get("note"):
            told.append(str(frozen["note"]))
    return [*told, *(str(note) for note in frozen.get("place_notes") or ())]
