from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from niaga.stock.models import Lot
from niaga.stock.services.lock_levels import require_free
from niaga.stock.services.move_lots import require_lots
from niaga.stock.services.value_moves import Movement


def require_sendable(
    *,
    warehouse_id: UUID,
    moves: Sequence[Movement],
    levels: Mapping[tuple[UUID, UUID], tuple[Decimal, Decimal]],
    places: Mapping[UUID, tuple[int, str]],
) -> set[UUID | None]:
    """See that positive movements can leave a warehouse whose levels are locked: free goods, or lots that are barred.

    Returns the barred lots among them. One or two statements more where lots are named.

    :raises NotEnoughFree: each line that is short is answered
    """
    require_lots(
        warehouse_id=warehouse_id, moves=[move._replace(quantity=-move.quantity) for move in moves], places=places
    )
    ids = {move.lot_id for move in moves if move.lot_id is not None}
    barred: set[UUID | None] = (
        set(Lot.objects.filter(id__in=ids, is_barred=True).values_list("id", flat=True)) if ids else set()
    )
    taken: dict[tuple[UUID, UUID], Decimal] = {}
    for move in moves:
        if move.lot_id not in barred:
            key = warehouse_id, move.product_id
            taken[key] = taken.get(key, Decimal(0)) + move.quantity
    require_free(taken=taken, levels=levels, places=places)
    return barred
