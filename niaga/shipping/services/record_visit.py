from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.shipping.errors import BadVisit, CalledOff
from niaga.shipping.events import DoorVisited
from niaga.shipping.models import DeliveryVisit, RefusedGoods, Shipment, VisitPosition
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.queries.drivers_day import agreed_days
from niaga.shipping.rules.carriers.shape import Happened
from niaga.shipping.rules.shipment_flow import ASKED, Reached
from niaga.shipping.rules.visit import REASONS, Visit
from niaga.shipping.services.check_visit import check_proof, check_visit, require_on_its_way
from niaga.shipping.services.keep_pictures import keep_pictures
from niaga.shipping.services.take_told import take_told
from niaga.stock.errors import NotYourStop
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.queries.driving import require_at_door
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.miss_customer import miss_customer


@transaction.atomic
def record_visit(
    *, delivery_id: UUID, visit: Visit, by_phone: bool = False, told_by: UUID | None = None, by: Actor, at: datetime
) -> DeliveryVisit:
    """Take what a driver's phone tells of a door: delivered, in part, or not, with what proves it.

    `visit.key` is made by the phone: what comes twice, after a lost connection, counts once. Goods that were refused
    stay sold until they come back as a return. Where the phone was is kept to some ten metres, only as long as the
    company says and the driver agreed to; without their yes never. `by_phone`: what the company asks drivers to bring
    from a door is asked for. `told_by` was at the door, and holds what was paid there, where it is not `by`.

    :raises NotFound: no such delivery
    :raises Forbidden, NotYourStop: the person may not record deliveries, nor drives this one
    :raises CalledOff, ArrivedAlready, NotLoaded: there is nothing to hand over any more, or not yet
    :raises BadVisit: nobody is named, no reason is given, or lines and figures that cannot be right
    :raises NotAnImage, FileTooLarge: a photo or the signature is no picture
    """
    delivery, lines = lock_delivery(delivery_id=delivery_id)
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
    require_on_its_way(delivery)
    happened_at = max(min(visit.at, at), delivery.shipped_at or visit.at)
    today = day_at(at=happened_at, zone=delivery.branch.zone)  # told days later it is judged by its own day
    setting = shipping_settings(delivery.company_id)
    check_visit(visit, held={line.id: line.quantity for line in lines}, today=today)
    if by_phone and visit.outcome != "failed":
        check_proof(visit, asks_signature=setting.asks_signature, asks_photo=setting.asks_photo)
    photos, signature_id = keep_pictures(delivery=delivery, visit=visit, by=by, at=at)
    batch = Batch()
    batch.insert(
        DeliveryVisit,
        [
            {
                "id": visit.key, "company_id": delivery.company_id, "delivery_id": delivery.id,
                "outcome": visit.outcome, "received_by": visit.received_by, "reason": visit.reason,
                "next_date": visit.next_date, "photo_ids": [str(one) for one in photos], "signature_id": signature_id,
                "cash": visit.cash, "currency": delivery.company.currency, "note": visit.note,
                "arrived_at": min(visit.arrived_at, happened_at) if visit.arrived_at else None,
                "at": happened_at, "received_at": at, "by": told_by or by.id,
            }
        ],
    )  # fmt: skip
    batch.insert(
        RefusedGoods,
        [{"line_id": one.line_id, "quantity": one.quantity, "reason": one.reason} for one in visit.refused],
        company_id=delivery.company_id, visit_id=visit.key,
    )  # fmt: skip
    if visit.outcome == "failed":
        own_words = "" if visit.reason in REASONS else visit.reason  # a code is told by the visit itself
        miss_customer(
            batch=batch, delivery=delivery, reason=own_words, next_date=visit.next_date, by=by.id, at=at
        )  # fmt: skip
    told = DoorVisited(delivery.id, visit.key, visit.outcome, len(visit.refused))
    announce(batch=batch, event=told, company_id=delivery.company_id, by=by.id, at=at)
    batch.write()
    _keep_position(delivery, visit, setting.position_days, by, at)
    if visit.outcome != "failed":
        deliver_goods(
            delivery_id=delivery.id, received_by=visit.received_by, photo_id=photos[0] if photos else None,
            note=visit.note, arrived_at=happened_at, by=by, at=at,
        )  # fmt: skip
    _move_shipment(delivery.id, visit, happened_at, by=by.id, at=at)
    return DeliveryVisit.objects.get(pk=visit.key)


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


def _move_shipment(delivery_id: UUID, visit: Visit, happened_at: datetime, *, by: UUID | None, at: datetime) -> None:
    """The own fleet's shipment follows its door."""
    rows = Shipment.objects.select_for_update(of=("self",)).select_related("carrier", "delivery")
    shipment = rows.filter(delivery_id=delivery_id, status__in=ASKED).first()
    if shipment is None:
        return
    state = Reached.PROBLEM if visit.outcome == "failed" else Reached.DELIVERED
    happened = Happened(visit.key.hex, state, happened_at, visit.reason)
    take_told(shipment=shipment, events=[happened], by=by, at=at)
