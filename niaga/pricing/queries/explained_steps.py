"""Why a price is what it is, in words: a line's stored steps, for screens and for the customer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.pricing.rules.floor import is_raised
from niaga.ui.formatting import amount, day, number, percent


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One line of "Why this price". `struck` for a price that lost; `note` says why it did."""

    text: str
    struck: bool = False
    note: str = ""


def explained_steps(
    steps: Iterable[Mapping[str, Any]], currency: str, *, sees_cost: bool = False
) -> list[ExplainedStep]:
    """The steps of a line as stored (`PricedLine.explanation()`). Steps of a later version stay silent here.

    A formula that would tell the cost is told without its figures to who may not see cost.
    """
    found = []
    for step in steps if sees_cost else without_cost(steps):
        told = explained_step(step, currency) if step.get("code") not in _ARITHMETIC else None
        if told is not None:
            found.append(told)
    return found


def explained_step(step: Mapping[str, Any], currency: str) -> ExplainedStep | None:
    """One step; None when this version does not know it."""
    explain = _TEXTS.get(str(step.get("code")))
    return None if explain is None else explain(step, currency)


def without_cost(steps: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored steps as they are shown to who may not see cost: nothing by which it could be worked out."""
    return [_open(step) for step in steps]


def _open(step: Mapping[str, Any]) -> dict[str, Any]:
    if _tells_cost(step):
        return {name: fact for name, fact in step.items() if name in _OPEN}
    return {name: fact for name, fact in step.items() if name not in _SECRET}


_OPEN = frozenset({"code", "value", "list", "name", "min_quantity", "unit", "reason", "valid_from", "valid_until"})


_SECRET = frozenset({"cost", "least_margin"})


def _tells_cost(step: Mapping[str, Any]) -> bool:
    """Whether its price does: a formula on cost, or one that its floor made."""
    return step.get("basis") == "cost" or is_raised(step)


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


def _converted(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    home = str(step["currency"])
    own = Decimal(str(step["price"])) * Decimal(str(step.get("factor", 1)))
    facts = {
        "own": f"{home} {amount(own, home)}", "rate": number(Decimal(str(step["rate"]))),
        "day": day(date.fromisoformat(step["on"])), "price": number(Decimal(str(step["value"])).normalize() + 0),
    }  # fmt: skip
    return ExplainedStep(_("List price %(own)s at the rate %(rate)s of %(day)s: %(price)s") % facts)


def _entry(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_entry_text(step, _money(step["value"], currency)))


def _formula(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    """“Grosir”: own price 98.000 − 10 % + 1.500, rounded to 500 minus 1 = 89.499."""
    price = _money(step["value"], currency)
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
    start = _money(step["from"], currency)
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
        yield f"{'−' if surcharge < 0 else '+'} {_money(abs(surcharge), currency)}"


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
    return ExplainedStep(_entry_text(step, _money(price, currency)), struck=True, note=note)


def _manual(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Price by hand %(price)s") % {"price": _money(step["value"], currency)})


def _no_price(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("There is no price in this currency"))


def _tax_taken_out(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"rate": _rate(step), "price": _exact(step["value"])}
    return ExplainedStep(_("Without the tax of %(rate)s that the price holds: %(price)s") % facts)


def _tax_put_on(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"rate": _rate(step), "price": _exact(step["value"])}
    return ExplainedStep(_("With the tax of %(rate)s, which the price does not hold: %(price)s") % facts)


def _exact(value: Any) -> str:
    """A unit price with the decimals it has."""
    return number(Decimal(str(value)).normalize() + 0)


def _rate(step: Mapping[str, Any]) -> str:
    """`12 % of 11/12`, with that of PPnBM where there is one."""
    said = percent(Decimal(str(step["rate"])))
    if step["numerator"] != step["denominator"]:
        said = _("%(percent)s of %(fraction)s") % {
            "percent": said, "fraction": f"{step['numerator']}/{step['denominator']}"
        }  # fmt: skip
    if step.get("luxury_rate"):
        luxury = percent(Decimal(str(step["luxury_rate"])))
        said = _("%(rate)s and PPnBM %(luxury)s") % {"rate": said, "luxury": luxury}
    return said


def _discount_percent(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"percent": percent(Decimal(str(step["percent"]))), "amount": _money(step["value"], currency)}
    return ExplainedStep(_("Discount %(percent)s leaves %(amount)s") % facts)


def _discount_amount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"discount": _money(step["amount"], currency), "amount": _money(step["value"], currency)}
    return ExplainedStep(_("Discount %(discount)s leaves %(amount)s") % facts)


def _document_discount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"share": _money(step["amount"], currency), "whole": _money(step["of"], currency)}
    return ExplainedStep(_("Share of the document's discount %(share)s of %(whole)s") % facts)


def _points(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "share": _money(step["amount"], currency), "whole": _money(step["of"], currency),
        "points": number(Decimal(str(step["points"]))),
    }  # fmt: skip
    return ExplainedStep(_("Share of what %(points)s points pay, %(share)s of %(whole)s") % facts)


def _promotion(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    """“Sale”: 10 % off, 10.000 less, leaves 90.000."""
    off, left = _money(step["amount"], currency), _money(step["value"], currency)
    name = step.get("name", "")
    if step.get("code_given"):
        name = _("%(name)s, coupon %(code)s") % {"name": name, "code": step["code_given"]}
    facts = {"name": name, "way": _promotion_way(step, currency), "off": off, "left": left}
    most = step.get("most")
    note = _("at most %(most)s") % {"most": _money(most, currency)} if most is not None else ""
    if not facts["way"]:
        return ExplainedStep(_("“%(name)s”: %(off)s less, leaves %(left)s") % facts, note=note)
    return ExplainedStep(_("“%(name)s”: %(way)s, %(off)s less, leaves %(left)s") % facts, note=note)


def _promotion_way(step: Mapping[str, Any], currency: str) -> str:
    """What a promotion did to the line, in a few words; empty for a kind of a later version."""
    share = percent(Decimal(str(step["percent"]))) if step.get("percent") is not None else ""
    each = _money(step["each"], currency) if step.get("each") is not None else ""
    whole = _money(step["of"], currency) if step.get("of") is not None else ""
    units = number(Decimal(str(step.get("units", 0))))
    match step.get("kind"):
        case "percent":
            return _("%(percent)s off") % {"percent": share}
        case "amount":
            return _("%(amount)s off each of %(units)s") % {"amount": each, "units": units}
        case "fixed_price":
            return _("%(units)s at %(price)s each") % {"price": each, "units": units}
        case "buy_get":
            return _buy_get_way(step, share, units)
        case "bundle_price":
            return _("%(units)s in a bundle, share of %(whole)s") % {"units": units, "whole": whole}
        case "basket_percent" | "basket_amount":
            return _("share of %(whole)s off the document") % {"whole": whole}
        case "gift":
            return _("a gift")
        case "free_delivery":
            return _("%(percent)s off delivery") % {"percent": share}
    return ""


def _buy_get_way(step: Mapping[str, Any], share: str, units: str) -> str:
    facts = {"units": units, "whole": number(Decimal(str(step.get("out_of", 0)))), "percent": share}
    if Decimal(str(step.get("percent", 0))) == 100:
        return _("%(units)s of %(whole)s free") % facts
    return _("%(units)s of %(whole)s at %(percent)s off") % facts


def _promotion_kept(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "name": step.get("name", ""), "off": _money(step["amount"], currency), "left": _money(step["value"], currency),
    }  # fmt: skip
    return ExplainedStep(_("“%(name)s” as promised: %(off)s less, leaves %(left)s") % facts)


def _promotion_lost(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    until, start = step.get("valid_until"), step.get("valid_from")
    note = {
        "expired": _("ended %(day)s") % {"day": day(date.fromisoformat(until))} if until else _("has ended"),
        "not_yet_valid": _("begins %(day)s") % {"day": day(date.fromisoformat(start))} if start else _("begins later"),
        "other_hour": _("holds at other hours"),
        "other_weekday": _("holds on other weekdays"),
        "other_promotion": _("another promotion goes first"),
        "below_quantity": _("quantity not reached"),
        "below_value": _("value not reached"),
        "no_better": _("takes nothing off here"),
        "used_up": _("used up"),
        "already_given": _("given on this document already"),
    }.get(str(step.get("reason")), "")
    return ExplainedStep(_("Promotion “%(name)s”") % {"name": step.get("name", "")}, struck=True, note=note)


def _more_promotions_lost(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    count = int(step["count"])
    text = ngettext("%(count)s more promotion lost", "%(count)s more promotions lost", count)
    return ExplainedStep(text % {"count": count})


def _tax(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "rate": percent(Decimal(str(step["rate"]))),
        "base": _money(step["other_tax_base"], currency),
        "amount": _money(step["amount"], currency),
    }
    reasons = {"place": _("by the place of delivery"), "buyer": _("by the buyer's tax treatment")}
    why = reasons.get(str(step.get("why")), "")
    if why and step.get("transaction_code"):
        why = _("%(why)s, code %(code)s") % {"why": why, "code": step["transaction_code"]}
    words = _("Tax %(rate)s of %(base)s is %(amount)s")
    if step["code"] == "tax_included":
        words = _("Includes tax: %(rate)s of %(base)s is %(amount)s")
    text = words % facts
    if step.get("luxury_rate"):
        luxury = {
            "rate": percent(Decimal(str(step["luxury_rate"]))), "base": _money(step["net"], currency),
            "amount": _money(step["luxury_tax"], currency),
        }  # fmt: skip
        text = f"{text}; {_('PPnBM %(rate)s of %(base)s is %(amount)s') % luxury}"
    return ExplainedStep(text, note=why)


def _not_chosen(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Optional, not chosen: counts nowhere"))


def _gross(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    price = number(Decimal(str(step["unit_price"])).normalize() + 0)
    count = f"{number(Decimal(str(step['quantity'])).normalize() + 0)} {step.get('unit', '')}".strip()
    return ExplainedStep(_("%(quantity)s at %(price)s") % {"quantity": count, "price": price})


def _kept(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"day": day(date.fromisoformat(step["on"])), "price": _money(step["value"], currency)}
    if step.get("more"):
        facts["more"] = number(Decimal(str(step["more"])).normalize() + 0)
        return ExplainedStep(_("Price %(price)s as promised on %(day)s, also for the %(more)s added since") % facts)
    return ExplainedStep(_("Price %(price)s as promised on %(day)s") % facts)


_ARITHMETIC = {"gross"}
"""What a short telling leaves out: the line shows it anyway."""
_TEXTS = {
    "converted": _converted,
    "gross": _gross,
    "kept_price": _kept,
    "list_price": _list_price,
    "unit_list_price": _list_price,
    "list_entry": _entry,
    "list_formula": _formula,
    "list_entry_lost": _lost,
    "more_lost": _more_lost,
    "tax_put_on": _tax_put_on,
    "tax_taken_out": _tax_taken_out,
    "manual_price": _manual,
    "no_price": _no_price,
    "promotion": _promotion,
    "promotion_kept": _promotion_kept,
    "promotion_lost": _promotion_lost,
    "more_promotions_lost": _more_promotions_lost,
    "line_discount_percent": _discount_percent,
    "line_discount_amount": _discount_amount,
    "document_discount": _document_discount,
    "points": _points,
    "tax": _tax,
    "tax_included": _tax,
    "not_chosen": _not_chosen,
}
