"""Lines that are counted again at the prices they have."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.sales.models import QuotationLine, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.promoted_lines import kept_of

_PROMOTED = {"promotion", "promotion_kept", "promotion_lost", "more_promotions_lost"}
_AS_IT_WAS = ("price_is_manual", "list_price", "unit_cost")
_ORIGIN = {
    "list_price",
    "unit_list_price",
    "converted",
    "list_entry",
    "list_formula",
    "list_entry_lost",
    "more_lost",
    "manual_price",
    "no_price",
    "kept_price",
    "tax_put_on",
    "tax_taken_out",
}


def kept_line(
    line: QuotationLine | SalesOrderLine,
    *,
    quantity: Decimal | None = None,
    planned_date: date | None = None,
    new: bool = False,
) -> LineInput:
    """A stored line as input again, at its own price and discount. `new`: as a further line like it."""
    optional = isinstance(line, QuotationLine) and line.is_optional
    chosen = line.is_chosen if isinstance(line, QuotationLine) and optional else None
    share = quantity / line.quantity if quantity is not None and line.quantity else Decimal(1)
    amount = Decimal(0) if line.discount_percent else line.own_discount * share
    return LineInput(
        kind=line.kind, product_id=line.product_id, quantity=line.quantity if quantity is None else quantity,
        unit=line.unit.code if line.unit else None, description=line.description,
        unit_price=line.unit_price if line.product_id else None, discount_percent=line.discount_percent,
        discount_amount=amount, is_optional=optional, is_chosen=chosen,
        planned_date=planned_date or getattr(line, "planned_date", None),
        requested_date=None if new else line.requested_date, id=None if new else line.id,
        kept=kept_of(line.steps, share), gift_of=line.gift_of_id,
    )  # fmt: skip


def with_own_story(
    rows: Sequence[dict[str, Any]], stored: Mapping[UUID, QuotationLine | SalesOrderLine]
) -> list[dict[str, Any]]:
    """Rows whose price was kept say again where it came from: the price engine saw it as set by hand.

    A bundle keeps the parts it was offered with. `stored` gives the line that a row (by id) comes from.
    """
    told = []
    for row in rows:
        line = stored.get(row["id"])
        same = line is not None and line.product_id == row["product_id"]
        if line is not None and same:
            row = {**row, "parts": line.parts, "unit_cost": line.unit_cost if line.parts else row["unit_cost"]}
        if line is not None and same and line.unit_price == row["unit_price"]:
            counted = row["steps"]
            if row["promotion_discount"] == line.promotion_discount:
                counted = _with_promotions(counted, line.steps)
            steps = retold(line.steps, counted)
            row = {**row, **{name: getattr(line, name) for name in _AS_IT_WAS}, "steps": steps}
        told.append(row)
    return told


def retold(origin: Sequence[dict[str, Any]], counted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where a price came from by its first telling, and what it came to by the last."""
    first = [step for step in origin if step["code"] in _ORIGIN]
    return first + [step for step in counted if step["code"] not in _ORIGIN]


def _with_promotions(figures: list[Any], stored: Sequence[dict[str, Any]]) -> list[Any]:
    """The steps of what promotions did, as the line told them first, after its gross."""
    told = [step for step in stored if step["code"] in _PROMOTED]
    rest = [step for step in figures if step["code"] not in _PROMOTED]
    place = next((place for place, step in enumerate(rest, 1) if step["code"] == "gross"), 0)
    return rest[:place] + told + rest[place:]
