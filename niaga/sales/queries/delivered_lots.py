"""The lots of what invoices bill: as delivered, each piece on one invoice."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import orjson
from django.db import connection

from niaga.invoicing.registry import DeliveredLot
from niaga.sales.rules.billed_lots import LeftLot, lots_between
from niaga.stock.queries.lots import lots_named

# Of each line of an invoice: what invoices before it billed of the same order line and what it bills, in base units,
# and the lots that left with that order line, the first to leave first. Without lots no row.
_BILLED = """
SELECT k.invoice_line_id, k.quantity * l.factor,
       coalesce((SELECT sum(b.quantity) FROM sales_orderlineinvoice b
                   JOIN invoicing_invoiceline v ON v.id = b.invoice_line_id
                   JOIN invoicing_invoice i ON i.id = v.invoice_id
                  WHERE b.order_line_id = l.id AND b.id < k.id AND i.status <> 'discarded'), 0) * l.factor,
       left_lots.told
  FROM sales_orderlineinvoice k JOIN invoicing_invoiceline n ON n.id = k.invoice_line_id
  JOIN sales_salesorderline l ON l.id = k.order_line_id
 CROSS JOIN LATERAL (
   SELECT json_agg(json_build_array(m.lot_id, (-m.quantity)::text) ORDER BY m.at, m.id)::text AS told
     FROM sales_orderlinedelivery d JOIN stock_stockmove m ON m.line_id = d.delivery_line_id
    WHERE d.order_line_id = l.id AND m.source_kind = 'delivery' AND m.lot_id IS NOT NULL
      AND m.product_id = l.product_id) left_lots
 WHERE n.invoice_id = %s::uuid AND left_lots.told IS NOT NULL
"""


def lots_billed(invoice_id: UUID) -> Mapping[UUID, Sequence[DeliveredLot]]:
    """By line of the invoice; lines of what is not kept by lot, or not delivered yet, are missing. One statement, and
    one more where there are lots."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLED, [invoice_id])
        rows = cursor.fetchall()
    parts = {
        line_id: lots_between([LeftLot(key, Decimal(size)) for key, size in orjson.loads(told)], before=before,
                              quantity=quantity)
        for line_id, quantity, before, told in rows
    }  # fmt: skip
    named = lots_named({UUID(key) for part in parts.values() for key in part})
    return {
        line_id: [
            DeliveredLot(lot.number, lot.expires_on, quantity, lot.unit)
            for key, quantity in part.items()
            if (lot := named.get(UUID(key))) is not None
        ]
        for line_id, part in parts.items()
    }
