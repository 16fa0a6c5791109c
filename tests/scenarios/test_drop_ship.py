"""Goods that go straight from a supplier to the customer, from the order to the money."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum
from tests.makers import NOW, World, make_customer, make_order, make_product, make_world

from niaga.core.errors import Refusal, WrongState
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.organization.access import SYSTEM
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.models import DropShip, DropShipDelivery, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.stock.models import Delivery, Reservation, StockCost, StockLevel, StockMove, Supplier
from niaga.stock.queries.availability import availability
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply

pytestmark = pytest.mark.django_db


def make_supplier(world: World, name: str = "CV Kebun Kopi", **facts: Any) -> Supplier:
    details = SupplierDetails(name, **facts)
    return save_supplier(supplier_id=None, company_id=world.company.id, details=details, by=world.owner, at=NOW)


def supplied(world: World, product_id: UUID, supplier: Supplier, cost: int | None = None) -> None:
    save_supply(
        product_id=product_id, company_id=world.company.id, supplier_id=supplier.id,
        unit_cost=None if cost is None else Decimal(cost), by=world.owner, at=NOW,
    )  # fmt: skip


def booked(role: str) -> Decimal:
    return JournalLine.objects.filter(role=role).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def test_a_supplier_sends_straight_to_the_customer_and_the_money_comes() -> None:
    world = make_world()
    supplier = make_supplier(world)
    product = make_product(world)
    receive_goods(
        branch_id=world.branch.id, by=SYSTEM, at=NOW,
        items=[ReceiptItem(Decimal(5), product_id=product.id, unit_cost=Decimal(60_000))],
    )  # fmt: skip
    supplied(world, product.id, supplier, 70_000)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])

    confirm_order(order_id=order.id, by=world.owner, at=NOW)

    drop = DropShip.objects.get()
    assert (drop.number, drop.status, drop.supplier_id) == ("DS-2026-00001", "asked", supplier.id)
    line = SalesOrderLine.objects.get(order_id=order.id)
    assert (line.direct, line.in_delivery) == (10, 0)
    assert not Reservation.objects.filter(quantity__gt=0).exists()
    there = availability(product_ids=[product.id], company_id=world.company.id)[product.id]
    assert (there.free, there.incoming) == (5, ())

    delivery_id = record_drop_shipment(
        drop_ship_id=drop.id, sent=Sent(carrier="JNE", tracking="JNE-1"), by=world.owner, at=NOW
    )

    delivery = Delivery.objects.get(pk=delivery_id)
    assert (delivery.status, delivery.carrier, delivery.tracking) == ("shipped", "JNE", "JNE-1")
    line.refresh_from_db()
    assert (line.direct, line.in_delivery, line.shipped) == (0, 10, 10)
    assert (StockLevel.objects.get().on_hand, StockCost.objects.get().average) == (5, 60_000)
    assert (booked("inventory"), booked("cost_of_sales"), booked("goods_received")) == (300_000, 700_000, -1_000_000)

    invoice = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    record_payment(
        customer_id=order.customer_id, branch_id=world.branch.id, allocations={invoice.id: invoice.total},
        details=PaymentDetails(method="transfer", currency="IDR", amount=invoice.total), by=world.owner, at=NOW,
    )  # fmt: skip

    assert invoice.total == Decimal(1_110_000)
    assert (booked("bank"), booked("receivable"), booked("revenue")) == (1_110_000, 0, -1_000_000)
