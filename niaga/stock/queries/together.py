"""Deliveries that travel together: which they are, locked or to be looked at, and which could."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q, QuerySet

from niaga.core.errors import NotFound, StaleVersion
from niaga.organization.access import Actor
from niaga.stock.models import Delivery, JointDelivery, RouteStop
from niaga.stock.queries.deliveries import visible_deliveries
from niaga.stock.rules.together import MOST, Sending, door_of, misfit, misfits

OPEN = ("draft", "picking")


def travels_with(delivery_ids: Collection[UUID]) -> Q:
    """The deliveries themselves and all that travel with one of them."""
    ids = list(delivery_ids)
    return Q(pk__in=ids) | Q(joint_id__in=joints_of(ids))


def joints_of(delivery_ids: Collection[UUID]) -> QuerySet[Any, Any]:
    """The joint deliveries of deliveries, as a subquery; nothing for those that travel alone."""
    return Delivery.objects.filter(pk__in=list(delivery_ids), joint__isnull=False).values("joint_id")


def ids_together(delivery_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By delivery all that travel with it, itself among them, in the order of their ids. One statement."""
    rows = list(Delivery.objects.filter(travels_with(delivery_ids)).order_by("pk").values_list("pk", "joint_id"))
    joints: dict[UUID, list[UUID]] = {}
    for key, joint_id in rows:
        joints.setdefault(joint_id or key, []).append(key)
    return {key: joints[joint_id or key] for key, joint_id in rows}


def numbers_of(*, delivery_ids: Collection[UUID]) -> dict[UUID, str]:
    """By delivery the number of its order, or its own where it has none. One statement; unchecked access."""
    rows = Delivery.objects.filter(pk__in=list(delivery_ids)).values_list("pk", "source_number", "number")
    return {key: order or number for key, order, number in rows}


def lock_together(*, delivery_ids: Collection[UUID]) -> list[Delivery]:
    """The deliveries and all that travel with one of them, locked in the order of their ids.

    :raises NotFound: one of them is not there
    :raises StaleVersion: somebody put together what was not locked, in this very moment
    """
    wanted = set(delivery_ids)
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("branch", "company", "customer")
    found = list(rows.filter(travels_with(wanted)).order_by("pk"))
    if wanted - {one.id for one in found}:
        raise NotFound()
    joints = {one.joint_id for one in found if one.joint_id is not None}
    if joints:
        now = set(Delivery.objects.filter(joint_id__in=joints).values_list("pk", flat=True))
        if now - {one.id for one in found}:
            raise StaleVersion()
        stay = {one.joint_id for one in found if one.id in wanted}
        found = [one for one in found if one.id in wanted or one.joint_id in stay]
    return found


def get_joint(*, joint_id: UUID, by: Actor) -> JointDelivery:
    """:raises NotFound: none, taken apart, or none of whose deliveries the person may see"""
    found = JointDelivery.objects.select_related("customer", "warehouse", "company", "branch").filter(pk=joint_id)
    seen = visible_deliveries(by=by).filter(joint_id=joint_id)
    joint = found.filter(pk__in=seen.values("joint_id")).first()
    if joint is None:
        raise NotFound()
    return joint


def deliveries_of_joint(*, joint_id: UUID, by: Actor) -> list[Delivery]:
    """Those the person may see, in the order of their numbers, each with its proof."""
    rows = visible_deliveries(by=by).filter(joint_id=joint_id)
    return list(rows.select_related("proof", "warehouse", "customer").order_by("number", "pk"))


def companions_of(delivery: Delivery, *, by: Actor) -> list[Delivery]:
    """What travels with a delivery and the person may see, in the order of their numbers. One statement."""
    rows = visible_deliveries(by=by).filter(joint_id=delivery.joint_id, joint__isnull=False).exclude(pk=delivery.pk)
    return list(rows.order_by("number"))


class Companion(NamedTuple):
    """A delivery that travels with another, or could. `why` it cannot: a code; nothing when it can. `is_proposed`: it
    can beside the proposed ones before it, and they are not too many."""

    id: UUID
    number: str
    order: str
    status: str
    planned_date: date | None
    goods: list[str]
    more: int
    joint: str
    route: str
    why: str
    is_proposed: bool


def sendings_of(rows: Collection[Delivery]) -> list[Sending]:
    """As the rules see them, with the route they stand in. One statement."""
    routes = dict(
        RouteStop.objects.filter(delivery_id__in=[one.id for one in rows]).values_list("delivery_id", "route_id")
    )
    return [
        Sending(
            one.id, one.number, one.company_id, one.customer_id, one.warehouse_id, one.address, one.status,
            one.planned_date, one.joint_id, routes.get(one.id),
        )
        for one in rows
    ]  # fmt: skip


def could_go_along(*, delivery: Delivery, by: Actor) -> list[Companion]:
    """Waiting deliveries of the same customer from the same warehouse to the same door that do not travel with it
    yet, those that fit first, the earliest planned first. Two statements, three when there are some."""
    rows = _waiting_beside(delivery, by)[:200]
    door = door_of(delivery.customer_id, delivery.address)
    near = [row for row in rows if door_of(row.customer_id, row.address) == door]
    if not near:
        return []
    lead, *others = sendings = sendings_of([delivery, *near])
    whys, torn = {one.id: misfit(one, lead) for one in others}, misfits(sendings)
    proposed = {one.id for one in [one for one in others if one.id not in torn][: MOST - 1]}
    goods = _goods_of([row.id for row in near])
    found = [
        Companion(
            row.id, row.number, row.source_number, row.status, row.planned_date, goods.get(row.id, [])[:3],
            max(0, len(goods.get(row.id, [])) - 3), row.joint.number if row.joint else "", row.stop_route, whys[row.id],
            row.id in proposed,
        )
        for row in near
    ]  # fmt: skip
    return sorted(found, key=lambda one: bool(one.why))


def count_beside(*, delivery: Delivery, by: Actor) -> int:
    """How many could go along with a delivery that waits. One statement."""
    if delivery.status not in OPEN:
        return 0
    door = door_of(delivery.customer_id, delivery.address)
    rows: QuerySet[Any, Any] = _beside(delivery, by).values_list("customer_id", "address")[:200]
    return sum(door_of(customer_id, address) == door for customer_id, address in rows)


def _beside(delivery: Delivery, by: Actor) -> QuerySet[Delivery]:
    rows = visible_deliveries(by=by).filter(
        company_id=delivery.company_id, customer_id=delivery.customer_id, warehouse_id=delivery.warehouse_id,
        status__in=OPEN,
    )  # fmt: skip
    rows = rows.exclude(pk=delivery.pk)
    return rows if delivery.joint_id is None else rows.exclude(joint_id=delivery.joint_id, joint__isnull=False)


def _waiting_beside(delivery: Delivery, by: Actor) -> list[Any]:
    rows = list(_beside(delivery, by).select_related("joint", "stop__route").order_by("planned_date", "pk")[:200])
    for row in rows:
        stop = getattr(row, "stop", None)
        row.__dict__["stop_route"] = stop.route.number if stop else ""
    return rows


class DoorToJoin(NamedTuple):
    """A door for which several deliveries wait that do not travel together."""

    customer: str
    city: str
    deliveries: list[tuple[str, str]]
    """Id and number."""


_DOORS = r"""
SELECT c.name, coalesce(min(d.address ->> 'city'), ''),
       json_agg(json_build_array(d.id, d.number) ORDER BY d.number)::text
  FROM stock_delivery d JOIN parties_customer c ON c.id = d.customer_id
  LEFT JOIN stock_routestop s ON s.delivery_id = d.id
 WHERE d.warehouse_id = %(place)s::uuid AND d.status IN ('draft', 'picking')
   AND (d.planned_date IS NULL OR d.planned_date <= %(day)s::date)
 GROUP BY c.id, c.name, (
   SELECT array_agg(lower(regexp_replace(btrim(coalesce(d.address ->> w.name, '')), '\s+', ' ', 'g')) ORDER BY w.place)
     FROM unnest(ARRAY['street', 'district', 'city', 'postcode']) WITH ORDINALITY AS w(name, place))
HAVING count(DISTINCT coalesce(d.joint_id, d.id)) > 1 AND count(DISTINCT d.joint_id) < 2
   AND count(DISTINCT s.route_id) < 2 AND count(*) <= %(most)s
 ORDER BY c.name LIMIT 20
"""


def doors_to_join(*, warehouse_id: UUID, day: date) -> list[DoorToJoin]:
    """Where several deliveries that are due by a day could travel together. One statement; the caller has checked
    access."""
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, {"place": warehouse_id, "day": day, "most": MOST})
        return [DoorToJoin(name, city, orjson.loads(told)) for name, city, told in cursor.fetchall()]


_GOODS = """
SELECT l.delivery_id, coalesce(nullif(l.description, ''), q.name) || ' × ' || trim_scale(l.quantity)
  FROM stock_deliveryline l JOIN catalog_product q ON q.id = l.product_id
 WHERE l.delivery_id = ANY(%s::uuid[]) ORDER BY l.delivery_id, l.position
"""


def _goods_of(delivery_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [list(delivery_ids)])
        for key, words in cursor.fetchall():
            found.setdefault(key, []).append(words)
    return found
