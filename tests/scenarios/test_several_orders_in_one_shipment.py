"""A shop orders three times; the warehouse sends it together, one driver hands it over, each order is billed, one comes
back."""

from decimal import Decimal
from uuid import uuid4

import pytest

from niaga.core.clock import today as day_at
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.ledger.queries.journal import trial_balance
from niaga.organization.access import SYSTEM
from niaga.payments.models import Payment
from niaga.returns.tests.shop import make_return, settle, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.note_shipped import note_shipped
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.ship_together import ship_together
from niaga.shipping.models import DeliveryVisit, Shipment
from niaga.shipping.queries.drivers_day import drivers_day
from niaga.shipping.rules.visit import read_visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.take_in_cash import take_in_cash
from niaga.shipping.tests.makers import make_carrier, make_driver
from niaga.stock.models import Delivery, RouteStop, StockCost, StockMove, Warehouse
from niaga.stock.queries.loading import load_of
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from tests.makers import NOW, make_confirmed_order, make_customer, make_product, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


def test_three_orders_one_shipment_one_proof_three_invoices_and_one_that_comes_back() -> None:
    world = make_world()
    save_billing_rule(
        company_id=world.company.id, customer_id=None, way="delivery", issues=True, by=world.owner, at=NOW
    )
    shop, driver = make_customer(world, name="Toko Abadi"), make_driver(world)
    coffee, tea = make_product(world, stock=50, cost=D(60_000)), make_product(world, stock=50, price=D(40_000))

    # three orders of the week: Rp 444.000, Rp 222.000 and Rp 333.000, taxes included
    wanted = ((coffee, 4), (tea, 5), (coffee, 3))
    orders = [
        make_confirmed_order(world, [LineInput(product_id=one.id, quantity=D(quantity))], customer=shop)
        for one, quantity in wanted
    ]
    found = [deliver_order(order_id=order.id, by=SYSTEM, at=NOW) for order in orders]
    joint_id = put_together(delivery_ids=found, by=world.owner, at=NOW)

    # one stop of the day's plan, one of the load list, one shipment of the own fleet
    place, today = Warehouse.objects.get(company=world.company), day_at(at=NOW, zone=world.branch.zone)
    plan_day(warehouse_id=place.id, date=today, by=SYSTEM, at=NOW)
    route = RouteStop.objects.select_related("route")[0].route
    name_driver(route_id=route.id, driver_user_id=driver.id, by=SYSTEM, at=NOW)
    book_shipments(
        delivery_ids=found, carrier_id=make_carrier(world, "own").id, by=SYSTEM, at=NOW,
        details=ShipmentDetails(parcels=2, weight_grams=9_000, cost=D(15_000)),
    )  # fmt: skip
    [stop] = load_of(route)
    assert (len(stop.deliveries), len(stop.lines), stop.facts.parcels, stop.facts.grams) == (3, 3, 2, 9_000)

    # all of it leaves in one deed, and each order is billed by itself
    sent = ship_together(joint_id=joint_id, by=world.owner, at=NOW)
    assert (len(sent.delivery_ids), sent.is_joint) == (3, True)
    assert -sum(StockMove.objects.filter(source_kind="delivery").values_list("quantity", flat=True)) == 12
    for one in Delivery.objects.filter(joint_id=joint_id).order_by("number"):
        cause_id = note_shipped(delivery_id=one.id, number=one.number, at=NOW)
        assert cause_id is not None
        bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)
    assert list(Invoice.objects.order_by("number").values_list("total", flat=True)) == [444_000, 222_000, 333_000]

    # the driver hands over everything at once and brings Rp 999.000 home, which is one payment
    [door] = drivers_day(by=driver, at=NOW).stops
    assert door.collect is not None
    assert door.collect.amount == 999_000
    told = {
        "key": str(uuid4()), "outcome": "delivered", "at": NOW.isoformat(), "received_by": "Bu Tini", "cash": "999000"
    }  # fmt: skip
    record_visit(delivery_id=door.row.delivery_id, visit=read_visit(told), by_phone=True, by=driver, at=NOW)
    assert set(DeliveryVisit.objects.values_list("outcome", "received_by")) == {("delivered", "Bu Tini")}
    assert sum(DeliveryVisit.objects.values_list("cash", flat=True)) == 999_000
    take_in_cash(visit_id=DeliveryVisit.objects.latest("id").id, by=world.owner, at=NOW)
    assert list(Payment.objects.values_list("amount", "allocated")) == [(999_000, 999_000)]
    assert [one.total - one.allocated for one in InvoiceBalance.objects.all()] == [0, 0, 0]
    assert Shipment.objects.get().status == "delivered"
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}

    # two packs of tea of the second order come back: Rp 88.800, and the other two stand as they were
    rma = take_in(world, make_return(world, SalesOrder.objects.get(pk=orders[1].pk), 2))
    settle(world, rma, way="credit")
    assert list(Invoice.objects.filter(kind="credit_note").values_list("total", flat=True)) == [88_800]
    assert StockCost.objects.get(product=tea).quantity == 47

    rows = trial_balance(by=world.owner, upto=today)
    assert sum(row["balance"] for row in rows) == 0
    assert not broken_promises()
