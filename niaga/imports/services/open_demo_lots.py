from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.catalog.rules.product import NewBarcode
from niaga.catalog.services.create_product import create_product
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.queries.lots import find_lot
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.start_lots import start_lots

_LOTS = (("L2611", 96, 12), ("L2648", 240, 75), ("L2702", 480, 200))
"""Number, pieces, and for how many days it is good."""


@transaction.atomic
def open_demo_lots(*, company_id: UUID, branch_id: UUID, customer_ids: Sequence[UUID], by: Actor, at: datetime) -> None:
    """Sell milk that is kept by lot: three lots received, one of them soon over and sold to customers, one blocked."""
    product_id = create_product(
        company_id=company_id, by=by, at=at, name="Susu UHT cokelat 1 liter", sku="SUSU-UHT-1L", price=Decimal(19_500),
        barcodes=(NewBarcode(code="8991002101234"),),
    ).id  # fmt: skip
    start_lots(product_id=product_id, by=by, at=at)
    lots = tuple(
        LotGiven(number, Decimal(pieces), (at + timedelta(days=days)).date()) for number, pieces, days in _LOTS
    )
    pieces = Decimal(sum(one[1] for one in _LOTS))
    item = StockItem(pieces, product_id=product_id, unit_cost=Decimal(14_200), lots=lots)
    receive_goods(branch_id=branch_id, items=[item], supplier="PT Susu Segar Nusantara", by=by, at=at)
    for customer_id in customer_ids:
        lines = [LineInput(product_id=product_id, quantity=Decimal(24))]
        order = draft_order(
            customer_id=customer_id, branch_id=branch_id, lines=lines, details=OrderDetails(), by=by, at=at
        )
        confirm_order(order_id=order.id, by=by, at=at)
        delivery_id = deliver_order(order_id=order.id, by=by, at=at)
        ship_order_delivery(delivery_id=delivery_id, by=by, at=at)
        invoice_id = invoice_order(order_id=order.id, by=by, at=at)
        issue_invoice(invoice_id=invoice_id, by=by, at=at)
    blocked = find_lot(product_id=product_id, number="L2648")
    block_lot(lot_id=blocked.id, reason="Kemasan menggembung, menunggu uji laboratorium", by=by, at=at)
