"""One visit at a door, told once, as each of the deliveries that travelled together sees it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid5

from niaga.shipping.rules.visit import Visit


def own_key(visit_key: UUID, delivery_id: UUID, *, is_told: bool) -> UUID:
    """The key of a delivery's own row: the phone's for the one it tells of, one made of it for those beside it."""
    return visit_key if is_told else uuid5(visit_key, str(delivery_id))


def share(visit: Visit, *, held: Mapping[UUID, Decimal]) -> Visit:
    """What a visit says of one delivery, whose lines are `held`: delivered, in part, or not at all."""
    refused = [one for one in visit.refused if one.line_id in held]
    if visit.outcome != "part" or not refused:
        return visit if visit.outcome == "failed" else replace(visit, outcome="delivered", refused=())
    if {one.line_id: one.quantity for one in refused} == dict(held):
        return replace(visit, outcome="failed", received_by="", reason=refused[0].reason, refused=(), cash=None)
    return replace(visit, refused=tuple(refused))


def split_cash(
    cash: Decimal | None, *, doors: Sequence[UUID], due: Mapping[UUID, Decimal]
) -> dict[UUID, Decimal]:  # fmt: skip
    """What was paid once at a door, by delivery: each what is due of it, in order; the rest is the first one's."""
    left = cash or Decimal(0)
    found: dict[UUID, Decimal] = {}
    for one in doors:
        found[one] = min(left, max(Decimal(0), due.get(one, Decimal(0))))
        left -= found[one]
    if doors and left:
        found[doors[0]] += left
    return {key: amount for key, amount in found.items() if amount}
