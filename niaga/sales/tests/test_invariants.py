"""What `niaga check` promises of sales holds after everything that can happen to an order, and is not blind."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.invariants import INVARIANTS
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.close_order import close_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.makers import (
    NOW,
    make_accepted_order,
    make_confirmed_order,
    make_issued_invoice,
    make_order,
    make_product,
    make_quotation,
    make_stock,
    make_world,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def broken() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for name, check in INVARIANTS.items():
            cursor.execute(check.sql)
            if rows := cursor.fetchall():
                found[name] = len(rows)
    return found


def test_every_promise_holds_through_the_life_of_orders():
    world = make_world()
    coffee, sugar = make_product(world, stock=60, price=Decimal(9_999)), make_product(world, stock=8)
    lines = [LineInput(product_id=coffee.id, quantity=Decimal(7), discount_percent=Decimal(3)),
             LineInput(product_id=sugar.id, quantity=Decimal(2))]  # fmt: skip
    make_quotation(world, [*lines, LineInput(product_id=sugar.id, is_optional=True)], discount_percent=Decimal(4))
    make_accepted_order(world, lines)
    make_issued_invoice(world, lines)
    gone = make_confirmed_order(world, lines)
    cancel_order(order_id=gone.id, reason="Batal", by=world.owner, at=LATER)
    waiting = make_order(world, [LineInput(product_id=sugar.id, quantity=Decimal(30))])
    confirm_order(order_id=waiting.id, by=world.owner, at=NOW, shortage="backorder")
    make_stock(world, {sugar.id: Decimal(40)})
    part = make_confirmed_order(world, lines)
    first = SalesOrderLine.objects.get(order=part, product=coffee)
    delivery = deliver_order(order_id=part.id, quantities={first.id: Decimal(3)}, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery, by=world.owner, at=LATER)
    invoice = invoice_order(order_id=part.id, by=world.owner, at=LATER)
    assert broken() == {}
    amend_order(
        order_id=part.id, version=None, by=world.owner, at=LATER,
        lines=[
            LineInput(id=line.id, product_id=line.product_id, quantity=line.quantity if line.invoiced else Decimal(5),
                      discount_percent=line.discount_percent)
            for line in SalesOrderLine.objects.filter(order=part)
        ],
    )  # fmt: skip
    assert broken() == {}
    cancel_rest(order_id=part.id, reason="Cukup", by=world.owner, at=LATER)
    assert broken() == {}
    issue_invoice(invoice_id=invoice, by=world.owner, at=LATER)
    close_order(order_id=part.id, by=world.owner, at=LATER)

    assert broken() == {}


def test_a_broken_promise_is_found():
    world = make_world()
    product = make_product(world, stock=9)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(4))])

    SalesOrderLine.objects.filter(order=order).update(net=1, invoiced=1, in_delivery=1, shipped=1, cancelled=2)
    SalesOrder.objects.filter(pk=order.pk).update(exposure=5)

    assert set(broken()) == {
        "order_lines", "order_deliveries", "order_invoices", "order_progress", "open_order_credit", "held_for_orders",
    }  # fmt: skip
