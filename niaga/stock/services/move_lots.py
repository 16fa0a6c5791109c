from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.stock.errors import NotEnoughFree
from niaga.stock.models import Lot, LotLevel
from niaga.stock.services.value_moves import Movement


def summed(moves: Sequence[Movement]) -> list[Movement]:
    """One movement of a product and lot, each worth what its last line with a cost says; what comes at first. Where one
    lot comes and another goes (one was taken for the other), what comes is worth the average."""
    sums: dict[tuple[UUID, UUID | None], Movement] = {}
    for move in moves:
        key = move.product_id, move.lot_id
        before = sums.get(key)
        quantity = move.quantity + (before.quantity if before else Decimal(0))
        cost = move.unit_cost if move.unit_cost is not None or before is None else before.unit_cost
        sums[key] = move._replace(quantity=quantity, unit_cost=cost, line_id=None)
    going = {move.product_id for move in sums.values() if move.quantity < 0}
    told = [
        move._replace(unit_cost=None) if move.product_id in going else move for move in sums.values() if move.quantity
    ]
    return sorted(told, key=lambda move: move.quantity < 0)


def require_lots(*, warehouse_id: UUID, moves: Sequence[Movement], places: Mapping[UUID, tuple[int, str]]) -> None:
    """See that each lot has what is taken of it. The levels of the products are locked. No statement without lots.

    :raises NotEnoughFree: each lot that has less is answered
    """
    taken: dict[UUID, Decimal] = {}
    products = {move.lot_id: move.product_id for move in moves if move.lot_id is not None}
    for move in moves:
        if move.lot_id is not None:
            taken[move.lot_id] = taken.get(move.lot_id, Decimal(0)) - move.quantity
    asked = {lot_id: base for lot_id, base in taken.items() if base > 0}
    if not asked:
        return
    rows = LotLevel.objects.filter(warehouse_id=warehouse_id, lot_id__in=asked).values_list("lot_id", "on_hand")
    there: dict[UUID, Decimal] = dict(rows)
    lines = [
        {"line": places[products[lot_id]][0], "product_id": str(products[lot_id]), "wanted": base,
         "description": places[products[lot_id]][1], "available": there.get(lot_id, Decimal(0))}
        for lot_id, base in asked.items()
        if base > there.get(lot_id, Decimal(0))
    ]  # fmt: skip
    if lines:
        raise NotEnoughFree(lines=lines, field="lines")


def barred_taken(moves: Sequence[Movement]) -> dict[UUID, Decimal]:
    """What is taken of barred lots, by product: it was promised to nobody. No statement without lots."""
    ids = {move.lot_id for move in moves if move.lot_id is not None and move.quantity < 0}
    if not ids:
        return {}
    barred = set(Lot.objects.filter(id__in=ids, is_barred=True).values_list("id", flat=True))
    taken: dict[UUID, Decimal] = {}
    for move in moves:
        if move.lot_id in barred and move.quantity < 0:
            taken[move.product_id] = taken.get(move.product_id, Decimal(0)) - move.quantity
    return taken
