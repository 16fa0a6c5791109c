"""What goods are worth as they move: the moving average, reckoned by the statement that moves them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.money import exponent


class Movement(NamedTuple):
    """`quantity` base units in (positive) or out (negative); `from_reserved` of them leave what was held, a negative
    one is held as it comes.

    `unit_cost` counts for what comes in; without one, and for what goes, the average holds. `line_id` is the line of
    the source that moves them, `lot_id` the lot of goods that are kept by lot.
    """

    product_id: UUID
    quantity: Decimal
    unit_cost: Decimal | None = None
    from_reserved: Decimal = Decimal(0)
    line_id: UUID | None = None
    lot_id: UUID | None = None


# What goes takes its share of the value: of running sums, so that lines of one product make up the share of all, and
# the last piece takes the rest. What comes without a cost is worth the average, or what the catalogue says.
_VALUED = """
SELECT m.id, m.product_id, m.quantity, m.line_id, m.lot_id, m.unit_cost, m.product_id IS NOT NULL AND r.known AS known,
       CASE WHEN m.quantity > 0 THEN round(m.quantity * r.each, {digits})
            ELSE coalesce(round(p.value * m.so_far / nullif(p.quantity, 0), {digits})
                        - round(p.value * (m.so_far - m.quantity) / nullif(p.quantity, 0), {digits}), 0) END AS value
  FROM (SELECT *, sum(quantity) OVER (PARTITION BY product_id ORDER BY ord) AS so_far FROM {moving}) m
  LEFT JOIN {pool} p ON p.product_id = m.product_id
  LEFT JOIN catalog_product c ON c.id = m.product_id
 CROSS JOIN LATERAL (SELECT coalesce(m.unit_cost, p.average, c.cost, 0) AS each,
                            m.quantity > 0 AND coalesce(m.unit_cost, p.average, c.cost) IS NOT NULL AS known) r
"""
_AVERAGE = """CASE WHEN {quantity} > 0 AND ({known} OR t.average IS NOT NULL)
                   THEN round(({value}) / ({quantity}), 6) ELSE t.average END"""


def value_moves(*, batch: Batch, company_id: UUID, currency: str, levels: str, movements: Sequence[Movement]) -> str:
    """Add the change of what the moved goods are worth to the batch. Returns the part with a row for each movement:
    `id, product_id, quantity, line_id, lot_id, unit_cost, value`.

    `levels` is the part that changed the levels, with their `product_id`: costs are locked after all of them, by
    product. The movements of one product all come, or all go.
    """
    pool = batch.sql(
        "pool",
        "SELECT c.id, c.product_id, c.quantity, c.value, c.average FROM stock_stockcost c"
        f" WHERE c.product_id IN (SELECT product_id FROM {levels}) ORDER BY c.product_id FOR UPDATE OF c",
    )
    moving = batch.rows(
        "moving",
        {"id": "uuid", "product_id": "uuid", "quantity": "numeric", "unit_cost": "numeric", "line_id": "uuid",
         "lot_id": "uuid", "ord": "int"},
        [
            {"id": new_id(), "product_id": move.product_id, "quantity": move.quantity, "line_id": move.line_id,
             "lot_id": move.lot_id, "unit_cost": None if move.quantity < 0 else move.unit_cost, "ord": place}
            for place, move in enumerate(movements)
        ],
    )  # fmt: skip
    valued = batch.sql("valued", _VALUED.format(digits=exponent(currency), moving=moving, pool=pool))
    change = batch.sql(
        "change",
        "SELECT product_id, sum(quantity) AS quantity, sum(value) AS value, bool_or(known) AS known"
        f" FROM {valued} GROUP BY product_id",
    )
    changed = _AVERAGE.format(quantity="t.quantity + s.quantity", value="t.value + s.value", known="s.known")
    batch.sql(
        "worth",
        "UPDATE stock_stockcost t SET quantity = t.quantity + s.quantity, value = t.value + s.value,"
        f" average = {changed} FROM {pool} p JOIN {change} s ON s.product_id = p.product_id WHERE t.id = p.id"
        " RETURNING 1",
    )
    added = _AVERAGE.format(
        quantity="t.quantity + excluded.quantity", value="t.value + excluded.value",
        known="excluded.average IS NOT NULL",
    )  # fmt: skip
    # One that another statement makes at this moment is added to; it was made after its level, which was waited for.
    batch.sql(
        "first_worth",
        "INSERT INTO stock_stockcost AS t (id, company_id, product_id, quantity, value, average)"
        " SELECT gen_random_uuid(), %s::uuid, s.product_id, s.quantity, s.value,"
        " CASE WHEN s.known THEN round(s.value / s.quantity, 6) END"
        f" FROM {change} s WHERE NOT EXISTS (SELECT 1 FROM {pool} p WHERE p.product_id = s.product_id)"
        " ORDER BY s.product_id ON CONFLICT (product_id) DO UPDATE SET quantity = t.quantity + excluded.quantity,"
        f" value = t.value + excluded.value, average = {added} RETURNING 1",
        [company_id],
    )
    return valued
