from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import SYSTEM
from niaga.shipping.events import ShipmentMoved
from niaga.shipping.models import Shipment, ShipmentEvent
from niaga.shipping.rules.carriers.shape import Happened
from niaga.shipping.rules.shipment_flow import ASKED, OPEN, Reached, Status, move_reached, shipment_flow
from niaga.stock.services.deliver_goods import deliver_goods


def take_told(
    *,
    shipment: Shipment,
    events: Sequence[Happened],
    expected_date: date | None = None,
    by: UUID | None = None,
    at: datetime,
) -> str:
    """Keep what is told of a locked shipment, and move it to where it was last. Returns its state.

    What comes twice is kept once, by its key; what comes late finds its place by when it happened. A carrier that has
    brought it delivers the delivery too, and what travels with it in the same parcel, where it has left the warehouse.
    Call it in a transaction.
    """
    known = set(ShipmentEvent.objects.filter(shipment_id=shipment.id).values_list("key", flat=True))
    fresh = list({one.key: one for one in events if one.key not in known}.values())
    ShipmentEvent.objects.bulk_create(
        [
            ShipmentEvent(
                id=new_id(), company_id=shipment.company_id, shipment_id=shipment.id, key=one.key,
                state=one.state.value,
                words=one.words, place=one.place, at=one.at, told_at=at, by=by,
            )
            for one in fresh
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    changed = expected_date is not None and expected_date != shipment.expected_date
    if expected_date is not None:
        shipment.expected_date = expected_date
    move = None
    if fresh and shipment.status in ASKED:
        states = list(
            ShipmentEvent.objects.filter(shipment_id=shipment.id).order_by("-at", "-id").values("state", "at")
        )
        over = [one for one in states if one["state"] in (Reached.DELIVERED, Reached.RETURNED)]
        move = move_reached(Reached((over or states)[0]["state"]), shipment.status)
    if move is None and not changed:
        return shipment.status
    before = shipment.status
    if move is not None:
        shipment.status = check_move(shipment_flow, move, before)
    shipment.version, shipment.updated_at = shipment.version + 1, at
    if shipment.status in (Status.DELIVERED, Status.RETURNED):
        shipment.next_ask_at = None
    shipment.save(update_fields=["status", "version", "updated_at", "expected_date", "next_ask_at"])
    batch = Batch()
    if move is not None:
        record(
            batch=batch, subject_kind="shipment", subject_id=shipment.id, verb=move, by=by, at=at,
            company_id=shipment.company_id, from_status=before, to_status=shipment.status,
        )  # fmt: skip
    moved = ShipmentMoved(shipment.id, shipment.delivery_id, shipment.status)
    announce(batch=batch, event=moved, company_id=shipment.company_id, by=by, at=at)
    batch.write()
    shipment.delivery.refresh_from_db(fields=["status"])
    if shipment.status == Status.DELIVERED and shipment.delivery.status == "shipped":
        words = next((one.words for one in fresh if one.state is Reached.DELIVERED and one.words), "")
        deliver_goods(
            delivery_id=shipment.delivery_id, received_by=shipment.carrier.name, note=words, apart=_apart(shipment),
            by=SYSTEM, at=at,
        )  # fmt: skip
    return shipment.status


def _apart(shipment: Shipment) -> list[UUID]:
    """What travels with its delivery and was booked by itself: it arrives by its own carrier's word."""
    if shipment.delivery.joint_id is None:
        return []
    rows = Shipment.objects.filter(delivery__joint_id=shipment.delivery.joint_id, status__in=OPEN)
    return list(rows.exclude(delivery_id=shipment.delivery_id).values_list("delivery_id", flat=True))
