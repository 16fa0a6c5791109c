from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record, record_all
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import NothingToPlan
from niaga.stock.models import PickLine, RouteStop, Warehouse
from niaga.stock.queries.planning import ToFetch, goods_of, lock_calls, trucks_of
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.rules.plan_routes import PlannedRoute, plan_routes
from niaga.stock.rules.walk import walking_order
from niaga.stock.services.propose_lots import propose_lots


class Planned(NamedTuple):
    """What a plan came to: `list_ids` are the pick lists, one a route, in their order."""

    list_ids: tuple[UUID, ...]
    deliveries: int


@transaction.atomic
def plan_day(
    *, warehouse_id: UUID, date: date, delivery_ids: Collection[UUID] | None = None, by: Actor, at: datetime
) -> Planned:
    """Put what has to leave a warehouse by a day into routes, and make the pick list of each.

    Takes the named deliveries, or all that are planned for that day, for an earlier one or for none, and stand in no
    route yet. Two who plan at once never plan the same: what one has locked, the other passes over. As many
    statements for 500 deliveries as for one. What travels together is one stop of a vehicle, and stays together.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not plan there
    :raises NothingToPlan: nothing that has to leave waits for a route
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("stock", "record", warehouse)
    calls = lock_calls(warehouse_id=warehouse.id, date=date, delivery_ids=delivery_ids)
    if not calls:
        raise NothingToPlan()
    trucks = trucks_of(warehouse_id=warehouse.id, date=date)
    routes = plan_routes(calls, [truck for truck, _driver in trucks.values()])
    drivers = {vehicle_id: driver for vehicle_id, (_truck, driver) in trucks.items()}
    with_ids = [(new_id(), new_id(), route) for route in routes]
    batch = Batch()
    _draw(batch, warehouse, date, with_ids, drivers, by, at)
    batch.insert(
        RouteStop,
        [
            {"id": new_id(), "route_id": route_id, "delivery_id": delivery_id, "position": place}
            for route_id, _list_id, route in with_ids
            for place, delivery_id in enumerate(route.delivery_ids, 1)
        ],
    )
    goods = goods_of(delivery_ids=[one for route in routes for one in route.delivery_ids], warehouse_id=warehouse.id)
    propose_lots(
        batch=batch, goods=[one for all_ in goods.values() for one in all_], warehouse_id=warehouse.id,
        today=day_at(at=at, zone=warehouse.branch.zone),
    )  # fmt: skip
    batch.insert(PickLine, _lines(with_ids, goods))
    ids = [one for route in routes for one in route.delivery_ids]
    record_all(
        batch=batch, subject_kind="delivery", subject_ids=ids, verb="plan", by=by.id, at=at,
        company_id=warehouse.company_id,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="warehouse", subject_id=warehouse.id, verb="plan_day", by=by.id, at=at,
        company_id=warehouse.company_id,
        data={"date": str(date), "routes": len(routes), "deliveries": len(ids)},
    )  # fmt: skip
    batch.write()
    return Planned(tuple(list_id for _route_id, list_id, _route in with_ids), len(ids))


def _draw(
    batch: Batch, warehouse: Warehouse, date: date, routes: Sequence[tuple[UUID, UUID, PlannedRoute]],
    drivers: dict[UUID, tuple[str, UUID | None]], by: Actor, at: datetime,
) -> None:  # fmt: skip
    """The routes and their pick lists: one number is drawn for the whole plan, and each adds its place."""
    year = day_at(at=at, zone=warehouse.branch.zone).year
    number = batch.draw(company_id=warehouse.company_id, kind="route", period=str(year), prefix=f"RT-{year}-")
    rows = batch.rows(
        "route",
        {"id": "uuid", "list_id": "uuid", "vehicle_id": "uuid", "driver": "text", "driver_user_id": "uuid",
         "place": "int"},
        [
            {"id": route_id, "list_id": list_id, "vehicle_id": route.vehicle_id, "place": place,
             **dict(zip(("driver", "driver_user_id"), _driver(drivers, route), strict=True))}
            for place, (route_id, list_id, route) in enumerate(routes, 1)
        ],
    )  # fmt: skip
    shared = "company_id, warehouse_id, date, version, created_by, created_at, updated_at, number"
    values = (
        "%s::uuid, %s::uuid, %s::date, 1, %s::uuid, %s::timestamptz, %s::timestamptz,"
        " {prefix} || '-' || r.place"
    )  # fmt: skip
    params = [warehouse.company_id, warehouse.id, date, by.id, at, at]
    batch.sql(
        "routes",
        f"INSERT INTO stock_deliveryroute (id, vehicle_id, driver, driver_user_id, {shared})"
        f" SELECT r.id, r.vehicle_id, r.driver, r.driver_user_id, {values.format(prefix='d.number')}"
        f" FROM {rows} r, {number.name} d RETURNING 1",
        params,
    )
    batch.sql(
        "lists",
        f"INSERT INTO stock_picklist (id, route_id, branch_id, status, {shared})"
        " SELECT r.list_id, r.id, %s::uuid, 'open', "
        + values.format(prefix="replace(d.number, 'RT-', 'PL-')")
        + f" FROM {rows} r, {number.name} d RETURNING 1",
        [warehouse.branch_id, *params],
    )


def _driver(drivers: dict[UUID, tuple[str, UUID | None]], route: PlannedRoute) -> tuple[str, UUID | None]:
    return drivers[route.vehicle_id] if route.vehicle_id is not None else ("", None)


def _lines(
    routes: Sequence[tuple[UUID, UUID, PlannedRoute]], goods: Mapping[UUID, Sequence[ToFetch]]
) -> list[dict[str, Any]]:
    """What is fetched for each list, in walking order: what lies in one place is fetched together."""
    rows = []
    for _route_id, list_id, route in routes:
        order = {delivery_id: place for place, delivery_id in enumerate(route.delivery_ids)}
        mine = [one for delivery_id in route.delivery_ids for one in goods.get(delivery_id, ())]
        mine.sort(key=lambda one: (walking_order(one.place), one.sku, order[one.delivery_id]))
        rows += [
            {"id": new_id(), "pick_list_id": list_id, "position": place, "delivery_line_id": one.line_id,
             "part_id": one.part_id, "product_id": one.product_id, "place": one.place, "quantity": one.quantity}
            for place, one in enumerate(mine, 1)
        ]  # fmt: skip
    return rows
