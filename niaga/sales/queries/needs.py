"""What order lines ask of the stock, for statements that go over many of them; `sales.rules.parts` says it of one."""

# One row for each product that a stocked line takes: `each` base units for one base unit of the line. A bundle takes
# the parts that were written on it. What a supplier was asked to send straight to the customer is asked of no stock.
# `{lines}` are rows of order lines.
NEEDS = """
SELECT l.id AS line_id, l.order_id, n.product_id, n.each, n.is_part,
       (l.quantity - l.cancelled - l.shipped - l.direct) * l.factor * n.each AS base
  FROM {lines} l CROSS JOIN LATERAL (
    SELECT l.product_id, 1::numeric AS each, false AS is_part WHERE l.parts = '[]'::jsonb
    UNION ALL
    SELECT (p ->> 'product_id')::uuid, (p ->> 'quantity')::numeric, true FROM jsonb_array_elements(l.parts) p
     WHERE (p ->> 'is_stocked')::boolean) n
 WHERE l.needs_stock AND l.product_id IS NOT NULL
"""
