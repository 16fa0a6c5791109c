"""What goods weigh and take up. The arithmetic is the database's `catalog_load`, for statements over many lines too."""

from collections.abc import Sequence

import orjson
from django.db import connection

from niaga.catalog.rules.load import GoodsLoad, ToWeigh

# Sums over lines: `{quantity}` of one whose load is `{load}`, as `catalog_load` answers it.
SUMS = """
coalesce(sum({quantity} * {load}.weight), 0), coalesce(sum({quantity} * {load}.volume), 0),
(count(*) FILTER (WHERE {load}.carried))::int, (count(*) FILTER (WHERE {load}.no_weight))::int,
(count(*) FILTER (WHERE {load}.no_volume))::int
"""
_LOADS = """
SELECT x.place, x.quantity * g.weight, x.quantity * g.volume, g.carried::int, g.no_weight::int, g.no_volume::int
  FROM jsonb_to_recordset(%s::jsonb) AS x(place int, product uuid, unit uuid, factor numeric, quantity numeric,
                                          parts jsonb)
 CROSS JOIN LATERAL catalog_load(x.product, x.unit, x.factor, x.parts) g ORDER BY x.place
"""


def loads_of(lines: Sequence[ToWeigh]) -> list[GoodsLoad]:
    """What each line weighs and takes up, in their order; one statement. The caller may see the products."""
    if not lines:
        return []
    rows = [
        {"place": place, "product": one.product_id, "unit": one.unit_id, "factor": str(one.factor),
         "quantity": str(one.quantity),
         "parts": [{"product_id": part["product_id"], "quantity": str(part["quantity"])} for part in one.parts]}
        for place, one in enumerate(lines)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [orjson.dumps(rows).decode()])
        return [GoodsLoad(*row[1:]) for row in cursor.fetchall()]
