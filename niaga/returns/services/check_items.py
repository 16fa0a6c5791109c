from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.returns.errors import BadReturnLines, NothingToReturn
from niaga.returns.models import Condition, ReturnReason


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """What comes back of an order line, in its unit; with `part_id` so many base units of that product of its bundle.
    Of a claim `percent` of the line's price is asked back, and nothing comes."""

    order_line_id: UUID
    reason_id: UUID
    quantity: Decimal = Decimal(0)
    part_id: UUID | None = None
    condition: str = Condition.UNOPENED
    percent: Decimal | None = None
    note: str = ""


def check_items(
    items: Sequence[ReturnItem], *, lines: Mapping[UUID, Any], reasons: Mapping[UUID, ReturnReason], is_claim: bool
) -> list[dict[str, Any]]:
    """The columns of return lines, as far as they follow from what was asked.

    :raises NothingToReturn: nothing is named
    :raises NotFound: a line or reason is not one of these
    :raises BadReturnLines: a line can never be right; each is answered
    """
    if not items:
        raise NothingToReturn(field="lines")
    rows: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    named: set[tuple[UUID, UUID | None]] = set()
    for place, item in enumerate(items, 1):
        line, reason = lines.get(item.order_line_id), reasons.get(item.reason_id)
        if line is None:
            raise NotFound(field="lines")
        if reason is None:
            raise NotFound(_("This reason is not one of the company's."), field="reason_id")
        part = next((one for one in line.parts if one["product_id"] == str(item.part_id)), None)
        fault = _fault(item, line, part, is_claim)
        if not fault and (line.id, item.part_id) in named:
            fault = _("This line is named twice.")
        named.add((line.id, item.part_id))
        if fault:
            faults.append({"line": place, "line_id": str(line.id), "message": fault})
            continue
        each = None if part is None else Decimal(part["quantity"]) * line.factor
        rows.append(
            {
                "id": new_id(), "position": place, "order_line_id": line.id,
                "product_id": item.part_id or line.product_id, "part_each": each,
                "description": line.description if part is None else part["name"],
                "unit_id": line.unit_id, "factor": Decimal(1) if part else line.factor,
                "quantity": line.quantity - line.cancelled if is_claim else item.quantity,
                "percent": item.percent if is_claim else None, "reason_id": reason.id,
                "condition": item.condition, "note": item.note.strip()[:200],
                "fee_percent": Decimal(0) if is_claim else reason.fee_percent,
                "held": Decimal(0) if is_claim else item.quantity,
            }
        )  # fmt: skip
    if faults:
        raise BadReturnLines(lines=faults, field="lines")
    return rows


def _fault(item: ReturnItem, line: Any, part: Mapping[str, Any] | None, is_claim: bool) -> str:
    if item.condition not in Condition.values:
        return _("This is no condition of goods.")
    if is_claim:
        if item.percent is None or not 0 < item.percent <= 100:
            return _("Say which part of the price is asked back, more than 0 and up to 100 percent.")
        return "" if item.part_id is None else _("A claim is made on the whole bundle.")
    if not line.needs_stock or (part is not None and not part["is_stocked"]):
        return _("A service cannot come back. Claim a part of its price instead.")
    if item.part_id is not None and part is None:
        return _("This is not in the bundle.")
    digits = part["digits"] if part is not None else line.unit.digits
    if item.quantity <= 0 or item.quantity != round(item.quantity, digits):
        return _("This is no quantity of it.")
    return ""
