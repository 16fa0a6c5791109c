from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import KnownProducts, ProductFacts
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.returns.errors import BadReturnLines, NothingToReturn
from niaga.returns.models import Condition, ReturnReason

MOST_LINES = 200
_HIGHEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class UndocumentedItem:
    """What came without a document: so much of a product in a unit (empty: its base unit). `price`: what is credited
    for one, without tax; None: as proposed."""

    product_id: UUID
    reason_id: UUID
    quantity: Decimal
    unit: str = ""
    condition: str = Condition.UNOPENED
    price: Decimal | None = None
    note: str = ""


def check_undocumented(
    items: Sequence[UndocumentedItem], *, products: KnownProducts, reasons: Mapping[UUID, ReturnReason]
) -> list[dict[str, Any]]:
    """The columns of return lines, as far as they follow from what was asked.

    :raises NothingToReturn: nothing is named
    :raises NotFound: a product or reason is not one of the company's
    :raises BadReturnLines: a line can never be right; each is answered
    """
    if not items:
        raise NothingToReturn(field="lines")
    rows: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    named: set[tuple[UUID, UUID]] = set()
    for place, item in enumerate(items, 1):
        product, reason = products.get(item.product_id), reasons.get(item.reason_id)
        if product is None:
            raise NotFound(field="product_id")
        if reason is None:
            raise NotFound(_("This reason is not one of the company's."), field="reason_id")
        unit = product.unit(item.unit)
        fault = _fault(item, product, place)
        if not fault and unit is not None and (product.id, unit.id) in named:
            fault = _("This line is named twice.")
        if fault or unit is None:
            told = fault or _("It is not sold in this unit.")
            faults.append({"line": place, "line_id": str(item.product_id), "message": told})
            continue
        named.add((product.id, unit.id))
        rows.append(
            {
                "id": new_id(), "position": place, "order_line_id": None, "product_id": product.id, "part_each": None,
                "description": product.name, "unit_id": unit.id, "factor": unit.factor, "quantity": item.quantity,
                "percent": None, "reason_id": reason.id, "condition": item.condition, "note": item.note.strip()[:200],
                "fee_percent": reason.fee_percent, "held": item.quantity, "price": item.price,
            }
        )  # fmt: skip
    if faults:
        raise BadReturnLines(lines=faults, field="lines")
    return rows


def _fault(item: UndocumentedItem, product: ProductFacts, place: int) -> str:
    unit = product.unit(item.unit)
    if place > MOST_LINES:
        return _("At most %(most)s lines.") % {"most": MOST_LINES}
    if unit is None:
        return _("It is not sold in this unit.")
    if product.parts:
        return _("Name what is in the bundle: its parts come back alone.")
    if product.kind != "goods":
        return _("A service cannot come back. Claim a part of its price instead.")
    if item.condition not in Condition.values:
        return _("This is no condition of goods.")
    if not 0 < item.quantity < _HIGHEST or item.quantity != round(item.quantity, unit.digits):
        return _("This is no quantity of it.")
    if item.price is not None and not 0 <= item.price < _HIGHEST:
        return _("This is no price.")
    return ""
