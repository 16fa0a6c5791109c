"""The steps of tax in words: put on a price, taken out of it, and of the line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.pricing.queries.explained_step import ExplainedStep, exact, money
from niaga.ui.formatting import percent


def _tax_taken_out(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"rate": _rate(step), "price": exact(step["value"])}
    return ExplainedStep(_("Without the tax of %(rate)s that the price holds: %(price)s") % facts)


def _tax_put_on(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"rate": _rate(step), "price": exact(step["value"])}
    return ExplainedStep(_("With the tax of %(rate)s, which the price does not hold: %(price)s") % facts)


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


def _tax(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "rate": percent(Decimal(str(step["rate"]))),
        "base": money(step["other_tax_base"], currency),
        "amount": money(step["amount"], currency),
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
            "rate": percent(Decimal(str(step["luxury_rate"]))), "base": money(step["net"], currency),
            "amount": money(step["luxury_tax"], currency),
        }  # fmt: skip
        text = f"{text}; {_('PPnBM %(rate)s of %(base)s is %(amount)s') % luxury}"
    return ExplainedStep(text, note=why)


TEXTS = {
    "tax_put_on": _tax_put_on,
    "tax_taken_out": _tax_taken_out,
    "tax": _tax,
    "tax_included": _tax,
}
