from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.catalog.services.create_product import create_product
from niaga.organization.access import Actor
from niaga.returns.queries.returns import reasons_of, return_lines
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.services.request_return import request_return
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.send_drop_ship import send_drop_ship
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply

_GOODS = (
    ("GIL-MEJA", "Penggiling kopi meja", 385_000, 290_000, "GK-200"),
    ("TIM-DIG", "Timbangan kopi digital", 240_000, 175_000, "TD-3K"),
)


@transaction.atomic
def open_demo_drop_ships(
    *, company_id: UUID, branch_id: UUID, customer_ids: Sequence[UUID], by: Actor, at: datetime
) -> None:
    """Tools that a maker sends straight to customers: a request to send, one asked, one promised and half sent, of
    which one goes back to the maker."""
    maker = save_supplier(
        supplier_id=None, company_id=company_id, by=by, at=at,
        details=SupplierDetails(
            "PT Alat Kopi Bandung", "Bu Lilis", "order@alatkopi.example.com", "022-7301234",
            "Jl. Soekarno-Hatta 411\nBandung 40266", lead_days=5,
        ),
    )  # fmt: skip
    goods = []
    for sku, name, price, cost, code in _GOODS:
        made = create_product(
            company_id=company_id, sku=sku, name=name, price=Decimal(price), cost=Decimal(cost), by=by, at=at
        )
        save_supply(
            product_id=made.id, company_id=company_id, supplier_id=maker.id, code=code, unit_cost=Decimal(cost), by=by,
            at=at,
        )  # fmt: skip
        goods.append(made.id)
    drops = []
    for customer_id, counts in zip(customer_ids, ((1, 0), (2, 1), (3, 1)), strict=False):
        order = draft_order(
            customer_id=customer_id, branch_id=branch_id, details=OrderDetails(), by=by, at=at,
            lines=[LineInput(product_id=one, quantity=Decimal(count)) for one, count in zip(goods, counts, strict=True)
                   if count],
        )  # fmt: skip
        confirm_order(order_id=order.id, by=by, at=at)
        drops.append(order.drop_ships.get())
    for drop in drops[1:]:
        send_drop_ship(drop_ship_id=drop.id, by=by, at=at)
    told = drops[-1]
    day = (at + timedelta(days=6)).date()
    confirm_drop_ship(drop_ship_id=told.id, promised_date=day, reference="SO-BDG-118", by=by, at=at)
    first = {told.lines.order_by("position")[0].id: Decimal(1)}
    sent = Sent(quantities=first, carrier="JNE Trucking", tracking="JTR-8812-3301", reference="SJ-0457")
    record_drop_shipment(drop_ship_id=told.id, sent=sent, by=by, at=at)
    _send_back(
        order_id=told.order_id,
        line_id=told.lines.order_by("position")[0].order_line_id,
        maker_id=maker.id,
        by=by,
        at=at,
    )


def _send_back(*, order_id: UUID, line_id: UUID, maker_id: UUID, by: Actor, at: datetime) -> None:
    """One came broken: the customer sends it straight back to the maker, who takes it and owes for it."""
    damaged = next(one.id for one in reasons_of(by=by) if one.code == "DAMAGED")
    item = ReturnItem(line_id, damaged, Decimal(1), condition="damaged")
    rma = request_return(
        order_id=order_id, items=[item], asked_by="Pak Dani", note="Motornya tidak berputar", by=by, at=at
    )
    authorize_return(return_id=rma.id, note="Garansi pabrik", supplier_id=maker_id, by=by, at=at)
    (line,) = return_lines(return_id=rma.id)
    said = [AnswerItem(line.id, accepted=Decimal(1))]
    record_supplier_answer(
        return_id=rma.id, items=said, note="Motor rusak dari pabrik; nota kredit menyusul", by=by, at=at
    )
