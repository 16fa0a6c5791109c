"""The lots of a stock document, typed, pasted or scanned under its lines."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.scanned import products_of_codes
from niaga.core.errors import Invalid
from niaga.stock.rules.read_lots import LotRow, Unreadable, read_lots
from niaga.stock.services.check_lines import LotGiven, StockItem


class LotsField(forms.CharField):
    """A lot in each row: `SKU  lot  day  quantity`, or what a scanner reads of a GS1 code."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Lots"), required=False, max_length=100_000, strip=True,
            widget=forms.Textarea(
                attrs={"rows": 3, "placeholder": "SUSU-1L  L2711  2027-06-30  24", "spellcheck": "false"}
            ),
            help_text=_(
                "Only of products that are kept by lot. One lot in each row: SKU, lot, last day and quantity; or scan"
                " its GS1 code."
            ),
        )  # fmt: skip


def rows_of(text: str) -> list[LotRow]:
    """:raises Invalid: a row is no lot; it says which"""
    try:
        return read_lots(text)
    except Unreadable as fault:
        message = gettext("Row %(row)s is no lot: “%(text)s”.") % {"row": fault.row, "text": fault.text}
        raise Invalid(message, field="lots") from fault


def given(row: LotRow) -> LotGiven:
    return LotGiven(row.number, row.quantity, row.expires_on, row.made_on)


def with_lots(items: Sequence[StockItem], text: str, *, company_id: UUID) -> list[StockItem]:
    """The lines with the lots of the text. A lot of a product that no line names is a line of its own.

    :raises Invalid: a row is no lot, its product is unknown, or several lines are of its product
    """
    rows = rows_of(text)
    if not rows:
        return list(items)
    codes = {row.code for row in rows} | {item.sku for item in items if item.sku and not item.product_id}
    known = products_of_codes(company_id=company_id, codes=codes)
    lots: dict[UUID, list[LotGiven]] = {}
    for row in rows:
        if row.code not in known:
            message = gettext("There is no product with the code “%(code)s”.") % {"code": row.code}
            raise Invalid(message, field="lots")
        lots.setdefault(known[row.code], []).append(given(row))
    merged = {product_id: _merged(rows_) for product_id, rows_ in lots.items()}
    found = []
    for item in items:
        product_id = item.product_id or known.get(item.sku or "")
        mine = merged.pop(product_id, None) if product_id else None
        if mine is None and product_id in lots:
            raise Invalid(gettext("Put a product that is kept by lot on one line."), field="lots")
        found.append(replace(item, lots=mine) if mine else item)
    for product_id, mine in merged.items():
        mine = tuple(replace(lot, quantity=lot.quantity or Decimal(1)) for lot in mine)
        found.append(StockItem(sum((lot.quantity or Decimal(1) for lot in mine), Decimal(0)), product_id, lots=mine))
    return found


def _merged(lots: Sequence[LotGiven]) -> tuple[LotGiven, ...]:
    """A lot that was scanned again is so much more of it."""
    sums: dict[str, LotGiven] = {}
    for lot in lots:
        before = sums.get(lot.number)
        if before is None:
            sums[lot.number] = lot
            continue
        quantity = (before.quantity or Decimal(1)) + (lot.quantity or Decimal(1))
        sums[lot.number] = replace(before, quantity=quantity, expires_on=before.expires_on or lot.expires_on)
    return tuple(sums.values())
