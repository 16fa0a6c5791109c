from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.outbox import announce
from niaga.documents.services.copy_attachments import copy_attachments
from niaga.organization.access import Actor
from niaga.shipping.errors import ArrivedAlready, BadVisit, CalledOff, NotLoaded
from niaga.shipping.events import DoorVisited
from niaga.shipping.models import DeliveryVisit, RefusedGoods, Shipment, VisitPosition
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.queries.drivers_day import agreed_days
from niaga.shipping.queries.to_collect import to_collect
from niaga.shipping.rules.carriers.shape import Happened
from niaga.shipping.rules.door_share import own_key, share, split_cash
from niaga.shipping.rules.shipment_flow import ASKED, Reached
from niaga.shipping.rules.visit import REASONS, Visit
from niaga.shipping.services.check_visit import check_proof, check_visit
from niaga.shipping.services.keep_pictures import keep_pictures
from niaga.shipping.services.take_told import take_told
from niaga.stock.errors import NotYourStop
from niaga.stock.queries.doors import door_lines
from niaga.stock.queries.driving import require_at_door
from niaga.stock.queries.together import lock_together
from niaga.stock.services.arrive import arrive
from niaga.stock.services.miss_customer import miss_customer


@transaction.atomic
def record_visit(*, delivery_id: UUID, visit: Visit, by_phone: bool = False, by: Actor, at: datetime) -> DeliveryVisit:
    """Take what a driver's phone tells of a door: delivered, in part, or not, with what proves it.

    `visit.key` is made by the phone: what comes twice, after a lost connection, counts once. Goods that were refused
    stay sold until they come back as a return. Of goods that travelled together one visit tells of all: the same proof,
    what was refused by delivery, and the money by what was due of each. Where the phone was is kept to some ten metres,
    only as long as the company says and the driver agreed to; without their yes never. `by_phone`: what the company
    asks drivers to bring from a door is asked for.

    :raises NotFound: no such delivery
    :raises Forbidden, NotYourStop: the person may not record deliveries, nor drives this one
    :raises CalledOff, ArrivedAlready, NotLoaded: there is nothing to hand over any more, or not yet
    :raises BadVisit: nobody is named, no reason is given, or lines and figures that cannot be right
    :raises NotAnImage, FileTooLarge: a photo or the signature is no picture
    """
    members = lock_together(delivery_ids=[delivery_id])
    delivery = next(one for one in members if one.id == delivery_id)
    known = DeliveryVisit.objects.filter(pk=visit.key).first()
    if known is None or by.id is None or known.by != by.id:  # who told it may ask again, though the route is another's
        try:
            require_at_door(delivery=delivery, by=by)
        except NotYourStop as refusal:  # what is called off stands in no route any more
            raise CalledOff() if delivery.status == "cancelled" else refusal from None
    if known is not None:
        if known.delivery_id != delivery.id:
            raise BadVisit(field="key")
        return known
    if delivery.status != "shipped":
        raise _REFUSALS.get(delivery.status, WrongState)()
    here = [delivery, *(one for one in members if one.id != delivery_id and one.status == "shipped")]
    lines = {key: {row.id: row.quantity for row in rows} for key, rows in door_lines(delivery_ids=_ids(here)).items()}
    happened_at = max(min(visit.at, at), delivery.shipped_at or visit.at)
    today = day_at(at=happened_at, zone=delivery.branch.zone)  # told days later it is judged by its own day
    setting = shipping_settings(delivery.company_id)
    check_visit(visit, held={key: held for own in lines.values() for key, held in own.items()}, today=today)
    if by_phone and visit.outcome != "failed":
        check_proof(visit, asks_signature=setting.asks_signature, asks_photo=setting.asks_photo)
    photos, signature_id = keep_pictures(delivery=delivery, visit=visit, by=by, at=at)
    shares = {one.id: share(visit, held=lines.get(one.id, {})) for one in here}
    batch = Batch()
    pictures = [*photos, *([signature_id] if signature_id else [])]
    copies = copy_attachments(
        batch=batch, attachment_ids=pictures, subject_ids=_ids(here[1:]), by=by.id, at=at
    ) | {delivery.id: {one: one for one in pictures}}  # fmt: skip
    cash = _cash(visit, here, shares, today)
    for one in here:
        told = shares[one.id]
        own = own_key(visit.key, one.id, is_told=one is delivery)
        its = [copies[one.id][key] for key in photos if key in copies[one.id]]
        batch.insert(
            DeliveryVisit,
            [
                {
                    "id": own, "company_id": one.company_id, "delivery_id": one.id, "outcome": told.outcome,
                    "received_by": told.received_by, "reason": told.reason, "next_date": told.next_date,
                    "photo_ids": [str(key) for key in its],
                    "signature_id": copies[one.id].get(signature_id) if signature_id else None,
                    "cash": cash.get(one.id), "currency": one.company.currency, "note": told.note,
                    "arrived_at": min(told.arrived_at, happened_at) if told.arrived_at else None,
                    "at": happened_at, "received_at": at, "told_with": None if one is delivery else visit.key,
                    "by": by.id,
                }
            ],
        )  # fmt: skip
        batch.insert(
            RefusedGoods,
            [{"line_id": row.line_id, "quantity": row.quantity, "reason": row.reason} for row in told.refused],
            company_id=one.company_id, visit_id=own,
        )  # fmt: skip
        if told.outcome == "failed":
            own_words = "" if told.reason in REASONS else told.reason  # a code is told by the visit itself
            miss_customer(
                batch=batch, delivery=one, reason=own_words, next_date=told.next_date, by=by.id, at=at
            )  # fmt: skip
        else:
            arrive(
                batch=batch, delivery=one, received_by=told.received_by, photo_id=its[0] if its else None,
                note=told.note, arrived_at=happened_at, by=by.id, at=at,
            )  # fmt: skip
    told_of = [DoorVisited(one.id, own_key(visit.key, one.id, is_told=one is delivery), shares[one.id].outcome,
                           len(shares[one.id].refused)) for one in here]  # fmt: skip
    announce(batch=batch, event=told_of, company_id=delivery.company_id, by=by.id, at=at)
    batch.write()
    _keep_position(delivery, visit, setting.position_days, by, at)
    _move_shipments(shares, happened_at, by=by.id, at=at)
    return DeliveryVisit.objects.get(pk=visit.key)


def _ids(deliveries: Sequence[Any]) -> list[UUID]:
    return [one.id for one in deliveries]


def _cash(visit: Visit, here: Sequence[Any], shares: Mapping[UUID, Visit], today: date) -> dict[UUID, Decimal]:
    """What was paid, by delivery. What is due is asked only where several arrive."""
    doors = sorted(one.id for one in here if shares[one.id].outcome != "failed")
    if visit.cash is None or len(here) == 1:
        return {here[0].id: visit.cash} if visit.cash is not None else {}
    owed = to_collect(delivery_ids=doors, currency=here[0].company.currency, day=today)
    return split_cash(visit.cash, doors=doors, due={key: money.amount for key, money in owed.items()})


_REFUSALS = {"cancelled": CalledOff, "delivered": ArrivedAlready, "draft": NotLoaded, "picking": NotLoaded}


def _keep_position(delivery: Any, visit: Visit, days: int, by: Actor, at: datetime) -> None:
    if visit.position is None:
        return
    days = min(days, agreed_days(by=by, company_id=delivery.company_id))
    if not days:
        return
    VisitPosition.objects.create(
        visit_id=visit.key, company_id=delivery.company_id, latitude=visit.position.latitude,
        longitude=visit.position.longitude, accuracy_m=visit.position.accuracy_m,
        delete_after=at.date() + timedelta(days=days),
    )  # fmt: skip


def _move_shipments(shares: Mapping[UUID, Visit], happened_at: datetime, *, by: UUID | None, at: datetime) -> None:
    """The own fleet's shipments follow their doors."""
    rows = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "delivery")
    for shipment in rows.filter(delivery_id__in=shares, status__in=ASKED).order_by("pk"):
        visit = shares[shipment.delivery_id]
        state = Reached.PROBLEM if visit.outcome == "failed" else Reached.DELIVERED
        happened = Happened(visit.key.hex, state, happened_at, visit.reason)
        take_told(shipment=shipment, events=[happened], by=by, at=at)
