"""Who set a price by hand, and when: written into the step that says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.sales.models import QuotationLine, SalesOrderLine

MANUAL = "manual_price"
_WHO = ("by", "at")


def sign_prices(
    rows: Sequence[dict[str, Any]], *, by: UUID | None, at: datetime, before: Mapping[UUID, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows, each price set by hand with who set it and when.

    `before` holds the signed step that a line had: the same price stays with whoever set it first.
    """
    return [_signed(row, by, at, before.get(row["id"])) if row["price_is_manual"] else row for row in rows]


def _signed(row: dict[str, Any], by: UUID | None, at: datetime, before: Mapping[str, Any] | None) -> dict[str, Any]:
    steps = []
    for step in row["steps"]:
        if step["code"] == MANUAL and "at" not in step:
            same = before is not None and Decimal(before["value"]) == Decimal(step["value"]) and "at" in before
            now = {"by": str(by) if by else None, "at": at.isoformat()}
            step = {**step, **({name: before[name] for name in _WHO} if same and before else now)}
        steps.append(step)
    return {**row, "steps": steps}


def signed_before(
    model: type[QuotationLine] | type[SalesOrderLine], key: str, document_id: UUID, rows: Sequence[Mapping[str, Any]]
) -> dict[UUID, dict[str, Any]]:
    """The steps by which the stored lines of a document say who set their price, by line. One statement, none when
    no row has a price set by hand.
    """
    if not any(row["price_is_manual"] for row in rows):
        return {}
    stored = model.objects.filter(**{key: document_id}, price_is_manual=True).values_list("id", "steps")
    return manual_steps(stored)


def manual_steps(stored: Any) -> dict[UUID, dict[str, Any]]:
    """From pairs of line and steps."""
    return {line_id: step for line_id, steps in stored for step in steps if step["code"] == MANUAL}
