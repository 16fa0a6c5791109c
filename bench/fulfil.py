"""A long delivery ships, and a day of orders is planned into routes and pick lists.

    niaga bench fulfil

`ship1000_ms` is the median time in which a delivery of 1,000 lines leaves: stock, cost, books and the order's progress
in one transaction. `wave500_s` is the time from 500 confirmed orders, spread over a city, to their deliveries, routes
by vehicle and pick lists in walking order.
"""

import argparse
import random
import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch

POSTCODES = [f"60{number}" for number in range(111, 300)]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench fulfil", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--shipments", type=int, default=7)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--vehicles", type=int, default=12)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_fulfil") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        figures = _measure(given)
    report("fulfil", figures, floor_ms)


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    from bench._world import make_bench_world

    world = make_bench_world(customers=300, products=1_200)
    _name_places(world)
    spent = [_ship(world, given.lines) for _turn in range(given.shipments)]
    _addresses(world)
    for turn in range(given.orders):
        _order(world, random.Random(turn).sample(world.products, 6), turn)
    _add_vehicles(world, given.vehicles)
    _analyze()
    wave_s, lists = _wave(world)
    return {
        "lines": given.lines, "ship1000_ms": percentile(spent, 0.5), "ship1000_p95_ms": percentile(spent, 0.95),
        "orders": given.orders, "vehicles": given.vehicles, "pick_lists": lists, "wave500_s": wave_s,
    }  # fmt: skip


def _order(world: Any, products: list[UUID], turn: int) -> UUID:
    from bench._world import AT
    from niaga.sales.rules.lines import LineInput
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.draft_order import OrderDetails, draft_order

    by = world.owner
    order = draft_order(
        customer_id=world.customers[turn % len(world.customers)], branch_id=world.branch.id,
        lines=[LineInput(product_id=one, quantity=Decimal(2)) for one in products], details=OrderDetails(), by=by,
        at=AT,
    )  # fmt: skip
    confirm_order(order_id=order.id, by=by, at=AT)
    return order.id


def _ship(world: Any, lines: int) -> float:
    from bench._world import AT
    from niaga.sales.services.deliver_order import deliver_order
    from niaga.sales.services.ship_order_delivery import ship_order_delivery

    by = world.owner
    delivery_id = deliver_order(order_id=_order(world, world.products[:lines], 0), by=by, at=AT)
    started = time.perf_counter()
    ship_order_delivery(delivery_id=delivery_id, by=by, at=AT)
    return (time.perf_counter() - started) * 1000


def _warehouse(world: Any) -> UUID:
    from niaga.stock.models import Warehouse

    found: UUID = Warehouse.objects.get(company=world.company).id
    return found


def _name_places(world: Any) -> None:
    from bench._world import AT
    from niaga.stock.services.name_places import name_places

    places = {one: f"{chr(65 + n % 12)}-{n % 90}" for n, one in enumerate(world.products)}
    name_places(warehouse_id=_warehouse(world), places=places, by=world.owner, at=AT)


def _addresses(world: Any) -> None:
    """Customers who live all over the city, in the place of the world's."""
    from bench._world import AT
    from niaga.parties.rules.customer import NewAddress, NewCustomer
    from niaga.parties.services.create_customers import create_customers

    dice = random.Random(5)
    rows = [
        NewCustomer(
            name=f"Warung {number}",
            addresses=(
                NewAddress(street=f"Jl. Mawar {dice.randrange(200)}", city="Surabaya", postcode=dice.choice(POSTCODES)),
            ),
        )
        for number in range(300)
    ]
    world.customers = list(create_customers(company_id=world.company.id, rows=rows, by=world.owner, at=AT))


def _add_vehicles(world: Any, count: int) -> None:
    from bench._world import AT
    from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle

    for number in range(count):
        details = VehicleDetails(
            _warehouse(world), f"L {1000 + number} AB", driver=f"Sopir {number}", stops=45,
            zones=[f"60{1 + number % 2}"] if number % 3 else [],
        )  # fmt: skip
        save_vehicle(vehicle_id=None, details=details, by=world.owner, at=AT)


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _wave(world: Any) -> tuple[float, int]:
    from bench._world import AT
    from niaga.sales.services.plan_deliveries import plan_deliveries

    by, place = world.owner, _warehouse(world)
    started = time.perf_counter()
    plan = plan_deliveries(warehouse_id=place, date=AT.date(), by=by, at=AT)
    return time.perf_counter() - started, len(plan.list_ids)
