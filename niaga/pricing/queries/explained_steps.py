"""Why a price is what it is, in words: a line's stored steps, for screens and for the customer."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.pricing.queries import explained_lists, explained_promotions, explained_taxes
from niaga.pricing.queries.explained_step import ExplainedStep, exact, money
from niaga.pricing.rules.floor import is_raised
from niaga.ui.formatting import day, number, percent


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


def _discount_percent(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"percent": percent(Decimal(str(step["percent"]))), "amount": money(step["value"], currency)}
    return ExplainedStep(_("Discount %(percent)s leaves %(amount)s") % facts)


def _discount_amount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"discount": money(step["amount"], currency), "amount": money(step["value"], currency)}
    return ExplainedStep(_("Discount %(discount)s leaves %(amount)s") % facts)


def _document_discount(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"share": money(step["amount"], currency), "whole": money(step["of"], currency)}
    return ExplainedStep(_("Share of the document's discount %(share)s of %(whole)s") % facts)


def _points(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {
        "share": money(step["amount"], currency), "whole": money(step["of"], currency),
        "points": number(Decimal(str(step["points"]))),
    }  # fmt: skip
    return ExplainedStep(_("Share of what %(points)s points pay, %(share)s of %(whole)s") % facts)


def _no_price(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("There is no price in this currency"))


def _manual(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Price by hand %(price)s") % {"price": money(step["value"], currency)})


def _not_chosen(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    return ExplainedStep(_("Optional, not chosen: counts nowhere"))


def _gross(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    price = exact(step["unit_price"])
    count = f"{exact(step['quantity'])} {step.get('unit', '')}".strip()
    return ExplainedStep(_("%(quantity)s at %(price)s") % {"quantity": count, "price": price})


def _kept(step: Mapping[str, Any], currency: str) -> ExplainedStep:
    facts = {"day": day(date.fromisoformat(step["on"])), "price": money(step["value"], currency)}
    if step.get("more"):
        facts["more"] = exact(step["more"])
        return ExplainedStep(_("Price %(price)s as promised on %(day)s, also for the %(more)s added since") % facts)
    return ExplainedStep(_("Price %(price)s as promised on %(day)s") % facts)


_ARITHMETIC = {"gross"}
"""What a short telling leaves out: the line shows it anyway."""
_TEXTS = {
    **explained_lists.TEXTS,
    **explained_promotions.TEXTS,
    **explained_taxes.TEXTS,
    "gross": _gross,
    "kept_price": _kept,
    "manual_price": _manual,
    "no_price": _no_price,
    "line_discount_percent": _discount_percent,
    "line_discount_amount": _discount_amount,
    "document_discount": _document_discount,
    "points": _points,
    "not_chosen": _not_chosen,
}
