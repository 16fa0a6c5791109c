"""A line's figures once more, from nothing but its stored steps: the proof that "Why this price" tells the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple

from niaga.core.money import exponent, round_to
from niaga.pricing.rules.converted import converted
from niaga.pricing.rules.floor import formula_price, rate_of
from niaga.pricing.rules.formula import HUNDRED, PRICE_DIGITS
from niaga.pricing.rules.price_lines import CONTEXT
from niaga.pricing.rules.tax import Taxed, TaxFormula, turned

ZERO = Decimal(0)


class TraceBroken(ValueError):
    """A step does not follow from its facts and the steps before it."""

    def __init__(self, code: str, said: Decimal, found: Decimal) -> None:
        self.code, self.said, self.found = code, said, found
        super().__init__(f"{code}: {said} is said, {found} follows")


class StepUnknown(ValueError):
    """A step was written by another version: nothing can be said of the line."""


class Replayed(NamedTuple):
    """The figures of a line, named as on `PricedLine`."""

    list_price: Decimal | None
    unit_price: Decimal
    gross: Decimal
    discount_amount: Decimal
    amount: Decimal
    document_discount: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    rounding: Decimal
    total: Decimal
    luxury_tax: Decimal = Decimal(0)


def replay(steps: Iterable[Mapping[str, Any]], currency: str) -> Replayed:
    """Compute a line anew by the steps that are stored with it (`PricedLine.explanation()`).

    :raises TraceBroken: a step says something else than what follows from its facts
    :raises StepUnknown: a step is of a kind that is not known here
    """
    with localcontext(CONTEXT):
        return _Replay(currency).through(steps)


_SILENT = frozenset({"not_chosen", "list_entry_lost", "more_lost", "promotion_lost", "more_promotions_lost"})
"""Steps that say nothing of the price."""


class _Replay:
    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.step = Decimal(1).scaleb(-exponent(currency))
        self.list_price: Decimal | None = None
        self.turned: Decimal | None = None
        """What tax was just put on or taken out of: a formula that follows starts from it."""
        self.unit_price = self.gross = self.discount = self.promoted = self.share = ZERO
        self.taxed: Taxed | None = None

    def through(self, steps: Iterable[Mapping[str, Any]]) -> Replayed:
        for step in steps:
            code = str(step["code"])
            said = Decimal(str(step["value"]))
            follows = self._follow(code, step, said)
            if follows is not None and follows != said:
                raise TraceBroken(code, said, follows)
        taxable = self.gross - self.discount - self.share
        taxed = self.taxed or Taxed(taxable, taxable, ZERO, ZERO)
        net, other, tax, rounding, luxury = taxed
        return Replayed(
            self.list_price, self.unit_price, self.gross, self.discount, self.gross - self.discount, self.share,
            net, other, tax, rounding, taxed.total, luxury,
        )  # fmt: skip

    def _follow(self, code: str, step: Mapping[str, Any], said: Decimal) -> Decimal | None:
        """What the step comes to; None for a step that says nothing of the price."""
        if code == "list_formula" and self.turned is not None and _figure(step, "from") != self.turned:
            raise TraceBroken(code, _figure(step, "from"), self.turned)
        if code in _LISTED:
            self.turned = None
            self.list_price = self.unit_price = _LISTED[code](step, said)
            return self.unit_price
        if code in ("manual_price", "no_price"):
            self.unit_price = said
            return said
        if code in ("tax_put_on", "tax_taken_out"):
            price = turned(self.unit_price, put_on=code == "tax_put_on", rate=rate_of(step), currency=self.currency)
            self.list_price = self.unit_price = self.turned = price
            return price
        if code == "kept_price":
            return self.unit_price
        if code == "gross":
            self.gross = (self.unit_price * _figure(step, "quantity")).quantize(self.step, ROUND_HALF_UP)
            return self.gross
        if code in ("promotion", "promotion_kept"):
            self.discount += self._promoted(step, self.gross - self.discount)
            self.promoted = self.discount
            return self.gross - self.discount
        if code in ("line_discount_percent", "line_discount_amount"):
            if code == "line_discount_percent":
                part = ((self.gross - self.promoted) * _figure(step, "percent") / HUNDRED).quantize(
                    self.step, ROUND_HALF_UP
                )
            else:
                part = _figure(step, "amount")
            self.discount += part
            return self.gross - self.discount
        if code == "document_discount":
            self.share = _figure(step, "amount")
            return self.gross - self.discount - self.share
        if code in ("tax", "tax_included"):
            self.taxed = self._tax(step, included=code == "tax_included")
            return self.taxed.total
        if code in _SILENT:
            return None
        raise StepUnknown(code)

    def _promoted(self, step: Mapping[str, Any], amount: Decimal) -> Decimal:
        """What a promotion takes off `amount`; where it shared a sum over several lines, what the step says."""
        kind = step.get("kind")
        if kind == "gift":
            return amount
        if step.get("most") is not None or step.get("of") is not None or kind is None:
            return _figure(step, "amount")
        if kind in ("percent", "free_delivery"):
            return (amount * _figure(step, "percent") / HUNDRED).quantize(self.step, ROUND_HALF_UP)
        if kind == "buy_get":
            part = amount * _figure(step, "units") / _figure(step, "out_of") * _figure(step, "percent") / HUNDRED
            return part.quantize(self.step, ROUND_HALF_UP)
        whole = (_figure(step, "each") * _figure(step, "units")).quantize(self.step, ROUND_HALF_UP)
        return min(whole, amount) if kind == "amount" else amount - whole

    def _tax(self, step: Mapping[str, Any], *, included: bool) -> Taxed:
        taxable = self.gross - self.discount - self.share
        said = Taxed(*(_figure(step, name) for name in ("net", "other_tax_base", "amount", "rounding", "luxury_tax")))
        if step.get("rounded") == "document":  # shared out of the group's one rounding, known to the document alone
            follows = said._replace(rounding=taxable - said.net - said.tax - said.luxury_tax if included else ZERO)
        else:
            formula = TaxFormula(rate_of(step), self.currency)
            follows = formula.included(taxable) if included else formula.excluded(taxable)
        for one, other in zip(said, follows, strict=True):
            if one != other:
                raise TraceBroken(str(step["code"]), one, other)
        return follows


def _figure(step: Mapping[str, Any], name: str) -> Decimal:
    value = step.get(name)
    return Decimal(0) if value is None else Decimal(str(value))


def _by_factor(step: Mapping[str, Any], said: Decimal, name: str) -> Decimal:
    if step.get(name) is None or step.get("factor") is None:
        return said  # stored before steps said by how much
    factor = _figure(step, "factor")
    price = _figure(step, name)
    return price if factor == 1 else round_to(price * factor, PRICE_DIGITS)


def _by_formula(step: Mapping[str, Any], said: Decimal) -> Decimal:
    return formula_price(step)


def _converted(step: Mapping[str, Any], said: Decimal) -> Decimal:
    return converted(_figure(step, "price"), _figure(step, "rate"), factor=_figure(step, "factor") or Decimal(1))


_LISTED = {
    "converted": _converted,
    "list_price": lambda step, said: _by_factor(step, said, "base_price"),
    "unit_list_price": lambda step, said: said,
    "list_entry": lambda step, said: _by_factor(step, said, "price"),
    "list_formula": _by_formula,
}
