"""The steps of promotions in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.pricing.queries.explained_step import ExplainedStep, money
from niaga.ui.formatting import day, number, percent


def _promotion(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    """“Sale”: 10 % off, 10.000 less, leaves 90.000."""
    off, left = money(step["amount"], currency), money(step["value"], currency)
    name = step.get("name", "")
    if step.get("code_given"):
        name = _("%(name)s, coupon %(code)s") % {"name": name, "code": step["code_given"]}
    facts = {"name": name, "way": _promotion_way(step, currency), "off": off, "left": left}
    most = step.get("most")
    note = _("at most %(most)s") % {"most": money(most, currency)} if most is not None else ""
    if not facts["way"]:
        return ExplainedStep(_("“%(name)s”: %(off)s less, leaves %(left)s") % facts, note=note)
    return ExplainedStep(_("“%(name)s”: %(way)s, %(off)s less, leaves %(left)s") % facts, note=note)


def _promotion_way(step: Mapping[str, Any], currency: str) -> str:
    """What a promotion did to the line, in a few words; empty for a kind of a later version."""
    share = percent(Decimal(str(step["percent"]))) if step.get("percent") is not None else ""
    each = money(step["each"], currency) if step.get("each") is not None else ""
    whole = money(step["of"], currency) if step.get("of") is not None else ""
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
        "name": step.get("name", ""), "off": money(step["amount"], currency), "left": money(step["value"], currency),
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


TEXTS = {
    "promotion": _promotion,
    "promotion_kept": _promotion_kept,
    "promotion_lost": _promotion_lost,
    "more_promotions_lost": _more_promotions_lost,
}
