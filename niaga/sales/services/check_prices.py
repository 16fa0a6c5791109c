from datetime import date
from typing import Any

from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.errors import PricesChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.price_document import price_document


def check_prices(*, order: SalesOrder, today: date) -> None:
    """Compare the order's prices with today's. Prices that a person set by hand are not compared.

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
            )
            for line in lines
        ],
    )  # fmt: skip
    changed: list[dict[str, Any]] = [
        {"line": line.position, "line_id": str(line.id), "description": line.description, "old": line.unit_price,
         "new": row["unit_price"]}
        for line, row in zip(lines, result.rows, strict=True)
        if line.product_id and row["unit_price"] != line.unit_price
    ]  # fmt: skip
    if changed:
        raise PricesChanged(lines=changed)
