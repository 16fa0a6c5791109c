"""Two at once, with real processes on the tests' database."""

import multiprocessing
import os
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.core.ids import new_id
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.parties.models import CreditAccount, Customer
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.save_group import save_group
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.pricing.models import PointsAccount, PointsEntry, PointsNotice
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.tests.makers import make_programme
from niaga.sales.models import CreditDecision, QuotationAnswer, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.send_quotation import send_quotation
from niaga.stock.models import Awaited, DeliveryRoute, PickLine, RouteStop, StockLevel, Warehouse
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from niaga.stock.services.take_lines import take_lines
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db(transaction=True)


def _accept(quotation_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.accept_quotation import accept_quotation

    accept_quotation(quotation_id=quotation_id, by=User.objects.get(pk=user_id), at=NOW)


def _confirm(order_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    confirm_order(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW)


def _substitute(pick_line_id: UUID, substitute_id: UUID, user_id: UUID) -> None:
    from niaga.core.ids import new_id
    from niaga.organization.models import User
    from niaga.sales.services.substitute_pick import substitute_pick

    substitute_pick(
        key=new_id(), pick_line_id=pick_line_id, substitute_id=substitute_id, quantity=Decimal(2),
        by=User.objects.get(pk=user_id), at=NOW,
    )  # fmt: skip


def _run(deed: Any, arguments: tuple[Any, ...], start: Any, answers: Any) -> None:
    from django.db import connections

    from niaga.core.errors import Refusal

    connections.close_all()
    start.wait(20)
    try:
        deed(*arguments)
        answers.put("done")
    except Refusal as refusal:
        answers.put(refusal.code)
    finally:
        connections.close_all()
        answers.close()
        answers.join_thread()
        os._exit(0)


def at_once(*deeds: tuple[Any, tuple[Any, ...]]) -> list[str]:
    """What each of the deeds came to, all started at the same moment in processes of their own."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, answers = context.Event(), context.Queue()
    processes = [context.Process(target=_run, args=(deed, arguments, start, answers)) for deed, arguments in deeds]
    for process in processes:
        process.start()
    start.set()
    found = [answers.get(timeout=60) for _process in processes]
    for process in processes:
        process.join(20)
    return sorted(found)


def test_of_four_acceptances_at_once_one_writes_the_order():
    world = make_world()
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id, quantity=Decimal(3))])
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    answers = at_once(*[(_accept, (quotation.id, world.owner.id))] * 4)

    assert answers == ["done", "wrong_state", "wrong_state", "wrong_state"]
    order = SalesOrder.objects.get()
    assert SalesOrderLine.objects.filter(order=order).count() == 1
    assert QuotationAnswer.objects.count() == 1


def test_of_four_confirmations_of_one_order_at_once_one_holds_the_stock():
    world = make_world()
    product = make_product(world, stock=10)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(3))])

    answers = at_once(*[(_confirm, (order.id, world.owner.id))] * 4)

    assert answers == ["done", "wrong_state", "wrong_state", "wrong_state"]
    assert StockLevel.objects.get().reserved == 3


def test_of_three_orders_at_once_one_takes_the_last_place_of_a_day():
    world = make_world()
    product = make_product(world, stock=10)
    limits = CapacityInput(True, "orders", range(7), [1] * 7)
    save_capacity(warehouse_id=Warehouse.objects.get().id, given=limits, by=world.owner, at=NOW)
    line, day = LineInput(product_id=product.id, quantity=Decimal(1)), date(2099, 12, 1)
    orders = [make_order(world, [line], customer=make_customer(world), planned_date=day) for _one in range(3)]

    answers = at_once(*[(_confirm, (order.id, world.owner.id)) for order in orders])

    assert answers == ["day_full", "day_full", "done"]
    assert SalesOrder.objects.filter(status="confirmed", planned_date=day).count() == 1


def test_of_three_orders_at_once_two_fit_under_a_limit_by_weight():
    world = make_world()
    product = make_product(world, stock=99, weight=Decimal(10))
    limits = CapacityInput(True, "orders", range(7), [None] * 7, weight_limits=[100] * 7)
    save_capacity(warehouse_id=Warehouse.objects.get().id, given=limits, by=world.owner, at=NOW)
    line, day = LineInput(product_id=product.id, quantity=Decimal(4)), date(2099, 12, 1)
    orders = [make_order(world, [line], customer=make_customer(world), planned_date=day) for _one in range(3)]

    answers = at_once(*[(_confirm, (order.id, world.owner.id)) for order in orders])

    assert answers == ["day_full", "done", "done"]
    assert SalesOrder.objects.filter(status="confirmed", planned_date=day).count() == 2


def _load_onto(route_id: UUID, vehicle_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.stock.services.name_vehicle import name_vehicle

    name_vehicle(route_id=route_id, vehicle_id=vehicle_id, by=User.objects.get(pk=user_id), at=NOW)


def test_of_three_routes_at_once_a_vehicle_gets_the_one_that_it_can_carry():
    world = make_world()
    product, place = make_product(world, stock=999, weight=Decimal(10)), Warehouse.objects.get()
    for _turn in range(3):
        make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(60))])
        plan_deliveries(warehouse_id=place.id, date=NOW.date(), by=world.owner, at=NOW)
    details = VehicleDetails(place.id, "L 1 AA", max_weight=Decimal(1000))
    truck = save_vehicle(vehicle_id=None, details=details, by=world.owner, at=NOW)
    routes = DeliveryRoute.objects.values_list("id", flat=True)

    answers = at_once(*[(_load_onto, (route_id, truck.id, world.owner.id)) for route_id in routes])

    assert answers == ["done", "vehicle_overloaded", "vehicle_overloaded"]
    assert DeliveryRoute.objects.filter(vehicle=truck).count() == 1


def _raise(customer_id: UUID, user_id: UUID, amount: int) -> None:
    from niaga.organization.models import User
    from niaga.parties.services.raise_credit import raise_credit

    raise_credit(
        customer_id=customer_id, amount=Decimal(amount), last_day=NOW.date(), reason="Lebaran",
        by=User.objects.get(pk=user_id), at=NOW,
    )  # fmt: skip


def _release(request_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.release_order import release_order

    release_order(request_id=request_id, reason="Ya", by=User.objects.get(pk=user_id), at=NOW)


def _four_orders(world: World, customer: Customer) -> list[SalesOrder]:
    """Each of 222,000 with its tax."""
    product = make_product(world, stock=50)
    wanted = [LineInput(product_id=product.id, quantity=Decimal(2))]
    return [make_order(world, wanted, customer=customer) for _turn in range(4)]


@pytest.mark.parametrize("limit", ["own", "group", "raised"])
def test_confirmations_at_once_never_pass_the_limit_together(limit: str):
    world = make_world()
    group = save_group(company_id=world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    own = {"own": Decimal(500_000), "raised": Decimal(300_000), "group": None}[limit]
    customer = make_customer(world, group_id=group.id, credit_limit=own)
    groups = [GroupCredit(group.id, Decimal(500_000), None)]
    set_credit_policy(company_id=world.company.id, overdue_days=None, groups=groups, by=world.owner, at=NOW)
    if limit == "raised":
        _raise(customer.id, world.owner.id, 200_000)
    orders = _four_orders(world, customer)

    answers = at_once(*[(_confirm, (order.id, world.owner.id)) for order in orders])

    assert answers == ["credit_exceeded", "credit_exceeded", "done", "done"]
    assert CreditAccount.objects.get(customer=customer).orders == 444_000
    assert StockLevel.objects.get().reserved == 4


def test_a_raise_and_confirmations_at_once_wait_in_no_ring_and_pass_no_limit():
    world = make_world()
    customer = make_customer(world, credit_limit=Decimal(300_000))
    orders = _four_orders(world, customer)
    deeds: list[tuple[Any, tuple[Any, ...]]] = [(_confirm, (order.id, world.owner.id)) for order in orders]

    answers = at_once(*deeds, (_raise, (customer.id, world.owner.id, 200_000)))

    account = CreditAccount.objects.get(customer=customer)
    assert account.raised == 200_000
    assert answers.count("done") - 1 in (1, 2)  # those that came after the raise had more room
    assert account.orders == 222_000 * (answers.count("done") - 1)


def test_of_four_releases_at_once_one_counts():
    world = make_world()
    customer = make_customer(world, credit_limit=Decimal(1))
    request = ask_release(order_id=_four_orders(world, customer)[0].id, by=world.owner, at=NOW)
    finance = make_user(world.company, "finance")

    answers = at_once(*[(_release, (request.id, finance.id))] * 4)

    assert answers == ["done", "wrong_state", "wrong_state", "wrong_state"]
    assert CreditDecision.objects.count() == 1


def test_two_orders_never_hold_the_same_unit():
    world = make_world()
    products = [make_product(world, stock=5) for _ in range(3)]
    lines = [LineInput(product_id=one.id, quantity=Decimal(3)) for one in products]
    first, second = make_order(world, lines), make_order(world, list(reversed(lines)))

    answers = at_once((_confirm, (first.id, world.owner.id)), (_confirm, (second.id, world.owner.id)))

    assert answers == ["done", "out_of_stock"]
    assert [level.reserved for level in StockLevel.objects.all()] == [3, 3, 3]


@pytest.mark.parametrize("others", [0, 50])
def test_two_orders_never_use_the_same_points(others: int):
    world = make_world()
    customer = make_customer(world)
    product = make_product(world, stock=100)
    make_programme(world.company)
    adjust_points(customer_id=customer.id, points=100 + others, reason="Selamat", by=SYSTEM, at=NOW)
    orders = [
        make_order(world, [LineInput(product_id=product.id)], customer=customer, points=50 + others)
        for _turn in range(3)
    ]

    answers = at_once(*[(_keep, (order.id, world.owner.id)) for order in orders])

    done = 2 if not others else 1
    assert answers == ["done"] * done + ["too_few_points"] * (3 - done)
    account = PointsAccount.objects.get()
    assert account.balance == 100 + others - done * (50 + others)
    assert SalesOrder.objects.filter(status="confirmed").count() == done


def _keep(order_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    confirm_order(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW, prices="keep")


def test_an_invoice_that_is_told_four_times_at_once_earns_once():
    world = make_world()
    make_programme(world.company)
    customer = make_customer(world)
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=1).id)], customer=customer)

    answers = at_once(*[(_settle, (invoice.id,))] * 4)

    assert answers == ["done"] * 4
    assert list(PointsEntry.objects.values_list("kind", "points")) == [("earn", 10)]


def _settle(invoice_id: UUID) -> None:
    from niaga.sales.services.settle_points import settle_points

    settle_points(invoice_id=invoice_id, at=NOW)


def test_points_are_ended_once_however_many_workers():
    world = make_world()
    make_programme(world.company, expires_after=1)
    for _turn in range(4):
        adjust_points(customer_id=make_customer(world).id, points=10, reason="Selamat", by=SYSTEM, at=NOW)

    at_once(*[(_end, ())] * 4)

    assert list(PointsAccount.objects.values_list("balance", flat=True)) == [0] * 4
    assert PointsEntry.objects.filter(kind="expire").count() == 4


def test_members_are_told_once_that_points_end_however_many_workers():
    world = make_world()
    programme = make_programme(world.company, expires_after=1, notice_days=60)
    for turn in range(4):
        customer = make_customer(world, email=f"toko{turn}@toko.example")
        adjust_points(customer_id=customer.id, points=10, reason="Selamat", by=SYSTEM, at=NOW)

    at_once(*[(_tell, (programme.id,))] * 4)

    assert sorted(Email.objects.values_list("to", flat=True)) == [[f"toko{turn}@toko.example"] for turn in range(4)]
    assert PointsNotice.objects.count() == 4


def _tell(programme_id: UUID) -> None:
    from niaga.pricing.services.tell_ending_points import tell_ending_points

    tell_ending_points(programme_id=programme_id, at=NOW)


def _end() -> None:
    from datetime import timedelta

    from niaga.pricing.services.expire_points import expire_points

    expire_points(at=NOW + timedelta(days=40))


def _promise(order_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    confirm_order(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW, shortage="backorder")


def test_goods_that_are_to_come_are_promised_once_however_many_confirm_at_the_same_moment():
    world = make_world()
    product = make_product(world)
    expect_receipt(
        warehouse_id=Warehouse.objects.get(company=world.company).id, supplier="PT Sumber",
        expected_date=date(2026, 12, 3), items=[StockItem(Decimal(10), product_id=product.id)], by=SYSTEM, at=NOW,
    )  # fmt: skip
    orders = [make_order(world, [LineInput(product_id=product.id, quantity=Decimal(4))]) for _turn in range(4)]

    answers = at_once(*[(_promise, (order.id, world.owner.id)) for order in orders])

    assert answers == ["done"] * 4
    promised = Awaited.objects.filter(date=date(2026, 12, 3)).values_list("quantity", flat=True)
    assert (list(promised), Awaited.objects.filter(date=None).count()) == ([4, 4], 2)


def _take(pick_list_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.stock.services.take_lines import take_lines

    take_lines(pick_list_id=pick_list_id, by=User.objects.get(pk=user_id), at=NOW)


def test_pickers_of_one_list_at_the_same_moment_share_its_lines():
    world = make_world()
    products = [make_product(world, stock=5) for _turn in range(12)]
    make_confirmed_order(world, [LineInput(product_id=one.id, quantity=Decimal(1)) for one in products])
    place = Warehouse.objects.get(company=world.company)
    [list_id] = plan_deliveries(warehouse_id=place.id, date=NOW.date(), by=world.owner, at=NOW).list_ids
    people = [world.owner, make_user(world.company, "owner")]

    answers = at_once(*[(_take, (list_id, one.id)) for one in people])

    taken = [PickLine.objects.filter(picker_id=one.id).count() for one in people]
    assert answers == ["done", "done"]
    assert sum(taken) == 12  # who came to locked lines took those behind them
    assert max(taken) <= 10


def _plan(warehouse_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User

    plan_deliveries(warehouse_id=warehouse_id, date=NOW.date(), by=User.objects.get(pk=user_id), at=NOW)


def test_a_day_planned_by_two_at_the_same_moment_has_every_delivery_in_one_route():
    world = make_world()
    product = make_product(world, stock=50)
    for _turn in range(4):
        make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(1))])
    place = Warehouse.objects.get(company=world.company)

    answers = at_once(*[(_plan, (place.id, world.owner.id))] * 2)

    assert answers == ["done", "nothing_to_plan"]
    assert (RouteStop.objects.count(), RouteStop.objects.values("delivery_id").distinct().count()) == (4, 4)


def test_the_last_of_a_substitute_goes_to_one_of_two_pickers():
    world = make_world()
    tea, other = make_product(world, stock=20), make_product(world, stock=2)
    asked: dict[str, Any] = {"by": world.owner, "at": NOW}
    save_substitutes(product_id=tea.id, substitutes=[NewSubstitute(product_id=other.id)], **asked)
    save_substitution_rule(company_id=world.company.id, customer_id=None, agreement="ahead", **asked)
    for _turn in range(2):
        make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    home = Warehouse.objects.get(company=world.company)
    plan = plan_deliveries(warehouse_id=home.id, date=NOW.date(), **asked)
    take_lines(pick_list_id=plan.list_ids[0], **asked)
    picks = list(PickLine.objects.all())
    for one in picks:
        record_pick(key=new_id(), line_id=one.id, quantity=Decimal(3), reason="Kosong", **asked)

    said = at_once(*((_substitute, (one.id, other.id, world.owner.id)) for one in picks))

    assert sorted(said) == ["done", "out_of_stock"]
    level = StockLevel.objects.get(product=other)
    assert (level.on_hand, level.reserved) == (2, 2)
    assert SalesOrderLine.objects.filter(product=other).count() == 1
    assert sorted(SalesOrderLine.objects.filter(product=tea).values_list("quantity", flat=True)) == [3, 5]
