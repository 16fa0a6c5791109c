"""What travels together, reached for by many hands at once: nothing leaves twice, and nobody waits in a circle."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest

from niaga.organization.access import SYSTEM
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.ship_together import ship_together
from niaga.sales.tests.together import make_joint, make_waiting
from niaga.shipping.models import Shipment
from niaga.shipping.rules.visit import Visit
from niaga.shipping.services.end_report import end_report
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.plan_next_try import plan_next_try
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.tests.makers import make_carrier, make_shipment
from niaga.stock.models import Delivery, StockLevel, StockMove
from niaga.stock.services.put_together import put_together
from niaga.stock.services.take_apart import take_apart
from tests.makers import NOW, World, make_customer, make_product, make_world
from tests.platform.test_races import race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def ship(joint_id: UUID) -> int:
    return len(ship_together(joint_id=joint_id, by=SYSTEM, at=NOW).delivery_ids)


def ship_one(delivery_id: UUID) -> str:
    return ship_order_delivery(delivery_id=delivery_id, by=SYSTEM, at=NOW).delivery_progress


def apart(joint_id: UUID) -> str:
    take_apart(joint_id=joint_id, by=SYSTEM, at=NOW)
    return "apart"


def cancel(delivery_id: UUID) -> str:
    cancel_order_delivery(delivery_id=delivery_id, by=SYSTEM, at=NOW)
    return "cancelled"


def end(order_id: UUID) -> str:
    cancel_rest(order_id=order_id, reason="Cukup", by=SYSTEM, at=NOW)
    return "ended"


def make_group(world: World) -> tuple[UUID, list[UUID]]:
    """Three orders that take the same two goods, put together against the order of their ids."""
    customer, product = make_customer(world), make_product(world, stock=100)
    found = [make_waiting(world, customer, product=product) for _turn in range(3)]
    return put_together(delivery_ids=found[::-1], by=SYSTEM, at=NOW), found


def test_of_many_who_ship_take_apart_cancel_and_amend_the_same_group_each_delivery_leaves_once():
    world = make_world()
    for _turn in range(2):
        joint_id, found = make_group(world)
        orders = list(SalesOrder.objects.filter(customer=Delivery.objects.get(pk=found[0]).customer))
        deeds: list[Callable[[], object]] = [
            partial(ship, joint_id), partial(ship, joint_id), partial(ship_one, found[2]), partial(apart, joint_id),
            partial(cancel, found[0]), partial(end, orders[1].pk),
        ]  # fmt: skip

        said = race(deeds)

        assert not [text for text in said if "Error" in text or "deadlock" in text.lower()], said
        shipped = set(Delivery.objects.filter(pk__in=found, status="shipped").values_list("pk", flat=True))
        assert StockMove.objects.filter(source_id__in=found).count() == len(shipped)
        lines = SalesOrderLine.objects.filter(order__in=orders)
        assert sum(line.shipped for line in lines) == 5 * len(shipped)
    level = StockLevel.objects.first()
    assert level is not None
    assert level.on_hand >= level.reserved >= 0
    assert not broken_promises()


def test_two_groups_with_the_same_goods_and_one_that_is_joined_meanwhile_do_not_wait_for_each_other():
    world = make_world()
    customer = make_customer(world)
    goods = [make_product(world, stock=100) for _turn in range(2)]
    one, other = (
        [make_waiting(world, customer, product=product) for product in order] for order in (goods, goods[::-1])
    )
    late = make_waiting(world, customer, product=goods[0])
    first, second = (put_together(delivery_ids=pair, by=SYSTEM, at=NOW) for pair in (one, other))

    said = race(
        [
            partial(ship, first), partial(ship, second),
            partial(put_together, delivery_ids=[late, one[0]], by=SYSTEM, at=NOW),
        ]
    )  # fmt: skip

    assert not [text for text in said if "Error" in text or "deadlock" in text.lower()], said
    assert Delivery.objects.filter(pk__in=other, status="shipped").count() == 2
    assert {level.on_hand for level in StockLevel.objects.all()} <= {Decimal(95), Decimal(90), Decimal(85)}
    assert not broken_promises()


def test_a_door_that_two_phones_tell_of_is_told_once():
    world = make_world()
    joint_id, found = make_joint(world, count=2)
    ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)

    def tell(delivery_id: UUID, key: UUID) -> str:
        visit = Visit(key=key, outcome="delivered", at=NOW, received_by="Pak Joko")
        return record_visit(delivery_id=delivery_id, visit=visit, by=SYSTEM, at=NOW).outcome

    said = race([partial(tell, found[0], found[0]), partial(tell, found[1], found[1])])

    assert sorted(said) == ["arrived_already", "delivered"]
    assert not broken_promises()


def test_an_arrival_that_the_driver_and_the_office_tell_at_once_waits_in_no_circle():
    world = make_world()
    carrier = make_carrier(world, "own")
    shipments = [make_shipment(world, carrier) for _turn in range(6)]

    def tell(shipment: Shipment) -> str:
        visit = Visit(key=shipment.id, outcome="delivered", at=NOW, received_by="Pak Joko")
        return record_visit(delivery_id=shipment.delivery_id, visit=visit, by=SYSTEM, at=NOW).outcome

    def note(shipment: Shipment) -> str:
        return note_happened(shipment_id=shipment.id, state="delivered", by=SYSTEM, at=NOW).status

    said = race([partial(deed, one) for one in shipments for deed in (tell, note)])

    assert set(said) <= {"delivered", "arrived_already", "wrong_state"}
    assert said.count("delivered") >= 6
    assert set(Shipment.objects.values_list("status", flat=True)) == {"delivered"}
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert not broken_promises()


def test_a_driver_and_the_office_that_tell_of_one_door_wait_in_no_circle():
    world = make_world()
    groups = []
    for _turn in range(4):
        joint_id, found = make_joint(world, count=2)
        ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)
        groups.append(sorted(found))
    reports = []
    for _first, last in groups:
        visit = Visit(key=uuid4(), outcome="delivered", at=NOW, received_by="Bu Ani")
        reports.append(
            hand_in_report(delivery_id=last, visit=visit, code="offline", words="", by=SYSTEM, at=NOW)
        )  # fmt: skip

    def tell(delivery_id: UUID) -> str:
        visit = Visit(key=delivery_id, outcome="failed", at=NOW, reason="closed")
        return record_visit(delivery_id=delivery_id, visit=visit, by=SYSTEM, at=NOW).outcome

    def again(delivery_id: UUID) -> str:
        plan_next_try(delivery_id=delivery_id, next_date=NOW.date() + timedelta(days=3), by=SYSTEM, at=NOW)
        return "again"

    def take(report_id: UUID) -> str:
        end_report(report_id=report_id, take=True, by=SYSTEM, at=NOW)
        return "taken"

    said = race(
        [deed for (first, last), report in zip(groups, reports, strict=True)
         for deed in (partial(tell, first), partial(again, last), partial(take, report))]
    )  # fmt: skip

    assert not [text for text in said if "Error" in text or "deadlock" in text.lower()], said
    assert said.count("taken") == len(groups)
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    assert not broken_promises()
