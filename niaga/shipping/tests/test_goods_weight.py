"""What goods weigh, from the order's page to the carrier's booking."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.rules.load import GoodsLoad
from niaga.catalog.rules.product import NewPacking
from niaga.documents.rules.paper_parts import columns_of, usual_columns
from niaga.documents.rules.print_document import PrintKind
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.shipping.models import Shipment
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.stock.models import Delivery, DeliveryRoute, Warehouse
from niaga.stock.queries.load_paper import load_paper
from niaga.stock.queries.loading import load_of
from niaga.stock.queries.paper import delivery_paper
from tests.api import Api
from tests.makers import NOW, make_bundle, make_confirmed_order, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db
D = Decimal


def line(product, quantity, unit=None):
    return LineInput(product_id=product.id, quantity=D(quantity), unit=unit)


def weighed(world):
    """An order of three boxes, two bundles and something of which nobody knows the weight."""
    tea = make_product(
        world, stock=99, weight=D("0.25"), volume=D("0.6"), units=(NewPacking(unit="box", factor=D(12)),)
    )
    cup = make_product(world, stock=99, weight=D("0.4"))
    bundle, plain = make_bundle(world, {tea.id: 2, cup.id: 1}), make_product(world, stock=9)
    return make_confirmed_order(world, [line(tea, 3, "box"), line(bundle, 2), line(plain, 1)])


def test_order_delivery_note_load_list_and_programs_tell_one_weight_and_what_has_none():
    world = make_world()
    order = weighed(world)
    home = Warehouse.objects.get(company=world.company)
    plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    delivery, route = Delivery.objects.get(), DeliveryRoute.objects.get()
    client, api = signed_in(world), Api(world.owner)
    client.cookies["niaga_language"] = "en"

    (stop,) = load_of(route)
    told = [api.get(path).json()["load"] for path in (f"orders/{order.id}", f"deliveries/{delivery.id}")]
    pages = [client.get(path).content.decode() for path in (
        f"/orders/{order.id}", f"/deliveries/{delivery.id}", f"/routes/{route.pk}/loading",
        f"/picking/{route.pick_list.pk}")]  # fmt: skip
    note = delivery_paper(subject_id=delivery.id, by=world.owner, language="en", variant="").data
    loads = load_paper(subject_id=route.pk, by=world.owner, language="en", variant="").data

    # three boxes of 12 x 0.25, two bundles of 2 x 0.25 and a cup of 0.4
    assert stop.goods == GoodsLoad(D("10.8"), D(24), lines=3, unweighed=1, unmeasured=2)
    assert told == [{"weight": "10.8", "volume": "24", "lines": 3, "unweighed": 1, "unmeasured": 2}] * 2
    assert ["Goods: 10.8 kg · 24 l. 1 line has no weight." in page for page in pages] == [True] * 4
    assert [one.weight for one in note.lines] == [D(9), D("1.8"), None]
    assert not [label for label, _value in note.facts if label == "Weight"]  # a sum that leaves some out
    assert ("Weight", "10.8 kg") in loads.facts
    assert ("Without a weight", "1 line has no weight.") in loads.facts
    for kind in (PrintKind.DELIVERY_NOTE, PrintKind.PICK_LIST, PrintKind.LOAD_LIST):
        assert "weight" in columns_of(kind)
        assert "weight" not in usual_columns(kind)


def test_a_carrier_is_told_what_the_goods_weigh_unless_a_person_says_otherwise():
    world = make_world()
    tea = make_product(world, stock=99, weight=D("0.3333"))
    full = [make_confirmed_order(world, [line(tea, 3)]) for _turn in range(3)]
    keys = [deliver_order(order_id=one.id, by=world.owner, at=NOW) for one in (*full, weighed(world))]
    carrier = save_carrier(details=CarrierDetails("own", "Armada"), company_id=world.company.id, by=world.owner, at=NOW)

    def book(some, **details):
        with CaptureQueriesContext(connection) as told:
            book_shipments(delivery_ids=some, carrier_id=carrier, details=ShipmentDetails(**details), by=world.owner,
                           at=NOW)  # fmt: skip
        return len(told)

    one, two = book(keys[:1]), book(keys[1:2], weight_grams=2_500)
    rest = book(keys[2:])

    weights = dict(Shipment.objects.values_list("delivery_id", "weight_grams"))
    assert [weights[key] for key in keys] == [1_000, 2_500, 1_000, 1_000]  # 999.9 g are rounded up; one is not known
    assert (one, rest) == (two + 1, one)
