"""Several orders in one shipment: put together, taken apart, planned as one stop, and leaving in one deed."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, NotFound, WrongState
from niaga.core.models import OutboxEvent
from niaga.organization.access import SYSTEM
from niaga.parties.services.set_credit import set_credit
from niaga.sales.errors import CreditExceeded
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.ask_delivery_release import ask_delivery_release
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.release_order import release_order
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.ship_together import ship_together
from niaga.sales.tests.together import make_joint, make_waiting
from niaga.stock.errors import GoesTogether, NotTogether
from niaga.stock.models import Delivery, DeliveryLine, PickLine, RouteStop, StockLevel, Warehouse
from niaga.stock.services.note_carrier import note_carrier
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from niaga.stock.services.take_apart import take_apart
from tests.makers import (
    NOW,
    make_branch,
    make_confirmed_order,
    make_customer,
    make_product,
    make_user,
    make_world,
    signed_in,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def joints(delivery_ids) -> list:
    return [Delivery.objects.get(pk=one).joint_id for one in delivery_ids]


def test_deliveries_of_one_customer_to_one_door_are_put_together_for_the_first_of_their_days():
    world = make_world()
    customer = make_customer(world)
    soon, late = NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=5)
    first = make_waiting(world, customer, planned_date=late)
    second = make_waiting(world, customer, planned_date=soon)

    joint_id = put_together(delivery_ids=[first, second], by=SYSTEM, at=NOW)

    rows = list(Delivery.objects.filter(joint_id=joint_id).values_list("pk", "planned_date").order_by("pk"))
    assert rows == [(first, soon), (second, soon)]
    assert Delivery.objects.get(pk=first).joint.number == "JD-2026-00001"
    third = make_waiting(world, customer)
    assert put_together(delivery_ids=[third, first], by=SYSTEM, at=NOW) == joint_id
    assert joints([first, second, third]) == [joint_id] * 3


def test_what_does_not_fit_is_refused_and_named_and_nothing_changes():
    world = make_world()
    customer = make_customer(world)
    here, stranger = make_waiting(world, customer), make_waiting(world)
    elsewhere = make_waiting(world, customer)
    Delivery.objects.filter(pk=elsewhere).update(address={"street": "Jl. Lain 9", "city": "Depok"})
    left = make_waiting(world, customer)
    ship_order_delivery(delivery_id=left, by=SYSTEM, at=NOW)

    with pytest.raises(NotTogether) as refused:
        put_together(delivery_ids=[here, stranger, elsewhere, left], by=SYSTEM, at=NOW)

    whys = [(row["delivery_id"], row["why"]) for row in refused.value.lines]
    assert whys == [(str(stranger), "other_customer"), (str(elsewhere), "other_address"), (str(left), "left")]
    assert joints([here, stranger, elsewhere, left]) == [None] * 4
    with pytest.raises(NotTogether):
        put_together(delivery_ids=[here, here], by=SYSTEM, at=NOW)
    with pytest.raises(NotFound):
        put_together(delivery_ids=[here, uuid4()], by=SYSTEM, at=NOW)
    with pytest.raises(NotFound):
        put_together(delivery_ids=[here, elsewhere], by=make_world().owner, at=NOW)


def test_it_is_taken_apart_before_it_left_and_the_last_one_travels_alone():
    world = make_world()
    joint_id, (first, second, third) = make_joint(world)

    take_apart(joint_id=joint_id, delivery_ids=[second], by=SYSTEM, at=NOW)
    assert joints([first, second, third]) == [joint_id, None, joint_id]
    take_apart(joint_id=joint_id, delivery_ids=[third], by=SYSTEM, at=NOW)

    assert joints([first, second, third]) == [None] * 3
    with pytest.raises(NotFound):
        take_apart(joint_id=joint_id, by=SYSTEM, at=NOW)


def test_all_of_it_leaves_in_one_deed_each_on_its_own_order():
    world = make_world()
    shared = make_product(world, stock=20)
    customer = make_customer(world)
    found = [make_waiting(world, customer, product=shared, quantity=5) for _turn in range(3)]
    joint_id = put_together(delivery_ids=found, by=SYSTEM, at=NOW)

    sent = ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)

    assert (sent.delivery_ids, sent.stayed, sent.is_joint) == (tuple(sorted(found)), (), True)
    assert set(Delivery.objects.filter(joint_id=joint_id).values_list("status", flat=True)) == {"shipped"}
    assert list(SalesOrder.objects.values_list("delivery_progress", flat=True)) == ["done"] * 3
    level = StockLevel.objects.get(product=shared)
    assert (level.on_hand, level.reserved) == (5, 0)
    with pytest.raises(WrongState):
        ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)
    with pytest.raises(WrongState):
        take_apart(joint_id=joint_id, by=SYSTEM, at=NOW)
    assert not broken_promises()


def test_the_database_refuses_to_change_what_left_together():
    world = make_world()
    joint_id, found = make_joint(world, count=2)
    ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)

    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
        Delivery.objects.filter(pk=found[0]).update(joint=None)

    assert joints(found) == [joint_id] * 2


def test_two_deliveries_of_one_order_leave_together():
    world = make_world()
    product = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(8))])
    line = SalesOrderLine.objects.get(order=order)
    found = [
        deliver_order(order_id=order.id, quantities={line.id: Decimal(much)}, by=SYSTEM, at=NOW) for much in (5, 3)
    ]

    ship_together(joint_id=put_together(delivery_ids=found, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)

    line.refresh_from_db()
    assert (line.shipped, line.in_delivery, SalesOrder.objects.get().delivery_progress) == (8, 8, "done")


def test_what_is_short_of_one_leaves_the_others_whole():
    world = make_world()
    joint_id, found = make_joint(world)
    lines = {row.delivery_id: row for row in DeliveryLine.objects.filter(delivery_id__in=found)}

    fewer = {lines[found[0]].id: Decimal(2), lines[found[2]].id: Decimal(0)}
    sent = ship_together(joint_id=joint_id, quantities=fewer, by=SYSTEM, at=NOW)

    assert [(one.delivery_id, one.held) for one in sent.stayed] == [(found[2], None)]
    assert joints(found) == [joint_id, joint_id, None]
    assert list(SalesOrderLine.objects.order_by("order__number").values_list("shipped", "in_delivery")) == [
        (2, 2), (5, 5), (0, 5),
    ]  # fmt: skip
    assert not broken_promises()


def test_what_credit_holds_stays_and_is_named():
    world = make_world()
    customer, seller, boss = make_customer(world), make_user(world.company, "owner"), make_user(world.company, "owner")
    joint_id, found = make_joint(world, customer=customer)
    set_credit(customer_id=customer.id, limit=Decimal(1), on_hold=False, by=world.owner, at=NOW)

    with pytest.raises(CreditExceeded):
        ship_together(joint_id=joint_id, by=world.owner, at=NOW)
    assert set(Delivery.objects.values_list("status", "joint_id")) == {("draft", joint_id)}
    for one in found[:2]:
        asked = ask_delivery_release(delivery_id=one, by=seller, at=NOW)
        release_order(request_id=asked.pk, reason="Bayar besok", by=boss, at=NOW)
    sent = ship_together(joint_id=joint_id, by=world.owner, at=NOW)

    assert sent.delivery_ids == tuple(sorted(found[:2]))
    assert [(one.delivery_id, type(one.held)) for one in sent.stayed] == [(found[2], CreditExceeded)]
    assert (joints(found), Delivery.objects.get(pk=found[2]).status) == ([joint_id, joint_id, None], "draft")


def test_one_of_it_does_not_leave_alone_unless_it_is_taken_out():
    world = make_world()
    joint_id, found = make_joint(world, count=2)

    with pytest.raises(GoesTogether):
        ship_order_delivery(delivery_id=found[0], by=SYSTEM, at=NOW)

    assert Delivery.objects.get(pk=found[0]).status == "draft"
    take_apart(joint_id=joint_id, delivery_ids=[found[0]], by=SYSTEM, at=NOW)
    ship_order_delivery(delivery_id=found[0], by=SYSTEM, at=NOW)


def test_a_cancelled_delivery_and_one_of_another_day_leave_the_group():
    world = make_world()
    joint_id, (first, second, third) = make_joint(world, planned_date=NOW.date() + timedelta(days=1))

    cancel_order_delivery(delivery_id=first, by=SYSTEM, at=NOW)
    assert joints([first, second, third]) == [None, joint_id, joint_id]
    order_id = DeliveryLine.objects.get(delivery_id=second).order_links.get().order_line.order_id
    reschedule_order(
        order_id=order_id, planned_date=NOW.date() + timedelta(days=4), reason="Toko tutup", by=world.owner, at=NOW
    )

    assert joints([second, third]) == [None, None]
    assert not broken_promises()


def test_it_is_one_stop_of_a_vehicle_and_is_picked_in_one_walk():
    world = make_world()
    customer = make_customer(world)
    first, second, third = (make_waiting(world, customer) for _turn in range(3))
    other = make_waiting(world)
    joint_id = put_together(delivery_ids=[first, second], by=SYSTEM, at=NOW)
    place = Warehouse.objects.get(company=world.company)

    plan_day(warehouse_id=place.id, date=NOW.date(), delivery_ids=[first, other], by=SYSTEM, at=NOW)
    put_together(delivery_ids=[third, first], by=SYSTEM, at=NOW)

    stops = RouteStop.objects.order_by("position")
    places = [stop.delivery.joint_id for stop in stops]
    assert len(places) == 4
    assert places in ([joint_id] * 3 + [None], [None] + [joint_id] * 3)
    assert [stop.position for stop in stops] == [1, 2, 3, 4]
    assert PickLine.objects.filter(delivery_line__delivery__joint_id=joint_id).count() == 3
    assert PickLine.objects.values("pick_list_id").distinct().count() == 1
    assert not broken_promises()


def test_carrier_and_day_are_those_of_all():
    world = make_world()
    _joint_id, found = make_joint(world, count=2)

    note_carrier(
        delivery_id=found[1], carrier="Pak Budi", tracking="B 1", note="", planned_date=NOW.date(), by=SYSTEM, at=NOW
    )

    assert set(Delivery.objects.values_list("carrier", "planned_date")) == {("Pak Budi", NOW.date())}


def test_each_keeps_its_own_note_when_the_carrier_of_all_is_named():
    world = make_world()
    customer = make_customer(world)
    first, second = (make_waiting(world, customer) for _turn in range(2))
    Delivery.objects.filter(pk=first).update(note="Pintu belakang")
    put_together(delivery_ids=[first, second], by=SYSTEM, at=NOW)

    note_carrier(
        delivery_id=second, carrier="Pak Budi", tracking="", note="Telepon dulu", planned_date=None, by=SYSTEM, at=NOW
    )

    assert dict(Delivery.objects.values_list("pk", "note")) == {first: "Pintu belakang", second: "Telepon dulu"}
    assert set(Delivery.objects.values_list("carrier", flat=True)) == {"Pak Budi"}


def test_who_may_not_change_what_travels_with_a_delivery_does_not_change_it_through_the_other():
    world = make_world()
    picker = make_user(world.company, "warehouse", branch_id=world.branch.id)
    _joint_id, (here, there) = make_joint(world, count=2)
    Delivery.objects.filter(pk=there).update(branch=make_branch(world))

    with pytest.raises(Forbidden):
        note_carrier(delivery_id=here, carrier="Pak Budi", tracking="", note="", planned_date=None, by=picker, at=NOW)

    assert list(Delivery.objects.values_list("carrier", flat=True)) == ["", ""]


def test_pages_that_are_open_hear_of_who_joins_and_who_leaves():
    world = make_world()
    customer = make_customer(world)
    found = [make_waiting(world, customer) for _turn in range(3)]

    def heard() -> list[UUID]:
        rows = OutboxEvent.objects.filter(kind="DeliveryRegrouped", subject_kind="delivery", delivered_at=None)
        ids = sorted(rows.values_list("subject_id", flat=True))
        rows.update(delivered_at=NOW)
        return ids

    joint_id = put_together(delivery_ids=found, by=SYSTEM, at=NOW)
    assert heard() == sorted(found)
    take_apart(joint_id=joint_id, delivery_ids=[found[1]], by=SYSTEM, at=NOW)
    assert heard() == sorted(found)
    page = signed_in(world).get(f"/deliveries/joint/{joint_id}").content.decode()

    assert f'data-live="/live/documents/delivery/{found[0]}"' in page
    assert page.count('hx-trigger="live"') >= 2


def test_who_may_not_change_deliveries_puts_none_together_nor_ships_them():
    world = make_world()
    customer = make_customer(world)
    found = [make_waiting(world, customer) for _turn in range(2)]
    looker = make_user(world.company, "finance")

    with pytest.raises((Forbidden, NotFound)):
        put_together(delivery_ids=found, by=looker, at=NOW)

    assert joints(found) == [None, None]


def statements(deed) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        deed()
    return len(seen)


def test_statements_do_not_grow_with_lines_and_grow_by_a_few_a_delivery():
    world = make_world()
    products = [make_product(world, stock=500) for _turn in range(6)]
    customer = make_customer(world)

    def joint(count: int, lines: int):
        made = []
        for _turn in range(count):
            wanted = [LineInput(product_id=one.id, quantity=Decimal(1)) for one in products[:lines]]
            order = make_confirmed_order(world, wanted, customer=customer)
            made.append(deliver_order(order_id=order.id, by=SYSTEM, at=NOW))
        counted = statements(lambda: put_together(delivery_ids=made, by=SYSTEM, at=NOW))
        joint_id = Delivery.objects.get(pk=made[0]).joint_id
        return counted, statements(lambda: ship_together(joint_id=joint_id, by=SYSTEM, at=NOW))

    put_two, ship_two = joint(2, 1)
    put_more, ship_long = joint(2, 6)
    put_four, ship_four = joint(4, 1)

    assert put_two == put_more == put_four
    assert ship_two == ship_long
    assert ship_four - ship_two == 2 * 3
