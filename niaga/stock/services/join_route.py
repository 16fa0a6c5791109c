from collections.abc import Sequence
from datetime import date
from uuid import UUID

from niaga.catalog.rules.load import load_sum
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.errors import VehicleOverloaded
from niaga.stock.models import DeliveryRoute, PickLine, PickList, RouteStop
from niaga.stock.queries.loads import delivery_loads
from niaga.stock.queries.planning import goods_of, trucks_of
from niaga.stock.rules.together import Sending, in_one_block
from niaga.stock.rules.vehicle_load import overload
from niaga.stock.rules.walk import walking_order
from niaga.stock.services.propose_lots import propose_lots


def join_route(*, sendings: Sequence[Sending], today: date) -> None:
    """Let locked deliveries that travel together stand side by side in the route of those that have one, and be
    fetched by its pick list. Nothing where none of them is planned; they stand in one route at most.

    Locks the route, then its vehicle, then its pick list.

    :raises VehicleOverloaded: what comes along is more than what is left of the route's vehicle
    """
    route_id = next((one.route_id for one in sendings if one.route_id is not None), None)
    if route_id is None:
        return
    route = DeliveryRoute.objects.select_for_update().get(pk=route_id)
    come = [one.id for one in sendings if one.route_id is None]
    _check_vehicle(route, come)
    stops = list(RouteStop.objects.filter(route_id=route.id).order_by("position", "id"))
    known = {stop.delivery_id: stop for stop in stops}
    order = in_one_block([*(stop.delivery_id for stop in stops), *come], [one.id for one in sendings])
    batch = Batch()
    places = {delivery_id: place for place, delivery_id in enumerate(order, 1)}
    batch.update_each(
        RouteStop, [{"id": stop.id, "position": places[stop.delivery_id]} for stop in stops],
        values={"position": "v.position"},
    )  # fmt: skip
    batch.insert(
        RouteStop,
        [{"id": new_id(), "delivery_id": one, "position": places[one]} for one in come if one not in known],
        route_id=route.id,
    )
    if come:
        _fetch(batch, route, come, today)
    batch.write()


def _check_vehicle(route: DeliveryRoute, come: Sequence[UUID]) -> None:
    """A vehicle is overloaded only knowingly (`name_vehicle`), so not by what is put to one of its stops."""
    if route.vehicle_id is None or not come:
        return
    truck, _driver = trucks_of(warehouse_id=route.warehouse_id, date=route.date).get(route.vehicle_id, (None, None))
    if truck is None or not truck.hold.is_limited:
        return
    told = overload(truck.hold, load_sum(delivery_loads(come).values()))
    if told:
        raise VehicleOverloaded(lines=told, field="delivery_ids")


def _fetch(batch: Batch, route: DeliveryRoute, delivery_ids: Sequence[UUID], today: date) -> None:
    """What they take is fetched by the route's list, at its end, in the order of the shelves."""
    listed = PickList.objects.select_for_update().get(route_id=route.id)
    found = goods_of(delivery_ids=delivery_ids, warehouse_id=route.warehouse_id)
    goods = sorted(
        (one for all_ in found.values() for one in all_), key=lambda one: (walking_order(one.place), one.sku)
    )
    if not goods:
        return
    propose_lots(batch=batch, goods=goods, warehouse_id=route.warehouse_id, today=today)
    last = PickLine.objects.filter(pick_list_id=listed.id).order_by("-position").values_list("position", flat=True)
    batch.insert(
        PickLine,
        [
            {
                "id": new_id(), "position": place, "delivery_line_id": one.line_id, "part_id": one.part_id,
                "product_id": one.product_id, "place": one.place, "quantity": one.quantity,
            }
            for place, one in enumerate(goods, (last.first() or 0) + 1)
        ],
        pick_list_id=listed.id,
    )  # fmt: skip
    batch.update(PickList, where={"id": listed.id}, values={"status": "open", "version": listed.version + 1})
