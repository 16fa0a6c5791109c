"""Which list price holds: the deterministic winner among the entries that fit.

An entry fits by buyer, unit, day and quantity. Inside one list the entry in the line's own unit goes first, then the
largest quantity break, then the latest start. Between lists: priority, then specificity (a customer before a group, a
group before a territory and the nearer territory first, then branch, then channel, then everyone), then the best price
for the customer, then the list's identifier, which follows its age. A loser leaves a step that says why; a smaller
break of the winning list is no loser.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from niaga.core.money import round_to
from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import Buyer, LineRequest, ListEntry, PriceRequest

PRICE_DIGITS = 6
"""Unit prices are kept to six decimals: numeric(19,6)."""


class Candidate(NamedTuple):
    own_unit: bool
    min_base_quantity: Decimal
    unit_price: Decimal
    entry: ListEntry


def list_price(
    *, request: PriceRequest, line: LineRequest, base_quantity: Decimal
) -> tuple[Decimal | None, list[Step]]:
    """The price for one of the line's units, or None, and the steps that led to it."""
    factor = line.unit_factor
    price: Decimal | None = None
    steps: list[Step] = []
    if line.own_unit_price is not None:
        price = line.own_unit_price
        steps.append(
            Step("unit_list_price", price, {"base_price": line.base_price, "unit": line.unit, "factor": factor})
        )
    elif line.base_price is not None:
        price = line.base_price if factor == 1 else round_to(line.base_price * factor, PRICE_DIGITS)
        steps.append(Step("list_price", price, {"base_price": line.base_price, "unit": line.unit, "factor": factor}))
    if not line.entries:
        return price, steps

    best: dict[int, Candidate] = {}
    lost: list[tuple[ListEntry, str]] = []
    buyer, day, unit = request.buyer, request.on_date, line.unit
    for entry in line.entries:
        if not _is_for(entry, buyer):
            continue
        own_unit = entry.unit is not None
        if own_unit and entry.unit != unit:
            lost.append((entry, "other_unit"))
            continue
        if entry.valid_from is not None and day < entry.valid_from:
            lost.append((entry, "not_yet_valid"))
            continue
        if entry.valid_until is not None and day > entry.valid_until:
            lost.append((entry, "expired"))
            continue
        least = entry.min_quantity
        if own_unit:
            least = least * factor
        if base_quantity < least:
            lost.append((entry, "below_quantity"))
            continue
        unit_price = entry.price if own_unit or factor == 1 else round_to(entry.price * factor, PRICE_DIGITS)
        candidate = Candidate(own_unit, least, unit_price, entry)
        key = entry.list_id.int  # the integer hashes faster than the identifier
        rival = best.get(key)
        if rival is None or _goes_before(candidate, rival):
            best[key] = candidate
    won = None
    if len(best) == 1:
        (won,) = best.values()
    elif best:
        won, *others = sorted(best.values(), key=lambda one: _rank(one, buyer))
        lost.extend((other.entry, "other_list") for other in others)
    if won is not None:
        price = won.unit_price
    value = price if price is not None else Decimal(0)
    for entry, reason in lost:
        steps.append(Step("list_entry_lost", value, _facts(entry, "reason", reason)))
    if won is not None:
        steps.append(Step("list_entry", value, _facts(won.entry, "unit", unit)))
    return price, steps


def _goes_before(one: Candidate, other: Candidate) -> bool:
    """Inside one list."""
    if one.own_unit != other.own_unit:
        return one.own_unit
    if one.min_base_quantity != other.min_base_quantity:
        return one.min_base_quantity > other.min_base_quantity
    starts = (one.entry.valid_from, other.entry.valid_from)
    if starts[0] != starts[1]:
        return starts[1] is None or (starts[0] is not None and starts[0] > starts[1])
    return one.unit_price < other.unit_price


def _is_for(entry: ListEntry, buyer: Buyer) -> bool:
    return (
        (entry.customer_id is None or entry.customer_id == buyer.customer_id)
        and (entry.group_id is None or entry.group_id == buyer.group_id)
        and (entry.territory_id is None or entry.territory_id in buyer.territory_ids)
        and (entry.branch_id is None or entry.branch_id == buyer.branch_id)
        and (entry.channel_id is None or entry.channel_id == buyer.channel_id)
    )


def _rank(candidate: Candidate, buyer: Buyer) -> tuple[int, tuple[bool, bool, int, bool, bool], Decimal, str]:
    """Between lists: the smallest wins. What a list does not name comes after what it names."""
    entry = candidate.entry
    areas = buyer.territory_ids
    distance = areas.index(entry.territory_id) if entry.territory_id is not None else len(areas)
    width = (
        entry.customer_id is None,
        entry.group_id is None,
        distance,
        entry.branch_id is None,
        entry.channel_id is None,
    )
    return -entry.priority, width, candidate.unit_price, str(entry.list_id)


def _facts(entry: ListEntry, name: str, fact: str) -> dict[str, object]:
    return {
        "list": entry.list_id,
        "name": entry.list_name,
        "price": entry.price,
        "min_quantity": entry.min_quantity,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        name: fact,
    }
