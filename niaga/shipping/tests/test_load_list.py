"""What goes onto a vehicle: stop by stop, checked off on the phone, and printed."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, NotFound, WrongState
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.stock.models import Delivery, DeliveryLine, DeliveryRoute, LoadMark, PickLine, Warehouse
from niaga.stock.queries.load_paper import load_paper
from niaga.stock.queries.loading import load_of, loaded_products
from niaga.stock.services.mark_loaded import mark_loaded
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.take_lines import take_lines
from tests.api import Api
from tests.makers import (
    NOW,
    World,
    make_bundle,
    make_confirmed_order,
    make_customer,
    make_product,
    make_user,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db


def line(product, quantity: int) -> LineInput:
    return LineInput(product_id=product.id, quantity=Decimal(quantity))


def routed(world: World) -> DeliveryRoute:
    home = Warehouse.objects.get(company=world.company)
    plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    return DeliveryRoute.objects.select_related("warehouse", "vehicle").get()


def test_deliveries_to_one_door_are_one_stop_with_what_was_picked_what_it_weighs_and_what_is_due():
    world = make_world()
    tea, cup = make_product(world, stock=50, name="Teh"), make_product(world, stock=50, name="Cangkir")
    shop, other = make_customer(world, name="Toko A"), make_customer(world, name="Toko B")
    first = make_confirmed_order(world, [line(tea, 5)], customer=shop)
    make_confirmed_order(world, [line(make_bundle(world, {cup.id: 2}), 3)], customer=shop)
    make_confirmed_order(world, [line(tea, 4)], customer=other)
    issue_invoice(invoice_id=invoice_order(order_id=first.id, basis="ordered", by=world.owner, at=NOW),
                  by=world.owner, at=NOW)  # fmt: skip
    route = routed(world)
    delivery = Delivery.objects.get(source_number=first.number)
    carrier = save_carrier(
        details=CarrierDetails("own", "Armada"), company_id=world.company.id, by=world.owner, at=NOW
    )  # fmt: skip
    book_shipments(
        delivery_ids=[delivery.id], carrier_id=carrier, details=ShipmentDetails(parcels=2, weight_grams=4_500),
        by=world.owner, at=NOW,
    )  # fmt: skip
    take_lines(pick_list_id=route.pick_list.id, by=world.owner, at=NOW)
    pick = PickLine.objects.get(delivery_line__delivery=delivery)
    record_pick(key=uuid4(), line_id=pick.id, quantity=Decimal(3), reason="Kosong", by=world.owner, at=NOW)

    stops = {stop.customer: stop for stop in load_of(route)}

    assert {name: [one.quantity for one in stop.lines] for name, stop in stops.items()} == {
        "Toko A": [3, 3], "Toko B": [4],
    }  # fmt: skip
    facts = stops["Toko A"].facts
    assert (len(stops["Toko A"].deliveries), facts.parcels, facts.grams) == (2, 2, 4_500)
    assert facts.cash == {"IDR": 555_000}  # the invoice of its first order, due at once
    assert [(one.name, one.quantity) for one in loaded_products(route_id=route.pk)] == [("Cangkir", 6), ("Teh", 7)]


def test_a_line_is_checked_off_once_and_the_last_one_is_told():
    world = make_world()
    tea = make_product(world, stock=50)
    make_confirmed_order(world, [line(tea, 5)])
    route, one = routed(world), DeliveryLine.objects.get()
    asked = {"route_id": route.pk, "line_id": one.id, "by": world.owner, "at": NOW}

    said = [mark_loaded(**asked), mark_loaded(**asked), mark_loaded(**asked, loaded=False), mark_loaded(**asked)]

    assert said == [True, False, True, True]
    assert LoadMark.objects.count() == 1
    with pytest.raises(NotFound):
        mark_loaded(**{**asked, "line_id": uuid4()})
    with pytest.raises(Forbidden):
        mark_loaded(**{**asked, "by": make_user(world.company, "salesperson")})
    ship_order_delivery(delivery_id=one.delivery_id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        mark_loaded(**asked, loaded=False)
    assert LoadMark.objects.count() == 1


def test_the_phone_the_api_and_the_paper_tell_the_same_load():
    world = make_world()
    tea = make_product(world, stock=50, name="Teh", barcodes=())
    for name in ("Toko A", "Toko B"):
        make_confirmed_order(world, [line(tea, 5)], customer=make_customer(world, name=name))
    route, api, client = routed(world), Api(world.owner), signed_in(world)
    stops = api.get(f"routes/{route.pk}/load").json()["stops"]
    first = stops[0]["lines"][0]["id"]

    page = client.post(f"/routes/{route.pk}/loading/{first}", {"loaded": "1"}, headers={"HX-Request": "true"})
    told = api.send("put", f"routes/{route.pk}/load/{first}", {"loaded": True}).json()
    names = [
        [one.description.partition(" ·")[0] for one in load_paper(
            subject_id=route.pk, by=world.owner, language="en", variant=variant).data.lines if one.kind == "section"]
        for variant in ("", "last_first")
    ]  # fmt: skip

    assert 'aria-pressed="true"' in page.content.decode()
    assert [one["lines"][0]["is_loaded"] for one in told["stops"]] == [True, False]
    a, b = (stop["customer"] for stop in stops)
    assert names == [
        [f"1. {a}", f"2. {b}", "Together, by product"], [f"2. {b}", f"1. {a}", "Together, by product"],
    ]  # fmt: skip
    assert client.get(f"/paper/route/{route.pk}.pdf").content[:5] == b"%PDF-"


def test_a_load_is_as_many_statements_for_many_stops_as_for_one():
    world = make_world()
    tea = make_product(world, stock=500)

    def statements() -> int:
        with CaptureQueriesContext(connection) as told:
            load_of(route)
        return len(told)

    make_confirmed_order(world, [line(tea, 1)])
    route = routed(world)
    few = statements()
    Delivery.objects.update(planned_date=None)
    for _turn in range(6):
        make_confirmed_order(world, [line(tea, 1)])
    home = Warehouse.objects.get(company=world.company)
    plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    route = DeliveryRoute.objects.select_related("warehouse", "vehicle").order_by("-number")[0]

    assert len(load_of(route)) == 6
    assert statements() == few == 3
