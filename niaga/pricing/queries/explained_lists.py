"""The steps of a list price in words: prices and formulas of lists, and why the others lost."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.pricing.queries.explained_step import ExplainedStep, exact, money
from niaga.pricing.rules.floor import is_raised
from niaga.ui.formatting import amount, day, number, percent


def _list_price(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    price = money(step["value"], currency)
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


def _converted(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    home = str(step["currency"])
    own = Decimal(str(step["price"])) * Decimal(str(step.get("factor", 1)))
    facts = {
        "own": f"{home} {amount(own, home)}", "rate": number(Decimal(str(step["rate"]))),
        "day": day(date.fromisoformat(step["on"])), "price": exact(step["value"]),
    }  # fmt: skip
    return ExplainedStep(_("List price %(own)s at the rate %(rate)s of %(day)s: %(price)s") % facts)


def _entry(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_entry_text(step, money(step["value"], currency)))


def _formula(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    """“Grosir”: own price 98.000 − 10 % + 1.500, rounded to 500 minus 1 = 89.499."""
    price = money(step["value"], currency)
    if step.get("from") is None:
        return ExplainedStep(_("“%(name)s”, by formula: %(price)s") % {"name": step.get("name", ""), "price": price})
    least = Decimal(str(step.get("min_quantity", 0)))
    name = step.get("name", "")
    if least:
        name = _("%(name)s, from %(quantity)s on") % {"name": name, "quantity": number(least)}
    facts = {"name": name, "way": " ".join(_way(step, currency)), "price": price}
    if is_raised(step):
        facts["margin"] = percent(Decimal(str(step["least_margin"])))
        text = _("“%(name)s”: %(way)s, raised to keep a margin of %(margin)s: %(price)s")
        return ExplainedStep(text % facts)
    return ExplainedStep(_("“%(name)s”: %(way)s = %(price)s") % facts)


def _way(step: Mapping[str, Any], currency: str) -> Iterator[str]:
    """The terms of a formula, one after the other."""
    start = money(step["from"], currency)
    basis = step.get("basis")
    if basis == "cost":
        yield _("cost %(amount)s") % {"amount": start}
    elif basis == "list":
        yield _("“%(list)s” %(amount)s") % {"list": step.get("base", ""), "amount": start}
    else:
        yield _("own price %(amount)s") % {"amount": start}
    surcharge = Decimal(str(step.get("surcharge", 0))) * Decimal(str(step.get("factor", 1)))
    yield from terms(Decimal(str(step.get("percent", 0))), surcharge, currency)
    if step.get("round_to") is not None:
        yield rounding_in_words(Decimal(str(step["round_to"])), Decimal(str(step.get("round_minus", 0))))


def terms(share: Decimal, surcharge: Decimal, currency: str) -> Iterator[str]:
    """`− 10 %` and `+ 1.500`, where they are not nothing."""
    if share:
        yield f"{'−' if share < 0 else '+'} {percent(abs(share))}"
    if surcharge:
        yield f"{'−' if surcharge < 0 else '+'} {money(abs(surcharge), currency)}"


def rounding_in_words(step: Decimal, minus: Decimal) -> str:
    if minus:
        return _("rounded to %(step)s minus %(minus)s") % {"step": number(step), "minus": number(minus)}
    return _("rounded to %(step)s") % {"step": number(step)}


def _more_lost(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    count = int(step["count"])
    return ExplainedStep(ngettext("%(count)s more list lost", "%(count)s more lists lost", count) % {"count": count})


def _lost(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    until, start = step.get("valid_until"), step.get("valid_from")
    note = {
        "expired": _("ended %(day)s") % {"day": day(date.fromisoformat(until))} if until else "",
        "not_yet_valid": _("begins %(day)s") % {"day": day(date.fromisoformat(start))} if start else "",
        "below_quantity": _("quantity not reached"),
        "lower_priority": _("of a lower priority"),
        "wider": _("a list made more closely for this buyer goes first"),
        "dearer": _("dearer"),
        "younger": _("an older list at the same price goes first"),
        "other_list": _("another list goes first"),  # stored before the reason was told apart
        "other_unit": _("for another unit"),
        "other_hour": _("holds at other hours"),
        "other_weekday": _("holds on other weekdays"),
        "no_base": _("has nothing to start from"),
        "below_zero": _("would end below zero"),
    }.get(str(step.get("reason")), "")
    price = step.get("price")
    if price is None:
        return ExplainedStep(_("“%(name)s”, by formula") % {"name": step.get("name", "")}, struck=True, note=note)
    return ExplainedStep(_entry_text(step, money(price, currency)), struck=True, note=note)


TEXTS = {
    "converted": _converted,
    "list_price": _list_price,
    "unit_list_price": _list_price,
    "list_entry": _entry,
    "list_formula": _formula,
    "list_entry_lost": _lost,
    "more_lost": _more_lost,
}
