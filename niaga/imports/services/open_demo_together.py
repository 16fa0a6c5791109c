from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.catalog.services.create_product import create_product
from niaga.organization.access import Actor
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.put_together import put_together
from niaga.stock.services.receive_goods import receive_goods

_GOODS = (
    ("Gula pasir 1 kg", "GULA-PASIR-1KG", 17_500, 14_100),
    ("Teh melati 25 kantong", "TEH-MELATI-25", 9_800, 6_900),
)
_ORDERS = ((0, 48, "PO-1187"), (1, 60, "PO-1190"), (0, 24, "PO-1194"))
"""Which goods, how many, and the customer's own number."""


@transaction.atomic
def open_demo_together(*, branch_id: UUID, company_id: UUID, customer_id: UUID, by: Actor, at: datetime) -> UUID:
    """Let one customer order three times for the same door: two deliveries travel together, one could. The joint
    delivery's id."""
    products = [
        create_product(company_id=company_id, name=name, sku=sku, price=Decimal(price), by=by, at=at).id
        for name, sku, price, _cost in _GOODS
    ]
    items = [
        StockItem(Decimal(240), product_id=key, unit_cost=Decimal(one[3]))
        for key, one in zip(products, _GOODS, strict=True)
    ]
    receive_goods(branch_id=branch_id, items=items, supplier="PT Manis Sentosa", by=by, at=at)
    made = []
    for place, quantity, reference in _ORDERS:
        order = draft_order(
            customer_id=customer_id, branch_id=branch_id, by=by, at=at,
            lines=[LineInput(product_id=products[place], quantity=Decimal(quantity))],
            details=OrderDetails(customer_reference=reference),
        )  # fmt: skip
        confirm_order(order_id=order.id, by=by, at=at)
        made.append(deliver_order(order_id=order.id, by=by, at=at))
    return put_together(delivery_ids=made[:2], by=by, at=at)
