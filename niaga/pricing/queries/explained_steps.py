"""Why a price is what it is, in words: a line's stored steps, for screens and for the customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.ui.formatting import amount, day, number, percent


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One line of "Why this price". `struck` for a price that lost; `note` says why it did."""

    text: str
    struck: bool = False
    note: str = ""


def explained_steps(steps: Iterable[Mapping[str, Any]], currency: str) -> list[ExplainedStep]:
    """The steps of a line as stored (`PricedLine.explanation()`). Steps of a later version stay silent."""
    found = []
    for step in steps:
        explain = _TEXTS.get(str(step.get("code")))
        if explain is not None:
            found.append(explain(step, currency))
    return found


def _money(value: Any, currency: str) -> str:
    return amount(Decimal(str(value)), currency)


def _list_price(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    price = _money(step["value"], currency)
    if Decimal(str(step.get("factor", 1))) != 1 and step["code"] == "list_price":
        facts = {"price": price, "factor": number(Decimal(str(step["factor"]))), "unit": step.get("unit", "")}
        return ExplainedStep(_("List price %(price)s for one %(unit)s of %(factor)s") % facts)
    return ExplainedStep(_("List price %(price)s") % {"price": price})


def _entry_text(step: Mapping[str, Any], price: str) -> str:
    least = Decimal(str(step.get("min_quantity", 0)))
    facts = {"name": step.get("name", ""), "price": price, "quantity": number(least)}
    if least:
        return _("“%(name)s”, from %(quantity)s on: %(price)s") % facts
    return _("“%(name)s”: %(price)s") % facts


def _entry(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_entry_text(step, _money(step["value"], currency)))


def _lost(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    until, start = step.get("valid_until"), step.get("valid_from")
    note = {
        "expired": _("ended %(day)s") % {"day": day(date.fromisoformat(until))} if until else "",
        "not_yet_valid": _("begins %(day)s") % {"day": day(date.fromisoformat(start))} if start else "",
        "below_quantity": _("quantity not reached"),
        "other_list": _("another list goes first"),
        "other_unit": _("for another unit"),
    }.get(str(step.get("reason")), "")
    return ExplainedStep(_entry_text(step, _money(step.get("price", 0), currency)), struck=True, note=note)


def _manual(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Price by hand %(price)s") % {"price": _money(step["value"], currency)})


def _no_price(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("There is no price in this currency"))


def _discount_percent(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"percent": percent(Decimal(str(step["percent"]))), "amount": _money(step["value"], currency)}
    return ExplainedStep(_("Discount %(percent)s leaves %(amount)s") % facts)


def _discount_amount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"discount": _money(step["amount"], currency), "amount": _money(step["value"], currency)}
    return ExplainedStep(_("Discount %(discount)s leaves %(amount)s") % facts)


def _document_discount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"share": _money(step["amount"], currency), "whole": _money(step["of"], currency)}
    return ExplainedStep(_("Share of the document's discount %(share)s of %(whole)s") % facts)


def _tax(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "rate": percent(Decimal(str(step["rate"]))),
        "base": _money(step["other_tax_base"], currency),
        "amount": _money(step["amount"], currency),
    }
    if step["code"] == "tax_included":
        return ExplainedStep(_("Includes tax: %(rate)s of %(base)s is %(amount)s") % facts)
    return ExplainedStep(_("Tax %(rate)s of %(base)s is %(amount)s") % facts)


def _not_chosen(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Optional, not chosen: counts nowhere"))


_TEXTS = {
    "list_price": _list_price,
    "unit_list_price": _list_price,
    "list_entry": _entry,
    "list_entry_lost": _lost,
    "manual_price": _manual,
    "no_price": _no_price,
    "line_discount_percent": _discount_percent,
    "line_discount_amount": _discount_amount,
    "document_discount": _document_discount,
    "tax": _tax,
    "tax_included": _tax,
    "not_chosen": _not_chosen,
}
