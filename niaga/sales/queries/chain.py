"""The documents around quotations and orders: offer, promise, deliveries, invoices, payments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from niaga.core.queries.together import Question, Written

# From any documents of the chain to their orders (or quotations without one), and from these to everything else.
_CHAIN = """
WITH asked AS (SELECT * FROM unnest(%s::text[], %s::uuid[]) AS a(kind, id)),
orders AS (
  SELECT a.kind, a.id, o.id AS order_id, o.quotation_id FROM asked a JOIN sales_salesorder o ON o.id = a.id
   WHERE a.kind = 'order'
  UNION SELECT a.kind, a.id, o.id, o.quotation_id FROM asked a JOIN sales_salesorder o ON o.quotation_id = a.id
   WHERE a.kind = 'quotation'
  UNION SELECT a.kind, a.id, o.id, o.quotation_id FROM asked a
    JOIN stock_deliveryline v ON v.delivery_id = a.id JOIN sales_orderlinedelivery k ON k.delivery_line_id = v.id
    JOIN sales_salesorderline l ON l.id = k.order_line_id JOIN sales_salesorder o ON o.id = l.order_id
   WHERE a.kind = 'delivery'
  UNION SELECT a.kind, a.id, o.id, o.quotation_id FROM asked a
    JOIN sales_dropship g ON g.id = a.id JOIN sales_salesorder o ON o.id = g.order_id
   WHERE a.kind = 'drop_ship'
  UNION SELECT a.kind, a.id, o.id, o.quotation_id FROM asked a
    JOIN invoicing_invoiceline v ON v.invoice_id = a.id JOIN sales_orderlineinvoice k ON k.invoice_line_id = v.id
    JOIN sales_salesorderline l ON l.id = k.order_line_id JOIN sales_salesorder o ON o.id = l.order_id
   WHERE a.kind = 'invoice'
  UNION SELECT a.kind, a.id, o.id, o.quotation_id FROM asked a
    JOIN invoicing_allocation x ON x.source_id = a.id AND x.source_kind = 'payment'
    JOIN invoicing_invoiceline v ON v.invoice_id = x.invoice_id
    JOIN sales_orderlineinvoice k ON k.invoice_line_id = v.id
    JOIN sales_salesorderline l ON l.id = k.order_line_id JOIN sales_salesorder o ON o.id = l.order_id
   WHERE a.kind = 'payment'
),
bills AS (
  SELECT DISTINCT o.kind, o.id, v.invoice_id FROM orders o JOIN sales_salesorderline l ON l.order_id = o.order_id
    JOIN sales_orderlineinvoice k ON k.order_line_id = l.id JOIN invoicing_invoiceline v ON v.id = k.invoice_line_id
)
SELECT o.kind, o.id, 'quotation', q.id, q.number, q.status = 'accepted', q.company_id, q.branch_id, q.salesperson_id
  FROM orders o JOIN sales_quotation q ON q.id = o.quotation_id
UNION ALL
SELECT a.kind, a.id, 'quotation', q.id, q.number, q.status = 'accepted', q.company_id, q.branch_id, q.salesperson_id
  FROM asked a JOIN sales_quotation q ON q.id = a.id WHERE a.kind = 'quotation'
   AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = a.id)
UNION ALL
SELECT o.kind, o.id, 'order', s.id, s.number, s.status IN ('confirmed', 'closed'), s.company_id, s.branch_id,
       s.salesperson_id FROM orders o JOIN sales_salesorder s ON s.id = o.order_id
UNION ALL
SELECT DISTINCT o.kind, o.id, 'delivery', d.id, d.number, d.status IN ('shipped', 'delivered'), d.company_id,
       d.branch_id, d.salesperson_id
  FROM orders o JOIN sales_salesorderline l ON l.order_id = o.order_id
  JOIN sales_orderlinedelivery k ON k.order_line_id = l.id JOIN stock_deliveryline v ON v.id = k.delivery_line_id
  JOIN stock_delivery d ON d.id = v.delivery_id WHERE d.status <> 'cancelled'
UNION ALL
SELECT b.kind, b.id, 'invoice', i.id, coalesce(i.number, '…'), i.status = 'issued', i.company_id, i.branch_id,
       i.salesperson_id FROM bills b JOIN invoicing_invoice i ON i.id = b.invoice_id WHERE i.status <> 'discarded'
UNION ALL
SELECT DISTINCT b.kind, b.id, 'payment', p.id, p.number, p.status = 'recorded', p.company_id, p.branch_id,
       p.salesperson_id
  FROM bills b JOIN invoicing_allocation x ON x.invoice_id = b.invoice_id AND x.source_kind = 'payment'
  JOIN payments_payment p ON p.id = x.source_id
"""


@dataclass(frozen=True, slots=True)
class Related:
    """A document of the chain of `asked` (kind and id). Company, branch and salesperson say who may see it."""

    asked: tuple[str, UUID]
    kind: str
    id: UUID
    number: str
    done: bool
    company_id: UUID
    branch_id: UUID | None
    salesperson_id: UUID | None


_COLUMNS = {
    "asked_kind": str, "asked_id": UUID, "kind": str, "id": UUID, "number": str, "done": bool, "company_id": UUID,
    "branch_id": UUID, "salesperson_id": UUID,
}  # fmt: skip


def related_documents(asked: Collection[tuple[str, UUID]]) -> Question[list[Related]]:
    """Asks for everything in the chains of the named documents, any number of them; the caller checks access."""

    def tell(rows: Sequence[Mapping[str, Any]]) -> list[Related]:
        return [Related((kind, id_), *rest) for kind, id_, *rest in (row.values() for row in rows)]

    return Question(Written(_CHAIN, [[kind for kind, _id in asked], [id_ for _kind, id_ in asked]], _COLUMNS), tell)
