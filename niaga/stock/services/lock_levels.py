from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.ids import new_id
from niaga.stock.errors import NotEnoughFree

# An upsert that changes nothing: it makes the levels that are missing, and locks all of them in the order of their key.
_SQL = """
INSERT INTO stock_stocklevel AS t (id, warehouse_id, product_id, on_hand, reserved)
SELECT v.id, v.warehouse_id, v.product_id, 0, 0
  FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS v(id, warehouse_id, product_id)
 ORDER BY v.warehouse_id, v.product_id
    ON CONFLICT (product_id, warehouse_id) DO UPDATE SET reserved = t.reserved
RETURNING t.warehouse_id, t.product_id, t.on_hand, t.reserved + t.barred
"""


def lock_levels(*, keys: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], tuple[Decimal, Decimal]]:
    """On hand, and what of it is reserved or barred, by (warehouse, product), locked in key order until the transaction
    ends. One statement.

    A product that was never in the warehouse gets its level, of nothing.
    """
    wanted = sorted(set(keys), key=lambda key: (key[0].bytes, key[1].bytes))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [[new_id() for _key in wanted], [key[0] for key in wanted], [key[1] for key in wanted]])
        return {(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()}


def lock_costs(*, product_ids: Collection[UUID]) -> None:
    """Lock what products cost, by product, until the transaction ends: after all levels, as the statement that moves
    them does. For who moves goods in several statements. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM stock_stockcost WHERE product_id = ANY(%s::uuid[]) ORDER BY product_id FOR UPDATE",
            [sorted(set(product_ids), key=lambda key: key.bytes)],
        )


def require_free(
    *, taken: Mapping[tuple[UUID, UUID], Decimal], levels: Mapping[tuple[UUID, UUID], tuple[Decimal, Decimal]],
    places: Mapping[UUID, tuple[int, str]],
) -> None:  # fmt: skip
    """See that what is taken away (base units, positive) is free. `places` gives a product's line and name.

    :raises NotEnoughFree: each line that is short is answered
    """
    lines: Sequence[dict[str, Any]] = [
        {
            "line": places[key[1]][0], "product_id": str(key[1]), "description": places[key[1]][1], "wanted": wanted,
            "available": levels[key][0] - levels[key][1],
        }
        for key, wanted in taken.items()
        if wanted > levels[key][0] - levels[key][1]
    ]  # fmt: skip
    if lines:
        raise NotEnoughFree(lines=lines, field="lines")
