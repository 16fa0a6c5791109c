from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import OtherLot, ReasonMissing
from niaga.stock.models import LotPick
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.rules.first_expired import LotAtHand, first_expired, less
from niaga.stock.services.lock_levels import lock_levels


@transaction.atomic
def choose_lots(
    *, delivery_id: UUID, lots: Mapping[UUID, Sequence[tuple[str, Decimal]]], reason: str = "", by: Actor, at: datetime
) -> None:
    """Say which lots leave with a delivery: by line, numbers and base units of each. Others than those that expire
    first need a reason. Lines of one product only; what is in a bundle leaves first expired first.

    :raises NotFound: no such delivery, or a named line is not one of it that is kept by lot
    :raises Forbidden: the person may not change it
    :raises WrongState: it has left, or was called off
    :raises OtherLot: a lot is blocked, past its day, or has less than that; or lots make more than the line; each
        line is answered
    :raises ReasonMissing: others are named than expire first, and nothing says why
    """
    delivery, lines = lock_delivery(delivery_id=delivery_id)
    access_of(by).require("delivery", "change", delivery)
    if delivery.status not in ("draft", "picking"):
        raise WrongState()
    known = {line.id: line for line in lines if line.by_lot and line.reservation_id}
    if not lots or set(lots) - set(known):
        raise NotFound(field="lines")
    batch = Batch()
    others = False
    products = {known[line_id].product_id for line_id in lots}
    lock_levels(keys=[(delivery.warehouse_id, product_id) for product_id in products])
    there = lots_at_hand(
        warehouse_id=delivery.warehouse_id, product_ids=products, but_for=list(lots),
        today=day_at(at=at, zone=delivery.branch.zone),
    )  # fmt: skip
    for line_id, wanted in lots.items():
        line = known[line_id]
        here = there.get(line.product_id, [])
        taken = fitting(here, wanted, most=line.quantity * line.factor, line_id=line_id)
        others = others or not is_first(here, taken)
        there[line.product_id] = less(here, taken)
        keep_picks(batch=batch, line_id=line_id, part_id=None, taken=taken, is_fetched=True)
    if others and not reason.strip():
        raise ReasonMissing(field="reason")
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="choose_lots", by=by.id, at=at,
        company_id=delivery.company_id, note=reason.strip()[:200],
        data={"lots": sorted({number for wanted in lots.values() for number, _quantity in wanted})},
    )  # fmt: skip
    batch.write()


def fitting(
    there: Sequence[LotAtHand], wanted: Sequence[tuple[str, Decimal]], *, most: Decimal, line_id: UUID
) -> list[tuple[LotAtHand, Decimal]]:
    """The named lots, by number.

    :raises OtherLot: one is not among those that can be taken, has less, or together they are more than `most`
    """
    lots = {lot.number: lot for lot in there}
    faults: list[dict[str, Any]] = [
        {"line_id": str(line_id), "lot": number, "wanted": quantity,
         "available": lots[number].free if number in lots else Decimal(0)}
        for number, quantity in wanted
        if number not in lots or not 0 < quantity <= lots[number].free
    ]  # fmt: skip
    numbers = [number for number, _quantity in wanted]
    if faults or len(set(numbers)) < len(numbers) or sum((one[1] for one in wanted), Decimal(0)) > most:
        raise OtherLot(lines=faults, field="lots")
    return [(lots[number], quantity) for number, quantity in wanted]


def is_first(there: Sequence[LotAtHand], taken: Sequence[tuple[LotAtHand, Decimal]]) -> bool:
    """Whether these are what first expired, first out would take."""
    first, _missing = first_expired(there, wanted=sum((quantity for _lot, quantity in taken), Decimal(0)))
    return {lot.lot_id: quantity for lot, quantity in first} == {lot.lot_id: quantity for lot, quantity in taken}


def keep_picks(
    *, batch: Batch, line_id: UUID, part_id: UUID | None, taken: Sequence[tuple[LotAtHand, Decimal]], is_fetched: bool
) -> None:
    """Write which lots a delivery line (or a part of it) takes, in the place of what was written."""
    LotPick.objects.filter(delivery_line_id=line_id, part_id=part_id).delete()
    batch.insert(
        LotPick,
        [
            {"id": new_id(), "delivery_line_id": line_id, "part_id": part_id, "lot_id": lot.lot_id,
             "quantity": quantity, "is_fetched": is_fetched}
            for lot, quantity in taken
        ],
    )  # fmt: skip
