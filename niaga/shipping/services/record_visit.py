from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.outbox import announce
from niaga.documents.services.attach_file import attach_file
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import BadVisit
from niaga.shipping.events import DoorVisited
from niaga.shipping.models import DeliveryVisit, RefusedGoods, Shipment, VisitPosition
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.rules.carriers.shape import Happened
from niaga.shipping.rules.shipment_flow import ASKED, Reached
from niaga.shipping.rules.visit import REASONS, Visit
from niaga.shipping.services.take_told import take_told
from niaga.stock.queries.deliveries import ShippedLine, lock_delivery
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.miss_customer import miss_customer


@transaction.atomic
def record_visit(*, delivery_id: UUID, visit: Visit, by: Actor, at: datetime) -> DeliveryVisit:
    """Take what a driver's phone tells of a door: delivered, in part, or not, with what proves it.

    `visit.key` is made by the phone: what comes twice, after a lost connection, counts once. Goods that were refused
    stay sold until they come back as a return. Where the phone was is kept to some ten metres, and only as long as the
    company says.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not record deliveries
    :raises WrongState: it has not left, or arrived already
    :raises BadVisit: nobody is named, no reason is given, or lines and figures that cannot be right
    :raises NotAnImage, FileTooLarge: a photo or the signature is no picture
    """
    delivery, lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "deliver", delivery)
    known = DeliveryVisit.objects.filter(pk=visit.key).first()
    if known is not None:
        if known.delivery_id != delivery.id:
            raise BadVisit(field="key")
        return known
    if delivery.status != "shipped":
        raise WrongState()
    today = day_at(at=at, zone=delivery.branch.zone)
    _check(visit, lines, today)
    happened_at = max(min(visit.at, at), delivery.shipped_at or visit.at)
    files = {"subject_kind": "delivery", "subject_id": delivery.id, "by": by, "at": at}
    photos = [
        attach_file(name=f"{delivery.number}-{place}.jpg", content=content, purpose="photo", **files).id  # type: ignore[arg-type]
        for place, content in enumerate(visit.photos, start=1)
    ]
    signature_id = None
    if visit.signature:
        name = f"{delivery.number}.png"
        signature_id = attach_file(name=name, content=visit.signature, purpose="signature", **files).id  # type: ignore[arg-type]
    batch = Batch()
    batch.insert(
        DeliveryVisit,
        [
            {
                "id": visit.key, "company_id": delivery.company_id, "delivery_id": delivery.id,
                "outcome": visit.outcome, "received_by": visit.received_by, "reason": visit.reason,
                "next_date": visit.next_date, "photo_ids": [str(one) for one in photos], "signature_id": signature_id,
                "cash": visit.cash, "currency": delivery.company.currency, "note": visit.note, "at": happened_at,
                "received_at": at, "by": by.id,
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
    _keep_position(delivery, visit, at)
    if visit.outcome != "failed":
        deliver_goods(
            delivery_id=delivery.id, received_by=visit.received_by, photo_id=photos[0] if photos else None,
            note=visit.note, arrived_at=happened_at, by=by, at=at,
        )  # fmt: skip
    _move_shipment(delivery.id, visit, happened_at, by=by.id, at=at)
    return DeliveryVisit.objects.get(pk=visit.key)


def _check(visit: Visit, lines: list[ShippedLine], today: object) -> None:
    if visit.outcome == "failed":
        if not visit.reason:
            raise BadVisit(_("Say why it could not be delivered."), field="reason")
        if visit.refused or visit.cash:
            raise BadVisit(_("Nothing was handed over, so nothing was refused or paid."), field="outcome")
        if visit.next_date is not None and visit.next_date < today:  # type: ignore[operator]
            raise BadVisit(_("The next try cannot be in the past."), field="next_date")
        return
    if not visit.received_by:
        raise BadVisit(_("Say who took the goods."), field="received_by")
    held = {line.id: line.quantity for line in lines}
    named = [one.line_id for one in visit.refused]
    if len(set(named)) != len(named) or any(one.quantity > held.get(one.line_id, Decimal(0)) for one in visit.refused):
        raise BadVisit(_("No more can be refused than was brought."), field="refused")
    if any(not one.reason for one in visit.refused):
        raise BadVisit(_("Say of each why it was refused."), field="refused")
    if bool(visit.refused) != (visit.outcome == "part"):
        raise BadVisit(_("Name what was refused when it was delivered in part."), field="refused")
    if visit.refused and {one.line_id: one.quantity for one in visit.refused} == held:
        raise BadVisit(_("Everything was refused: then it was not delivered."), field="outcome")


def _keep_position(delivery: Any, visit: Visit, at: datetime) -> None:
    days = shipping_settings(delivery.company_id).position_days
    if visit.position is None or not days:
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
