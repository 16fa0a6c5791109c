from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.stock.errors import LotNotGood, LotsShort
from niaga.stock.models import Delivery, LotPick
from niaga.stock.queries.deliveries import ShippedLine
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.rules.first_expired import LotAtHand, first_expired, less
from niaga.stock.services.lock_levels import lock_levels

Leaving = dict[tuple[UUID, UUID], list[tuple[UUID, Decimal]]]
"""Lots and base units of each, by delivery line and product."""


def leaving_lots(*, delivery: Delivery, lines: Sequence[ShippedLine], today: date) -> Leaving:
    """Which lots leave with a locked delivery: what was fetched, then what was proposed, then what expires first.

    Locks the levels of its goods that are kept by lot, by product. No statement when none is, three when some are.

    :raises LotNotGood: what was fetched is blocked or past its day by now; each product is answered
    :raises LotsShort: good lots do not make up what leaves; each product is answered
    """
    products = {goods.product_id for line in lines for goods in line.goods if goods.by_lot}
    if not products:
        return {}
    lock_levels(keys=[(delivery.warehouse_id, product_id) for product_id in products])
    line_ids = [line.id for line in lines]
    there = lots_at_hand(warehouse_id=delivery.warehouse_id, product_ids=products, today=today, but_for=line_ids)
    chosen: dict[tuple[UUID, UUID], list[LotPick]] = {}
    picks = LotPick.objects.filter(delivery_line_id__in=line_ids).select_related("lot")
    for pick in picks.order_by("-is_fetched", "lot__expires_on", "id"):
        chosen.setdefault((pick.delivery_line_id, pick.lot.product_id), []).append(pick)
    leaving: Leaving = {}
    bad: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    wants = [(line, goods) for line in lines for goods in line.goods if goods.by_lot]
    rests: list[tuple[tuple[UUID, UUID], int, Decimal]] = []
    for line, goods in wants:
        key, rest = (line.id, goods.product_id), goods.base
        for pick in chosen.get(key, ()):
            lots = {lot.lot_id: lot for lot in there.get(goods.product_id, ())}
            take = min(rest, pick.quantity)
            lot = lots.get(pick.lot_id)
            if take > 0 and lot is not None and lot.free >= take:
                _take(there, leaving, key, [(lot, take)])
                rest -= take
            elif take > 0 and pick.is_fetched:
                bad.append(
                    {"line": line.position, "line_id": str(line.id), "lot": pick.lot.number, "wanted": take,
                     "available": lot.free if lot else Decimal(0)}
                )  # fmt: skip
        rests.append((key, line.position, rest))
    if bad:
        raise LotNotGood(lines=bad, field="lines")
    for key, position, rest in rests:
        taken, missing = first_expired(there.get(key[1], ()), wanted=rest)
        _take(there, leaving, key, taken)
        if missing:
            short.append(
                {"line": position, "line_id": str(key[0]), "product_id": str(key[1]), "wanted": rest,
                 "available": rest - missing}
            )  # fmt: skip
    if short:
        raise LotsShort(lines=short, field="lines")
    return leaving


def _take(
    there: dict[UUID, list[LotAtHand]], leaving: Leaving, key: tuple[UUID, UUID], taken: list[tuple[LotAtHand, Decimal]]
) -> None:
    there[key[1]] = less(there.get(key[1], ()), taken)
    found = leaving.setdefault(key, [])
    for lot, quantity in taken:
        known = dict(found).get(lot.lot_id, Decimal(0))
        if known:
            found.remove((lot.lot_id, known))
        found.append((lot.lot_id, known + quantity))
