from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.organization.queries.document_context import document_context
from niaga.organization.queries.exchange_rates import Exchange
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.errors import PricesChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.price_document import price_document


def check_prices(*, order: SalesOrder, today: date, exchange: Exchange | None = None) -> None:
    """Compare the order's prices with today's, in another currency by the rate at which it is bound or else by the
    day's. Prices that a person set by hand are not compared.

    :raises PricesChanged: with the old and new price of every line that differs
    """
    lines = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    result = price_document(
        context=document_context(branch_id=order.branch_id, at=order.updated_at), customer=customer, on=today,
        currency=order.currency, channel_id=order.channel_id, delivery_address=order.delivery_address,
        lines=[
            LineInput(
                kind=line.kind, product_id=line.product_id, quantity=line.quantity,
                unit=line.unit.code if line.unit else None,
                unit_price=line.unit_price if line.price_is_manual else None, id=line.id,
                gift_of=line.gift_of_id,
            )
            for line in lines
        ],
        coupon_codes=order.coupon_codes, source_id=order.id, lenient=True, exchange=exchange,
        **(_points(order) if order.points_used else {}),
    )  # fmt: skip
    changed: list[dict[str, Any]] = [
        {"line": line.position, "line_id": str(line.id), "description": line.description, **_differs(line, row)}
        for line, row in ((line, _row_of(line, result.rows)) for line in lines)
        if line.product_id and _differs(line, row)
    ]  # fmt: skip
    fresh = [row for row in result.rows if row["gift_of_id"] and not any(_row_of(line, [row]) for line in lines)]
    changed += [
        {"line": row["position"], "line_id": None, "description": row["description"], "old": None, "new": Decimal(0)}
        for row in fresh
    ]
    if not changed and order.points_used and order.points_amount != result.totals["points_amount"]:
        now = -result.totals["points_amount"]
        changed.append(
            {"line": None, "line_id": None, "description": _("Points used"), "old": -order.points_amount, "new": now}
        )
    if changed:
        raise PricesChanged(lines=changed)


def _points(order: SalesOrder) -> dict[str, Any]:
    """What points pay depends on what the document's discount leaves."""
    amount = Decimal(0) if order.discount_percent else order.discount_amount
    return {"points": order.points_used, "discount_percent": order.discount_percent, "discount_amount": amount}


def _row_of(line: SalesOrderLine, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What the line would be today: by its id, a gift by the promotion that gives it and how much it gives."""
    if line.gift_of_id is None:
        return next((row for row in rows if row["id"] == line.id), None)
    wanted = (line.gift_of_id, line.product_id, line.quantity)
    return next((row for row in rows if (row["gift_of_id"], row["product_id"], row["quantity"]) == wanted), None)


def _differs(line: SalesOrderLine, row: dict[str, Any] | None) -> dict[str, Decimal | None]:
    """Old and new price of one unit; where that is the same, what promotions leave of the line. Empty when the same."""
    if row is None:
        return {"old": line.amount, "new": None}
    if row["unit_price"] != line.unit_price:
        return {"old": line.unit_price, "new": row["unit_price"]}
    if row["promotion_discount"] != line.promotion_discount:
        gross = line.amount + line.discount_amount
        return {"old": gross - line.promotion_discount, "new": gross - row["promotion_discount"]}
    return {}
