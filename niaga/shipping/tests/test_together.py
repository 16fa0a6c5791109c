"""What travels together is one shipment, one stop, one proof, one mail and one page of the customer."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.test import Client

from niaga.core.clock import today as day_at
from niaga.documents.models import Attachment
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.payments.models import Payment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.ship_together import ship_together
from niaga.sales.tests.together import make_joint, make_waiting
from niaga.shipping.errors import BadVisit, NothingToBook, ShipmentOpen
from niaga.shipping.models import DeliveryVisit, Shipment
from niaga.shipping.queries.drivers_day import drivers_day
from niaga.shipping.queries.shipments import parcel_of, shipments_of_delivery
from niaga.shipping.queries.to_collect import to_collect
from niaga.shipping.queries.tracking import tracking_of
from niaga.shipping.rules.door_share import share, split_cash
from niaga.shipping.rules.visit import read_visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.mail_tracking import mail_tracking
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.plan_next_try import plan_next_try
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.share_tracking import share_tracking
from niaga.shipping.services.take_in_cash import take_in_cash
from niaga.shipping.tests.makers import make_carrier, make_driver
from niaga.shipping.tests.test_visits import photo
from niaga.stock.models import Delivery, DeliveryLine, ProofOfDelivery, RouteStop, Warehouse
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_product, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


def told(**facts):
    given = {"key": str(uuid4()), "outcome": "delivered", "at": NOW.isoformat(), "received_by": "Pak Joko"}
    return read_visit({**given, **facts})


def make_left(world: World, *, count: int = 3, **order) -> tuple[UUID, list[UUID]]:
    joint_id, found = make_joint(world, count=count, **order)
    ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)
    return joint_id, found


def bill(delivery_id: UUID) -> D:
    order_id = DeliveryLine.objects.get(delivery_id=delivery_id).order_links.get().order_line.order_id
    invoice = issue_invoice(invoice_id=invoice_order(order_id=order_id, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)
    return invoice.total


def test_it_is_booked_once_with_one_parcel_one_cost_and_one_number_of_its_own():
    world = make_world()
    joint_id, found = make_joint(world)
    alone = make_waiting(world)
    carrier = make_carrier(world, "by_hand")

    made = book_shipments(
        delivery_ids=[found[2]], carrier_id=carrier.id, by=SYSTEM, at=NOW,
        details=ShipmentDetails(parcels=2, weight_grams=4_000, tracking="RESI-1", cost=D(18_000)),
    )  # fmt: skip

    shipment = Shipment.objects.get()
    assert made == [shipment.id]
    assert [rows[0]["id"] for rows in map(shipments_of_delivery, found)] == [shipment.id] * 3
    assert set(Delivery.objects.filter(joint_id=joint_id).values_list("tracking", flat=True)) == {"RESI-1"}
    parcel = parcel_of(Shipment.objects.select_related("delivery__joint", "branch", "company").get())
    assert (parcel.number, parcel.parcels, parcel.weight_grams) == ("JD-2026-00001", 2, 4_000)
    with pytest.raises(ShipmentOpen):
        book_shipments(
            delivery_ids=[found[0], alone], carrier_id=carrier.id, details=ShipmentDetails(), by=SYSTEM, at=NOW
        )
    assert Shipment.objects.count() == 1


def test_a_carrier_that_brought_it_delivers_all_of_it():
    world = make_world()
    _joint_id, found = make_left(world)
    [key] = book_shipments(
        delivery_ids=found, carrier_id=make_carrier(world).id, details=ShipmentDetails(), by=SYSTEM, at=NOW
    )

    note_happened(shipment_id=key, state="delivered", by=SYSTEM, at=NOW)

    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert ProofOfDelivery.objects.count() == 3


def test_a_parcel_that_was_booked_by_itself_arrives_by_its_own_word():
    world = make_world()
    customer, carrier = make_customer(world), make_carrier(world)
    first, second, third = found = [make_waiting(world, customer) for _turn in range(3)]
    own, other = (
        book_shipments(delivery_ids=[one], carrier_id=carrier.id, details=ShipmentDetails(), by=SYSTEM, at=NOW)[0]
        for one in (first, second)
    )
    ship_together(joint_id=put_together(delivery_ids=found, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)

    note_happened(shipment_id=own, state="delivered", by=SYSTEM, at=NOW)
    assert dict(Delivery.objects.values_list("pk", "status")) == {
        first: "delivered", second: "shipped", third: "delivered",
    }  # fmt: skip
    note_happened(shipment_id=other, state="delivered", by=SYSTEM, at=NOW)

    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert not broken_promises()


def test_what_was_not_taken_can_be_booked_anew_though_the_rest_has_arrived():
    world = make_world()
    _joint_id, found = make_left(world)
    line = DeliveryLine.objects.get(delivery_id=found[2])
    refused = [{"line": str(line.id), "quantity": "5", "reason": "wrong"}]
    record_visit(delivery_id=found[0], visit=told(outcome="part", refused=refused), by=SYSTEM, at=NOW)
    carrier = make_carrier(world)

    with pytest.raises(NothingToBook):
        book_shipments(delivery_ids=found, carrier_id=carrier.id, details=ShipmentDetails(), by=SYSTEM, at=NOW)
    book_shipments(delivery_ids=[found[2]], carrier_id=carrier.id, details=ShipmentDetails(), by=SYSTEM, at=NOW)

    assert list(Shipment.objects.values_list("delivery_id", flat=True)) == [found[2]]
    assert list(Delivery.objects.order_by("pk").values_list("carrier", flat=True)) == ["", "", carrier.name]


def test_the_driver_sees_one_stop_and_one_proof_is_that_of_all():
    world = make_world()
    driver = make_driver(world)
    joint_id, found = make_joint(world)
    other = make_waiting(world)
    place, today = Warehouse.objects.get(company=world.company), day_at(at=NOW, zone=world.branch.zone)
    plan_day(warehouse_id=place.id, date=today, delivery_ids=[*found, other], by=SYSTEM, at=NOW)
    name_driver(route_id=RouteStop.objects.first().route_id, driver_user_id=driver.id, by=SYSTEM, at=NOW)
    ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)
    due = sum(bill(one) for one in found)

    stops = drivers_day(by=driver, at=NOW).stops
    [stop] = [one for one in stops if len(one.rows) > 1]
    visit = told(photos=[photo()], signature=photo(), cash=str(due))
    for _turn in range(2):
        record_visit(delivery_id=stop.row.delivery_id, visit=visit, by_phone=True, by=driver, at=NOW)

    assert len(stops) == 2
    assert (len(stop.lines), stop.row.delivery_id) == (3, min(found))
    assert (stop.collect.amount, due) == (D(1_665_000), D(1_665_000))
    visits = DeliveryVisit.objects.order_by("delivery_id")
    assert [(one.outcome, one.cash, one.told_with) for one in visits] == [
        ("delivered", D(555_000), None), ("delivered", D(555_000), visit.key), ("delivered", D(555_000), visit.key),
    ]  # fmt: skip
    for one in visits:
        own = set(Attachment.objects.filter(subject_id=one.delivery_id).values_list("pk", flat=True))
        assert {UUID(one.photo_ids[0]), one.signature_id} == own
        assert str(ProofOfDelivery.objects.get(delivery_id=one.delivery_id).photo_id) == one.photo_ids[0]
    assert set(Delivery.objects.filter(joint_id=joint_id).values_list("status", flat=True)) == {"delivered"}
    assert not broken_promises()


def test_money_of_one_door_is_taken_in_as_one_payment_of_all_invoices():
    world = make_world()
    _joint_id, found = make_left(world, count=2)
    due = [bill(one) for one in found]
    visit = told(cash=str(sum(due) + 5_000))
    record_visit(delivery_id=found[1], visit=visit, by=SYSTEM, at=NOW)
    assert to_collect(delivery_ids=found, currency="IDR", day=NOW.date()) == {}

    payments = {take_in_cash(visit_id=one.id, by=SYSTEM, at=NOW) for one in DeliveryVisit.objects.all()}

    payment = Payment.objects.get()
    assert payments == {payment.id}
    assert (payment.amount, payment.allocated) == (D(1_115_000), D(1_110_000))
    assert to_collect(delivery_ids=found, currency="IDR", day=NOW.date()) == {}
    assert not broken_promises()


def test_money_that_a_driver_holds_is_not_asked_for_again_though_the_first_line_stayed_behind():
    world = make_world()
    customer, goods = make_customer(world), [make_product(world, stock=9) for _turn in range(2)]
    wanted = [LineInput(product_id=one.id, quantity=D(1)) for one in goods]
    delivery_id = deliver_order(
        order_id=make_confirmed_order(world, wanted, customer=customer).id, by=SYSTEM, at=NOW
    )  # fmt: skip
    first = DeliveryLine.objects.get(delivery_id=delivery_id, position=1)
    ship_order_delivery(delivery_id=delivery_id, quantities={first.id: D(0)}, by=SYSTEM, at=NOW)
    due = bill(delivery_id)
    assert to_collect(delivery_ids=[delivery_id], currency="IDR", day=NOW.date())[delivery_id].amount == due

    record_visit(delivery_id=delivery_id, visit=told(cash=str(due)), by=SYSTEM, at=NOW)

    assert to_collect(delivery_ids=[delivery_id], currency="IDR", day=NOW.date()) == {}


def test_what_is_refused_is_refused_by_delivery_and_what_was_not_taken_at_all_is_tried_again():
    world = make_world()
    _joint_id, found = make_left(world)
    lines = [DeliveryLine.objects.get(delivery_id=one).id for one in found]
    refused = [
        {"line": str(lines[1]), "quantity": "2", "reason": "damaged"},
        {"line": str(lines[2]), "quantity": "5", "reason": "wrong"},
    ]

    record_visit(delivery_id=found[0], visit=told(outcome="part", refused=refused), by=SYSTEM, at=NOW)

    rows = {one.delivery_id: one for one in DeliveryVisit.objects.all()}
    assert [rows[one].outcome for one in found] == ["delivered", "part", "failed"]
    assert [Delivery.objects.get(pk=one).status for one in found] == ["delivered", "delivered", "shipped"]
    assert rows[found[2]].reason == "wrong"
    record_visit(delivery_id=found[2], visit=told(), by=SYSTEM, at=NOW + timedelta(hours=2))
    assert Delivery.objects.get(pk=found[2]).status == "delivered"
    assert DeliveryVisit.objects.count() == 4
    assert not broken_promises()


def test_a_visit_in_vain_is_in_vain_for_all_and_so_is_the_day_of_the_next_try():
    world = make_world()
    _joint_id, found = make_left(world, count=2)
    again = NOW.date() + timedelta(days=1)

    record_visit(
        delivery_id=found[0], by=SYSTEM, at=NOW, visit=told(outcome="failed", reason="closed", next_date=str(again))
    )
    assert set(Delivery.objects.values_list("status", "planned_date")) == {("shipped", again)}
    plan_next_try(delivery_id=found[1], next_date=again + timedelta(days=1), by=SYSTEM, at=NOW)

    assert set(Delivery.objects.values_list("planned_date", flat=True)) == {again + timedelta(days=1)}


def test_no_more_is_refused_than_was_brought_and_nothing_is_kept_then():
    world = make_world()
    _joint_id, found = make_left(world, count=2)
    line = DeliveryLine.objects.get(delivery_id=found[1])

    with pytest.raises(BadVisit):
        record_visit(
            delivery_id=found[0], by=SYSTEM, at=NOW,
            visit=told(outcome="part", refused=[{"line": str(line.id), "quantity": "6", "reason": "wrong"}]),
        )  # fmt: skip

    assert not DeliveryVisit.objects.exists()
    assert set(Delivery.objects.values_list("status", flat=True)) == {"shipped"}


def test_the_customer_gets_one_mail_and_one_page_of_all_orders():
    world = make_world()
    change_shipping_settings(
        company_id=world.company.id, tells_customer=True, names_receiver=True, position_days=0, asks_signature=False,
        asks_photo=False, by=SYSTEM, at=NOW,
    )  # fmt: skip
    customer = make_customer(world, email="toko@example.com")
    _joint_id, found = make_left(world, count=2, customer=customer)

    mailed = [mail_tracking(delivery_id=one, at=NOW) for one in found]

    assert mailed == [True, False]
    mail = Email.objects.get()
    assert "SO-2026-00001, SO-2026-00002" in mail.subject
    orders = tracking_of(found[1]).orders
    assert [(one.number, len(one.lines)) for one in orders] == [("SO-2026-00002", 1), ("SO-2026-00001", 1)]
    page = Client().get(urlsplit(share_tracking(delivery_id=found[0], by=SYSTEM, at=NOW)).path)
    assert page.status_code == 200
    assert all(number in page.content.decode() for number in ("SO-2026-00001", "SO-2026-00002"))


def test_a_visit_is_shared_among_deliveries_and_money_by_what_is_due():
    lines = [uuid4(), uuid4()]
    refused = [{"line": str(lines[1]), "quantity": "2", "reason": "wrong"}]
    whole = told(outcome="part", refused=refused)
    one, two = sorted((uuid4(), uuid4()))

    assert share(whole, held={lines[0]: D(3)}).outcome == "delivered"
    assert share(whole, held={lines[1]: D(3)}).outcome == "part"
    lost = share(whole, held={lines[1]: D(2)})
    assert (lost.outcome, lost.reason, lost.received_by, lost.refused) == ("failed", "wrong", "", ())
    assert split_cash(D(500), doors=[one, two], due={one: D(200), two: D(100)}) == {one: D(400), two: D(100)}
    assert split_cash(D(150), doors=[one, two], due={one: D(200), two: D(100)}) == {one: D(150)}
    assert split_cash(None, doors=[one], due={}) == {}
