from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import ProductFacts, UnitFacts, product_facts
from niaga.stock.errors import BadStockLines
from niaga.stock.services.value_moves import Movement

MOST_LINES = 10_000
_ABSURD = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class LotGiven:
    """A lot as a person or program names it. `quantity` is in the line's unit; None: all of the line.

    `expires_on` must be known of a lot that was never here.
    """

    number: str
    quantity: Decimal | None = None
    expires_on: date | None = None
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class StockItem:
    """A line as a person or program gives it: a product by id or SKU, in `unit` (its base unit without one).

    `unit_cost` is of one base unit.
    """

    quantity: Decimal
    product_id: UUID | None = None
    sku: str | None = None
    unit: str | None = None
    unit_cost: Decimal | None = None
    lots: tuple[LotGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line that can be: its product, unit and quantity, `base` in base units."""

    product: ProductFacts
    unit: UnitFacts
    quantity: Decimal
    unit_cost: Decimal | None
    lots: tuple[LotGiven, ...] = ()

    @property
    def base(self) -> Decimal:
        return self.quantity * self.unit.factor

    def movements(
        self, named: Mapping[tuple[UUID, str], UUID], *, line_id: UUID | None = None, unit_cost: Decimal | None = None
    ) -> list[Movement]:
        """How it moves: at once, or lot by lot."""
        if not self.lots:
            return [Movement(self.product.id, self.base, unit_cost, line_id=line_id)]
        return [
            Movement(
                self.product.id, self.lot_base(lot), unit_cost, line_id=line_id,
                lot_id=named[self.product.id, lot.number.strip()],
            )
            for lot in self.lots
        ]  # fmt: skip

    def lot_base(self, lot: LotGiven) -> Decimal:
        """Base units of one of its lots, signed like the line."""
        if lot.quantity is None:
            return self.base
        return (lot.quantity if self.quantity > 0 else -lot.quantity) * self.unit.factor


def check_lines(
    *, company_id: UUID, items: Sequence[StockItem], signed: bool = False, by_lot: bool = False
) -> list[CheckedLine]:
    """Look the lines' products up, in one statement, and check every line. With `signed`, quantities may be negative;
    with `by_lot`, goods that are kept by lot must name theirs.

    :raises BadStockLines: no lines, too many, or lines that cannot be; each of them is answered
    """
    if not items:
        raise BadStockLines(_("Add at least one line with a product."), field="lines")
    if len(items) > MOST_LINES:
        raise BadStockLines(_("A document has at most %(most)s lines.") % {"most": MOST_LINES}, field="lines")
    products = product_facts(
        company_id=company_id,
        ids={item.product_id for item in items if item.product_id},
        skus={item.sku for item in items if item.sku and not item.product_id},
    )
    faults: list[dict[str, Any]] = []
    checked = []
    for place, item in enumerate(items, 1):
        found = _check(item, products, signed)
        if isinstance(found, CheckedLine) and (item.lots or (by_lot and found.product.by_lot)):
            found = _check_lots(found)
        if isinstance(found, CheckedLine):
            checked.append(found)
        else:
            field, code, message = found
            faults.append({"line": place, "field": field, "code": code, "message": message})
    if faults:
        raise BadStockLines(lines=faults, field="lines")
    return checked


def _check(
    item: StockItem, products: dict[UUID | str, ProductFacts], signed: bool
) -> CheckedLine | tuple[str, str, str]:
    key = item.product_id or item.sku
    product = products.get(key) if key else None
    if product is None:
        return ("product", "unknown_product", _("There is no such product."))
    if product.kind == "bundle":
        return ("product", "bundle_by_parts", _("A bundle is kept in stock by its parts. Name them instead."))
    if product.kind != "goods":
        return ("product", "not_stocked", _("Only goods are kept in stock."))
    unit = product.unit(item.unit)
    if unit is None:
        return ("unit", "unknown_unit", _("The product is not kept in this unit."))
    quantity = item.quantity
    if not quantity or (quantity < 0 and not signed):
        return ("quantity", "quantity_not_positive", _("The quantity must be above zero."))
    if abs(quantity) * unit.factor >= _ABSURD:
        return ("quantity", "negative_or_absurd", _("This figure is below zero or absurdly large."))
    exponent = quantity.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > unit.digits:
        return ("quantity", "too_many_digits", _("This unit does not allow so many decimals."))
    if item.unit_cost is not None and not 0 <= item.unit_cost < _ABSURD:
        return ("unit_cost", "negative_or_absurd", _("This figure is below zero or absurdly large."))
    return CheckedLine(product, unit, quantity, item.unit_cost, item.lots)


def _check_lots(line: CheckedLine) -> CheckedLine | tuple[str, str, str]:
    if not line.product.by_lot:
        return ("lots", "not_by_lot", _("This product is not kept by lot."))
    if not line.lots:
        return ("lots", "lot_missing", _("Name the lot: this product is kept by lot."))
    numbers = [lot.number for lot in line.lots]
    if any(not number.strip() or len(number) > 40 for number in numbers) or len(set(numbers)) < len(numbers):
        return ("lots", "bad_lot", _("A lot has a number of at most 40 characters, and is named once."))
    if len(line.lots) > 1 and any(lot.quantity is None for lot in line.lots):
        return ("lots", "lot_quantity", _("Say how much is of each lot."))
    given = [lot.quantity for lot in line.lots if lot.quantity is not None]
    if any(quantity <= 0 for quantity in given) or (given and sum(given) != abs(line.quantity)):
        return ("lots", "lot_quantity", _("The lots do not add up to the line."))
    if any(lot.made_on and lot.expires_on and lot.made_on > lot.expires_on for lot in line.lots):
        return ("lots", "bad_lot", _("A lot cannot expire before it was made."))
    return line
