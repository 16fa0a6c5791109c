"""What a driver tells of a door, and what the customer sees of it."""

import base64
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from PIL import Image

from niaga.core.errors import WrongState
from niaga.documents.models import Attachment
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM, Actor
from niaga.payments.models import Payment
from niaga.shipping.errors import BadVisit
from niaga.shipping.models import DeliveryVisit, RefusedGoods, VisitPosition
from niaga.shipping.queries.tracking import tracking_of
from niaga.shipping.rules.visit import NotAVisit, read_visit
from niaga.shipping.services.answer_position import answer_position
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.forget_positions import forget_positions
from niaga.shipping.services.mail_tracking import mail_tracking
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.share_tracking import share_tracking
from niaga.shipping.services.take_in_cash import take_in_cash
from niaga.shipping.tests.makers import make_carrier, make_delivery, make_shipment
from niaga.stock.models import Delivery, DeliveryLine
from tests.makers import NOW, make_customer, make_world

pytestmark = pytest.mark.django_db


def photo() -> str:
    """A picture that says where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "rahasia"
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=exif)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def told(**facts: Any) -> dict[str, Any]:
    given = {"key": str(uuid4()), "outcome": "delivered", "at": NOW.isoformat(), "received_by": "Pak Joko"}
    return {**given, **facts}


def visit(delivery_id: UUID, facts: dict[str, Any], at: Any = NOW, by: Actor = SYSTEM) -> DeliveryVisit:
    return record_visit(delivery_id=delivery_id, visit=read_visit(facts), by=by, at=at)


def test_a_door_is_told_once_however_often_it_is_sent_with_clean_photo_signature_and_rounded_place():
    world = make_world()
    delivery_id = make_delivery(world)
    answer_position(is_given=True, by=world.owner, at=NOW)
    facts = told(
        photos=[photo()], signature=photo(), cash="250000",
        position={"latitude": -7.257472, "longitude": 112.752088, "accuracy": 12.7},
    )  # fmt: skip

    first = visit(delivery_id, facts, NOW + timedelta(hours=3), world.owner)
    again = visit(delivery_id, facts, NOW + timedelta(hours=4), world.owner)

    assert first.pk == again.pk == UUID(facts["key"])
    assert DeliveryVisit.objects.count() == 1
    assert Attachment.objects.count() == 2
    delivery = Delivery.objects.get(pk=delivery_id)
    assert (delivery.status, delivery.proof.received_by, delivery.proof.at) == ("delivered", "Pak Joko", NOW)
    assert str(delivery.proof.photo_id) == first.photo_ids[0]
    place = VisitPosition.objects.get()
    assert (place.latitude, place.longitude, place.accuracy_m) == (Decimal("-7.2575"), Decimal("112.7521"), 12)


def test_a_photo_loses_all_but_its_picture():
    from niaga.documents import store

    delivery_id = make_delivery(make_world())

    visit(delivery_id, told(photos=[photo()]))

    file = Attachment.objects.select_related("file").get().file
    assert b"rahasia" not in store.read(file.sha256)


def test_a_part_that_is_not_taken_is_written_down_with_its_reason_and_the_rest_is_delivered():
    delivery_id = make_delivery(make_world(), quantity=5)
    line = DeliveryLine.objects.get(delivery_id=delivery_id)

    visit(delivery_id, told(outcome="part", refused=[{"line": str(line.id), "quantity": "2", "reason": "damaged"}]))

    refused = RefusedGoods.objects.get()
    assert (refused.quantity, refused.reason) == (Decimal(2), "damaged")
    assert Delivery.objects.get(pk=delivery_id).status == "delivered"


@pytest.mark.parametrize("quantity", ["5", "6"])
def test_everything_or_more_than_was_brought_cannot_be_a_part(quantity):
    delivery_id = make_delivery(make_world(), quantity=5)
    line = DeliveryLine.objects.get(delivery_id=delivery_id)

    with pytest.raises(BadVisit):
        visit(delivery_id, told(outcome="part", refused=[{"line": str(line.id), "quantity": quantity, "reason": "x"}]))
    assert not DeliveryVisit.objects.exists()
    assert Delivery.objects.get(pk=delivery_id).status == "shipped"


def test_a_driver_who_came_in_vain_says_why_and_when_again_and_can_deliver_then():
    world = make_world()
    delivery_id = make_delivery(world)
    found = make_shipment(world, make_carrier(world, "own"), delivery_id=delivery_id)

    visit(delivery_id, told(outcome="failed", reason="closed", next_date="2026-11-25", received_by=""))
    delivery = Delivery.objects.get(pk=delivery_id)
    found.refresh_from_db()
    assert (delivery.status, delivery.planned_date, found.status) == ("shipped", date(2026, 11, 25), "problem")

    visit(delivery_id, told(), NOW + timedelta(days=2))
    found.refresh_from_db()
    assert (Delivery.objects.get(pk=delivery_id).status, found.status) == ("delivered", "delivered")


def test_what_has_not_left_cannot_arrive():
    delivery_id = make_delivery(make_world(), shipped=False)

    with pytest.raises(WrongState):
        visit(delivery_id, told())
    assert not DeliveryVisit.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("key", "x"), ("outcome", "eaten"), ("at", "2026-11-23"),
     ("at", "0001-01-01T00:00:00+14:00"), ("arrived_at", "0001-01-01T00:00:00+14:00"),
     ("photos", ["%%"]), ("cash", "NaN"), ("cash", "-1"),
     ("position", {"latitude": 91, "longitude": 0}), ("position", {"latitude": "NaN", "longitude": 0}),
     ("refused", [{"line": "x"}]), ("received_by", 7)],
)  # fmt: skip
def test_what_is_no_visit_is_refused_by_its_field(name, value):
    with pytest.raises(NotAVisit) as refused:
        read_visit(told(**{name: value}))

    assert refused.value.field == name


def test_positions_are_deleted_after_their_time_and_never_kept_where_the_company_says_so():
    world = make_world()
    place = {"latitude": -7.2, "longitude": 112.7}
    answer_position(is_given=True, by=world.owner, at=NOW)
    visit(make_delivery(world), told(position=place), by=world.owner)

    assert forget_positions(at=NOW + timedelta(days=90)) == 0
    assert forget_positions(at=NOW + timedelta(days=91)) == 1

    change_shipping_settings(company_id=world.company.id, tells_customer=False, position_days=0, by=SYSTEM, at=NOW)
    visit(make_delivery(world), told(position=place), by=world.owner)
    assert not VisitPosition.objects.exists()


def test_a_position_is_kept_no_longer_than_its_driver_was_told():
    world = make_world()
    answer_position(is_given=True, by=world.owner, at=NOW)
    change_shipping_settings(company_id=world.company.id, tells_customer=False, position_days=365, by=SYSTEM, at=NOW)

    visit(make_delivery(world), told(position={"latitude": -7.2, "longitude": 112.7}), by=world.owner)

    assert VisitPosition.objects.get().delete_after == NOW.date() + timedelta(days=90)


def test_the_money_of_a_door_is_taken_in_once():
    delivery_id = make_delivery(make_world())
    done = visit(delivery_id, told(cash="150000"))

    first = take_in_cash(visit_id=done.id, by=SYSTEM, at=NOW)

    assert take_in_cash(visit_id=done.id, by=SYSTEM, at=NOW) == first
    payment = Payment.objects.get()
    assert (payment.amount, payment.method) == (Decimal(150_000), "cash")


def test_a_customer_is_mailed_once_where_the_goods_can_be_followed_if_the_company_wants_it():
    world = make_world()
    customer = make_customer(world, email="toko@example.com")
    told_one, silent = (make_delivery(world, customer=customer) for _ in range(2))

    assert mail_tracking(delivery_id=told_one, at=NOW)
    assert not mail_tracking(delivery_id=told_one, at=NOW)
    change_shipping_settings(company_id=world.company.id, tells_customer=False, position_days=90, by=SYSTEM, at=NOW)
    assert not mail_tracking(delivery_id=silent, at=NOW)

    mail = Email.objects.get()
    assert mail.to == ["toko@example.com"]
    assert "/l/" in mail.text


def test_the_customers_page_tells_what_happened_in_plain_words_and_nothing_of_the_office():
    world = make_world()
    delivery_id = make_delivery(world)
    make_shipment(world, make_carrier(world, name="JNE"), delivery_id=delivery_id, tracking="JP1", cost=Decimal(77_123))
    answer_position(is_given=True, by=world.owner, at=NOW)
    visit(
        delivery_id,
        told(photos=[photo()], note="lewat pintu belakang", position={"latitude": -7.2, "longitude": 112.7}),
        by=world.owner,
    )
    url = share_tracking(delivery_id=delivery_id, by=world.owner, at=NOW)
    path = "/" + url.split("/", 3)[3]

    client = Client(headers={"Cookie": "niaga_language=en"})
    page = client.get(path).content.decode()

    assert "Your goods have left us" in page
    assert "taken by Pak Joko" in page
    assert "JP1" in page
    for secret in ("77.123", "77,123", "-7.2", "112.7", "lewat pintu", "61.000"):
        assert secret not in page
    assert b"Delivered" in client.get(f"{path}/state").content
    answer = client.get(f"{path}/photo")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert client.get(f"{path}/label").status_code == 404


def test_tracking_has_the_newest_step_first():
    world = make_world()
    delivery_id = make_delivery(world)
    visit(delivery_id, told(outcome="failed", reason="nobody", received_by=""), NOW + timedelta(hours=1))

    found = tracking_of(delivery_id)

    assert [one.name for one in found.steps] in (["problem", "shipped"], ["shipped", "problem"])
