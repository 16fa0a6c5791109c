"""Bundles are promised, held and shipped by their parts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.catalog.models import Product
from niaga.catalog.rules.product import NewBundlePart, NewPacking
from niaga.catalog.services.update_product import update_product
from niaga.documents.rules.print_payload import print_payload
from niaga.invoicing.models import InvoiceLine
from niaga.organization.access import SYSTEM
from niaga.sales.errors import OverDelivery
from niaga.sales.models import QuotationVersion, SalesOrder, SalesOrderLine
from niaga.sales.queries.confirmation import short_lines
from niaga.sales.queries.paper import quotation_paper
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.reserve_waiting import reserve_waiting
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import OutOfStock
from niaga.stock.models import DeliveryLine, Reservation, StockLevel, StockMove
from niaga.stock.queries.availability import availability, free_by_product
from niaga.stock.queries.paper import delivery_paper
from tests.api import Api
from tests.makers import (
    NOW,
    make_accepted_order,
    make_bundle,
    make_confirmed_order,
    make_order,
    make_product,
    make_quotation,
    make_stock,
    make_world,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def levels(product):
    level = StockLevel.objects.get(product=product)
    return level.on_hand, level.reserved


def line_of(order, product):
    return SalesOrderLine.objects.get(order_id=order.id, product=product)


def make_parcel(world, *, coffee=10, sugar=30, **facts):
    """A parcel of one coffee and three sugar, with so much of each on hand; and coffee and sugar themselves."""
    one = make_product(world, stock=coffee, name="Kopi", cost=Decimal(60_000))
    other = make_product(world, stock=sugar, name="Gula", cost=Decimal(12_000))
    return make_bundle(world, {one.id: 1, other.id: 3}, name="Paket Lebaran", **facts), one, other


def test_a_bundle_is_sold_by_its_parts_from_the_promise_to_the_invoice():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    order = make_accepted_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(4))])

    confirm_order(order_id=order.id, by=world.owner, at=NOW)

    assert (levels(coffee), levels(sugar)) == ((10, 4), (30, 12))
    assert not StockLevel.objects.filter(product=parcel).exists()
    line = line_of(order, parcel)
    assert line.unit_cost == 96_000
    delivery_id = deliver_order(order_id=order.id, quantities={line.id: Decimal(3)}, by=world.owner, at=LATER)
    packed = DeliveryLine.objects.get(delivery_id=delivery_id)
    assert (packed.product_id, packed.quantity, packed.reservation_id) == (parcel.id, 3, None)
    assert [(part.product_id, part.quantity) for part in packed.parts.order_by("position")] == [
        (coffee.id, 1), (sugar.id, 3),
    ]  # fmt: skip
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((7, 1), (21, 3))
    moves = StockMove.objects.filter(source_id=delivery_id).order_by("quantity")
    assert [(move.product_id, move.quantity, move.unit_cost, move.line_id) for move in moves] == [
        (sugar.id, -9, 12_000, packed.id), (coffee.id, -3, 60_000, packed.id),
    ]  # fmt: skip
    order.refresh_from_db()
    assert order.delivery_progress == "partial"
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=LATER)
    billed = InvoiceLine.objects.get(invoice_id=invoice_id)
    assert (billed.product_id, billed.quantity, billed.amount) == (parcel.id, 3, 300_000)
    assert [part["name"] for part in billed.parts] == ["Kopi", "Gula"]
    last = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=last, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((6, 0), (18, 0))
    assert broken_promises() == []


def test_a_short_bundle_is_answered_in_whole_bundles_with_its_short_parts_and_nothing_is_held():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world, coffee=10, sugar=10)
    order = make_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(5))])

    with pytest.raises(OutOfStock) as refused:
        confirm_order(order_id=order.id, by=world.owner, at=NOW)

    (answer,) = refused.value.lines
    assert (answer["line"], answer["wanted"], answer["available"]) == (1, 5, 3)
    assert [(part["description"], part["wanted"], part["available"]) for part in answer["short_parts"]] == [
        ("Gula", 15, 10)
    ]
    assert (levels(coffee), levels(sugar)) == ((10, 0), (10, 0))
    assert not Reservation.objects.exists()


def test_a_part_of_two_bundles_and_of_a_line_of_its_own_is_counted_together():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world, coffee=10, sugar=20)
    sweet = make_bundle(world, {sugar.id: 5})
    lines = [
        LineInput(product_id=parcel.id, quantity=Decimal(2)), LineInput(product_id=sugar.id, quantity=Decimal(4)),
        LineInput(product_id=sweet.id, quantity=Decimal(2)),
    ]  # fmt: skip

    make_confirmed_order(world, lines)

    assert (levels(coffee), levels(sugar)) == ((10, 2), (20, 20))
    again = make_order(world, [LineInput(product_id=sugar.id), LineInput(product_id=parcel.id)])
    with pytest.raises(OutOfStock) as refused:
        confirm_order(order_id=again.id, by=world.owner, at=NOW)
    assert [answer["available"] for answer in refused.value.lines] == [0, 0]
    assert (levels(coffee), levels(sugar)) == ((10, 2), (20, 20))


def test_what_is_short_waits_and_is_held_when_its_parts_come():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world, coffee=10, sugar=10)
    order = make_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(5))])

    confirm_order(order_id=order.id, by=world.owner, at=NOW, shortage="backorder")

    assert (levels(coffee), levels(sugar)) == ((10, 5), (10, 10))
    line = line_of(order, parcel)
    with pytest.raises(OverDelivery) as refused:
        deliver_order(order_id=order.id, quantities={line.id: Decimal(4)}, by=world.owner, at=NOW)
    assert refused.value.lines[0]["available"] == 3
    first = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=first, by=world.owner, at=NOW)
    assert (levels(coffee), levels(sugar)) == ((7, 2), (1, 1))
    make_stock(world, {sugar.id: Decimal(20)})
    assert reserve_waiting(warehouse_id=order.warehouse_id, product_ids=[sugar.id], at=LATER) == 1
    assert (levels(coffee), levels(sugar)) == ((7, 2), (21, 6))
    assert reserve_waiting(warehouse_id=order.warehouse_id, product_ids=[sugar.id], at=LATER) == 0
    rest = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=rest, by=world.owner, at=LATER)
    order.refresh_from_db()
    assert order.delivery_progress == "done"
    assert (levels(coffee), levels(sugar)) == ((5, 0), (15, 0))
    assert broken_promises() == []


def test_a_promise_keeps_the_parts_it_was_made_with():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    tea = make_product(world, stock=10, name="Teh")
    order = make_confirmed_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(2))])

    update_product(
        product_id=parcel.id, by=SYSTEM, at=LATER,
        parts=[NewBundlePart(product_id=tea.id, quantity=Decimal(1))],
    )  # fmt: skip

    line = line_of(order, parcel)
    own = LineInput(id=line.id, product_id=parcel.id, quantity=Decimal(3))
    new = LineInput(product_id=parcel.id, quantity=Decimal(1))
    amend_order(order_id=order.id, version=None, lines=[own, new], by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar), levels(tea)) == ((10, 3), (30, 9), (10, 1))
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar), levels(tea)) == ((7, 0), (21, 0), (9, 0))
    assert broken_promises() == []


def test_an_accepted_offer_promises_what_the_customer_was_shown():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    order = make_accepted_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(2))])
    update_product(
        product_id=parcel.id, by=SYSTEM, at=LATER,
        parts=[NewBundlePart(product_id=coffee.id, quantity=Decimal(2))],
    )  # fmt: skip

    confirm_order(order_id=order.id, by=world.owner, at=LATER)

    assert (levels(coffee), levels(sugar)) == ((10, 2), (30, 6))


def test_amending_cancelling_and_calling_off_give_the_right_parts_back():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    order = make_confirmed_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(6))])
    line = line_of(order, parcel)
    given = LineInput(id=line.id, product_id=parcel.id, quantity=Decimal(5))

    amend_order(order_id=order.id, version=None, lines=[given], by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((10, 5), (30, 15))
    first = deliver_order(order_id=order.id, quantities={line.id: Decimal(2)}, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=first, by=world.owner, at=LATER)
    off = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    cancel_order_delivery(delivery_id=off, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((8, 3), (24, 9))
    kept = deliver_order(order_id=order.id, quantities={line.id: Decimal(1)}, by=world.owner, at=LATER)
    cancel_rest(order_id=order.id, reason="Cukup", by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((8, 1), (24, 3))
    ship_order_delivery(delivery_id=kept, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((7, 0), (21, 0))
    assert SalesOrder.objects.get(pk=order.id).delivery_progress == "done"
    whole = make_confirmed_order(world, [replace(given, id=None)])
    cancel_order(order_id=whole.id, reason="Batal", by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((7, 0), (21, 0))
    assert broken_promises() == []


def test_a_delivery_ships_fewer_bundles_than_were_packed():
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    tea = make_product(world, stock=5, name="Teh")
    wanted = [LineInput(product_id=parcel.id, quantity=Decimal(4)), LineInput(product_id=tea.id)]
    order = make_confirmed_order(world, wanted)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    packed, other = DeliveryLine.objects.filter(delivery_id=delivery_id).order_by("position")

    ship_order_delivery(
        delivery_id=delivery_id, quantities={packed.id: Decimal(0), other.id: Decimal(1)}, by=world.owner, at=LATER
    )

    assert (levels(coffee), levels(sugar), levels(tea)) == ((10, 4), (30, 12), (4, 0))
    again = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    packed = DeliveryLine.objects.get(delivery_id=again)
    ship_order_delivery(delivery_id=again, quantities={packed.id: Decimal(1)}, by=world.owner, at=LATER)
    assert (levels(coffee), levels(sugar)) == ((9, 3), (27, 9))
    assert broken_promises() == []


def test_a_service_in_a_bundle_goes_with_it_and_leaves_no_shelf():
    world = make_world()
    coffee = make_product(world, stock=5, cost=Decimal(60_000))
    wrapping = make_product(world, kind="service", name="Jasa bungkus", cost=Decimal(5_000))
    gift = make_bundle(world, {coffee.id: 2, wrapping.id: 1})
    order = make_confirmed_order(world, [LineInput(product_id=gift.id, quantity=Decimal(2))])

    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)

    assert line_of(order, gift).unit_cost == 125_000
    assert levels(coffee) == (1, 0)
    assert [move.product_id for move in StockMove.objects.filter(source_id=delivery_id)] == [coffee.id]
    assert broken_promises() == []


def test_a_service_line_is_delivered_without_leaving_a_shelf():
    world = make_world()
    coffee = make_product(world, stock=5)
    visit = make_product(world, kind="service", name="Pemasangan")
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id), LineInput(product_id=visit.id)])

    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)

    assert SalesOrder.objects.get(pk=order.id).delivery_progress == "done"
    assert [move.product_id for move in StockMove.objects.filter(source_id=delivery_id)] == [coffee.id]
    assert broken_promises() == []


def test_a_bundle_is_as_free_as_its_scarcest_part_in_one_statement(django_assert_num_queries):
    world = make_world()
    parcel, coffee, sugar = make_parcel(world, coffee=10, sugar=17)
    other = make_bundle(world, {make_product(world).id: 1})
    make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(6))])
    ids = [parcel.id, other.id, coffee.id, sugar.id]

    with django_assert_num_queries(1):
        there = availability(product_ids=ids, company_id=world.company.id)
    with django_assert_num_queries(1):
        listed = dict(Product.objects.filter(pk__in=ids).annotate(free=free_by_product()).values_list("pk", "free"))

    assert {key: one.free for key, one in there.items()} == listed
    assert [listed[key] for key in ids] == [4, 0, 4, 17]


def test_the_offer_the_order_and_their_papers_say_what_is_in_a_bundle(client):
    world = make_world()
    parcel, _coffee, _sugar = make_parcel(world, units=(NewPacking(unit="box", factor=Decimal(2)),))
    offer = make_quotation(world, [LineInput(product_id=parcel.id, unit="box")])
    order = make_accepted_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(20))])
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(f"/quotations/{offer.id}").content.decode()
    assert "Berisi 2\xa0pcs Kopi · 6\xa0pcs Gula" in page
    short = client.get(f"/orders/{order.id}").content.decode()
    assert "Berisi 1\xa0pcs Kopi · 3\xa0pcs Gula" in short
    (line,) = quotation_paper(subject_id=offer.id, by=world.owner, language="id", variant="").data.lines
    assert [(part.description, part.quantity, part.unit) for part in line.parts] == [
        ("Kopi", 2, "pcs"),
        ("Gula", 6, "pcs"),
    ]
    (told,) = short_lines(order=order, lines=[line_of(order, parcel)], straight=())
    assert (told.wanted, told.free, told.parts) == (20, 10, ("Kopi", "Gula"))


def test_the_delivery_and_its_papers_show_the_bundle_with_its_parts_under_it(client):
    world = make_world()
    parcel, coffee, sugar = make_parcel(world)
    order = make_confirmed_order(world, [LineInput(product_id=parcel.id, quantity=Decimal(2))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(f"/deliveries/{delivery_id}").content.decode()
    paper = delivery_paper(subject_id=delivery_id, by=world.owner, language="id", variant="pick_list")
    rows = print_payload(kind=paper.kind, document=paper.data, language="id")["rows"]

    assert f'2\xa0pcs <a class="link" href="/stock/products/{coffee.id}">Kopi</a>' in page
    assert f'6\xa0pcs <a class="link" href="/stock/products/{sugar.id}">Gula</a>' in page
    texts = [[cell["text"].replace("\xa0", " ") for cell in row["cells"]] for row in rows]
    assert texts == [
        ["1", "", "Paket Lebaran", "", "2 pcs", ""], ["", "", "– Kopi", "10 pcs", "2 pcs", ""],
        ["", "", "– Gula", "30 pcs", "6 pcs", ""],
    ]  # fmt: skip


def test_what_a_customer_was_sent_keeps_the_parts_and_no_cost():
    world = make_world()
    parcel, _coffee, _sugar = make_parcel(world)
    offer = make_quotation(world, [LineInput(product_id=parcel.id)])

    send_quotation(quotation_id=offer.id, by=world.owner, at=LATER)

    (line,) = QuotationVersion.objects.get(quotation=offer).content["lines"]
    assert [(part["name"], "cost" in part) for part in line["parts"]] == [("Kopi", False), ("Gula", False)]


def test_programs_make_sell_and_ship_a_bundle_and_read_which_part_is_short():
    world = make_world()
    coffee = make_product(world, stock=30, name="Kopi", units=(NewPacking(unit="box", factor=Decimal(12)),))
    api = Api(world.owner)
    parts = [{"product_id": str(coffee.id), "quantity": 1, "unit": "box"}]

    made = api.send("post", "products", {"name": "Paket", "kind": "bundle", "price": 900_000, "parts": parts}).json()
    order = make_order(world, [LineInput(product_id=UUID(made["id"]), quantity=Decimal(3))])
    refused = api.send("post", f"orders/{order.id}/confirmation")
    taken = api.send("post", f"orders/{order.id}/confirmation", {"shortage": "backorder"})
    delivery = api.send("post", f"orders/{order.id}/deliveries").json()

    assert [(part["name"], part["quantity"], part["unit"]) for part in made["parts"]] == [("Kopi", "12", "pcs")]
    (answer,) = refused.json()["lines"]
    assert (refused.status_code, answer["available"], answer["short_parts"][0]["available"]) == (409, "2", "30")
    assert [(part["name"], part["quantity"]) for part in taken.json()["lines"][0]["parts"]] == [("Kopi", "12")]
    assert "cost" not in taken.json()["lines"][0]["parts"][0]
    (packed,) = delivery["lines"]
    assert (packed["quantity"], [(part["name"], part["quantity"]) for part in packed["parts"]]) == (
        "2",
        [("Kopi", "12")],
    )


def test_a_pick_list_counts_full_boxes():
    world = make_world()
    coffee = make_product(world, stock=30, name="Kopi", units=(NewPacking(unit="box", factor=Decimal(12)),))
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, unit="box")])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=LATER)

    paper = delivery_paper(subject_id=delivery_id, by=world.owner, language="id", variant="pick_list")

    assert [(line.quantity, line.available) for line in paper.data.lines] == [(1, 2)]
