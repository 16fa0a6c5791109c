from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.catalog.rules.product import NewBarcode, NewSubstitute
from niaga.catalog.services.create_product import create_product
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.stock.queries.picking import lines_to_pick
from niaga.stock.queries.warehouses import warehouse_for
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.take_lines import take_lines

_NOODLES = (
    ("Mi goreng rasa ayam isi 40", "MI-AYAM-40", 112_000, "8991002305014"),
    ("Mi goreng rasa rendang isi 40", "MI-RENDANG-40", 116_000, "8991002305021"),
    ("Mi goreng pedas isi 40", "MI-PEDAS-40", 109_000, "8991002305038"),
)


@transaction.atomic
def open_demo_substitutes(
    *, company_id: UUID, branch_id: UUID, customer_ids: Sequence[UUID], zone: str, by: Actor, at: datetime
) -> None:
    """Noodles that stand in for one another: one customer was given some, another is asked, a third is to be picked."""
    products = [
        create_product(
            company_id=company_id, by=by, at=at, name=name, sku=sku, price=Decimal(price),
            barcodes=(NewBarcode(code=code),),
        ).id
        for name, sku, price, code in _NOODLES
    ]  # fmt: skip
    here = warehouse_for(company_id=company_id, branch_id=branch_id, warehouse_id=None)
    receive_goods(
        branch_id=branch_id, warehouse_id=here, supplier="PT Mi Sejahtera", by=by, at=at,
        items=[StockItem(Decimal(80), product_id=one, unit_cost=Decimal(91_000)) for one in products],
    )  # fmt: skip
    save_substitutes(
        product_id=products[0], substitutes=[NewSubstitute(product_id=one) for one in products[1:]], by=by, at=at
    )
    save_substitution_rule(company_id=company_id, customer_id=None, agreement="ask", by=by, at=at)
    save_substitution_rule(company_id=company_id, customer_id=customer_ids[0], agreement="ahead", by=by, at=at)
    for place, customer_id in enumerate(customer_ids):
        order = draft_order(
            customer_id=customer_id, branch_id=branch_id, details=OrderDetails(), by=by, at=at,
            lines=[LineInput(product_id=products[0], quantity=Decimal(12))],
        )  # fmt: skip
        confirm_order(order_id=order.id, by=by, at=at)
        delivery_id = deliver_order(order_id=order.id, by=by, at=at)
        plan = plan_day(
            warehouse_id=here, date=day_at(at=at, zone=zone), delivery_ids=[delivery_id], by=by, at=at
        )  # fmt: skip
        if place < 2:
            take_lines(pick_list_id=plan.list_ids[0], by=by, at=at)
            (line,) = lines_to_pick(pick_list_id=plan.list_ids[0])
            record_pick(key=new_id(), line_id=line.id, quantity=Decimal(8), reason="Tidak ada di rak", by=by, at=at)
            substitute_pick(
                key=new_id(), pick_line_id=line.id, substitute_id=products[1], quantity=Decimal(4), by=by, at=at
            )
