"""A driver's day: own stops in their order, with what a door needs and no price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from niaga.core.clock import today as day_at
from niaga.core.money import Money
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import DeliveryVisit, PositionConsent, ShippingSetting
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.queries.to_collect import to_collect
from niaga.stock.queries.doors import DoorLine, door_lines
from niaga.stock.queries.driving import stops_to_drive

MOST = 200


@dataclass(frozen=True, slots=True)
class Stop:
    """A door of the day: a delivery, or what travels together (`rows`), of which `row` is the first. `state`: todo,
    again (came in vain, and it is tried again today), missed (in vain, another day), waiting (not loaded), done, off
    (called off). `collect`: what is to be paid there."""

    row: Any
    state: str
    lines: Sequence[DoorLine]
    collect: Money | None
    last: DeliveryVisit | None
    rows: Sequence[Any]
    """All that is handed over there."""


@dataclass(frozen=True, slots=True)
class DriversDay:
    """`keeps_place`: the driver's answer about positions; None: not asked yet, or the company keeps none."""

    today: date
    stops: Sequence[Stop]
    setting: ShippingSetting
    keeps_place: bool | None


def drivers_day(*, by: Actor, at: datetime) -> DriversDay:
    """The person's own stops of today and late ones, however many in as many statements.

    :raises Forbidden: the person may not drive
    """
    access = access_of(by)
    access.require("delivery", "drive")
    company, zone = access.current_company, access.default_branch.zone
    today = day_at(at=at, zone=zone)
    began = datetime.combine(today, time(), ZoneInfo(zone)).astimezone(UTC)
    rows = list(stops_to_drive(by=by, today=today, since=began)[:MOST])
    ids = [row.delivery_id for row in rows]
    lines = door_lines(delivery_ids=ids)
    open_ids = [row.delivery_id for row in rows if row.delivery.status == "shipped"]
    collect = to_collect(delivery_ids=open_ids, currency=company.currency, day=today)
    last = _last_visits(ids)
    stops = []
    for together in _together(rows):
        row = together[0]
        money = [collect[one.delivery_id] for one in together if one.delivery_id in collect]
        stops.append(
            Stop(
                row, _state(row, last.get(row.delivery_id), today, began),
                [line for one in together for line in lines.get(one.delivery_id, ())],
                sum(money[1:], money[0]) if money else None, last.get(row.delivery_id), together,
            )
        )  # fmt: skip
    setting = shipping_settings(company.id)
    return DriversDay(today, stops, setting, answered(by=by, company_id=company.id) if setting.position_days else None)


def _together(rows: Sequence[Any]) -> list[list[Any]]:
    """The stops of one door: what travels together and is in the same state, in the order of the deliveries' ids, so
    that a door keeps its name on the phone."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        joint_id = row.delivery.joint_id
        found.setdefault((joint_id, row.delivery.status) if joint_id else row.delivery_id, []).append(row)
    return [sorted(together, key=lambda row: row.delivery_id) for together in found.values()]


def _last_visits(ids: Sequence[UUID]) -> Mapping[UUID, DeliveryVisit]:
    rows = DeliveryVisit.objects.filter(delivery_id__in=ids).order_by("delivery_id", "-at", "-id")
    return {one.delivery_id: one for one in rows.distinct("delivery_id")}


def _state(row: Any, last: DeliveryVisit | None, today: date, began: datetime) -> str:
    status = row.delivery.status
    if status != "shipped":
        return {"delivered": "done", "cancelled": "off"}.get(status, "waiting")
    if last is None or last.outcome != "failed":
        return "todo"
    if row.day > today or (last.at >= began and last.next_date != today):
        return "missed"
    return "again"


def answered(*, by: Actor, company_id: UUID) -> bool | None:
    """The person's newest answer about having kept where the phone is; None: never asked."""
    if by.id is None:
        return None
    return _answers(by.id, company_id).values_list("is_given", flat=True).first()


def agreed_days(*, by: Actor, company_id: UUID) -> int:
    """So many days may be kept where the person's phone is, as they were told when they said yes; 0: no yes."""
    newest = None if by.id is None else _answers(by.id, company_id).first()
    return newest.days if newest is not None and newest.is_given else 0


def _answers(user_id: UUID, company_id: UUID) -> QuerySet[PositionConsent]:
    return PositionConsent.objects.filter(user_id=user_id, company_id=company_id).order_by("-at", "-id")
