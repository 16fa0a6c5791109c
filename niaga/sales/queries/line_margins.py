"""What the lines of an order earn: what left at what it cost then, the rest at what it costs now or was agreed at."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.queries.together import Question, Row, Written
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.drop_ships import agreed_costs


class Margin(NamedTuple):
    """`net` of what is not cancelled and what it costs, in the order's currency; `cost` None: nobody knows."""

    net: Decimal
    cost: Decimal | None

    @property
    def earned(self) -> Decimal | None:
        return None if self.cost is None else self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        return None if self.cost is None or not self.net else (self.net - self.cost) * 100 / self.net


# What left is worth what its moves froze. What is still to leave, and what was never in stock, costs what its product
# costs now (of a bundle: its parts as promised), in the company's own currency; what a supplier was asked to send costs
# what was agreed with them, where something was.
_COSTS = """
SELECT l.id, coalesce(s.worth, 0),
       CASE WHEN jsonb_array_length(l.parts) = 0 THEN coalesce(k.average, p.cost) ELSE b.goods END,
       CASE WHEN jsonb_array_length(l.parts) = 0 THEN CASE WHEN l.needs_stock THEN 0 ELSE p.cost END
            ELSE b.services END,
       coalesce(a.quantity, 0), coalesce(a.worth, 0)
  FROM sales_salesorderline l JOIN catalog_product p ON p.id = l.product_id
  LEFT JOIN stock_stockcost k ON k.product_id = l.product_id
  LEFT JOIN (
    SELECT d.order_line_id, -sum(m.value) AS worth
      FROM sales_orderlinedelivery d JOIN stock_deliveryline v ON v.id = d.delivery_line_id
      JOIN stock_stockmove m ON m.source_id = v.delivery_id AND m.line_id = v.id
     WHERE d.order_line_id IN (SELECT id FROM sales_salesorderline WHERE order_id = %s::uuid)
     GROUP BY 1) s ON s.order_line_id = l.id
  LEFT JOIN LATERAL (
    SELECT sum(x.quantity - x.shipped - x.cancelled) AS quantity,
           sum((x.quantity - x.shipped - x.cancelled) * x.unit_cost) AS worth
      FROM sales_dropshipline x WHERE x.order_line_id = l.id AND l.direct > 0 AND x.unit_cost IS NOT NULL) a ON true
  LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_and(c.cost IS NOT NULL) THEN sum(c.cost * c.quantity) END AS goods,
           CASE WHEN bool_and(c.cost IS NOT NULL OR c.stocked)
                THEN coalesce(sum(c.cost * c.quantity) FILTER (WHERE NOT c.stocked), 0) END AS services
      FROM (SELECT (e ->> 'quantity')::numeric AS quantity, (e ->> 'is_stocked')::boolean AS stocked,
                   coalesce(h.average, q.cost, (e ->> 'cost')::numeric) AS cost
              FROM jsonb_array_elements(l.parts) e JOIN catalog_product q ON q.id = (e ->> 'product_id')::uuid
              LEFT JOIN stock_stockcost h ON h.product_id = q.id) c) b ON true
 WHERE l.order_id = %s::uuid AND l.kind = 'item'
"""


_COSTED = {"line": UUID, **dict.fromkeys(("left_at", "now", "unmoved", "agreed", "agreed_at"), Decimal)}


def line_margins(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> Question[Mapping[UUID, Margin]]:
    """The margin of each line that is goods or a service. A draft has the costs of when it was priced, as it has the
    prices; what a supplier will send straight to the customer costs what was agreed. The caller has checked access.
    """
    if order.status == "draft":
        priced = [line for line in lines if line.product_id is not None and line.kind == "item"]

        return agreed_costs(order).then(
            lambda agreed: {line.id: _as_priced(line, agreed.get(line.id, line.unit_cost)) for line in priced}
        )

    def tell(rows: list[Row]) -> Mapping[UUID, Margin]:
        costs = {row["line"]: [row[name] for name in _COSTED if name != "line"] for row in rows}
        return {line.id: _margin(order, line, *costs[line.id]) for line in lines if line.id in costs}

    return Question(Written(_COSTS, [order.id, order.id], _COSTED), tell)


def _as_priced(line: SalesOrderLine, cost: Decimal | None) -> Margin:
    return Margin(line.net, None if cost is None else cost * line.quantity * line.factor)


def _margin(
    order: SalesOrder, line: SalesOrderLine, left_at: Decimal, now: Decimal | None, unmoved: Decimal | None,
    agreed: Decimal, agreed_at: Decimal,
) -> Margin:  # fmt: skip
    """`left_at` is what left was worth; `now` what a base unit costs; `unmoved` what of that never is in stock. Of
    `agreed`, in the line's unit, `agreed_at` adds up what one base unit of each will cost."""
    kept = line.quantity - line.cancelled
    net = line.net * kept / line.quantity if line.cancelled else line.net
    to_come, gone = (kept - line.shipped - agreed) * line.factor, line.shipped * line.factor
    if (to_come and now is None) or (gone and unmoved is None) or not order.exchange_rate:
        return Margin(net, None)
    cost = left_at + agreed_at * line.factor + to_come * (now or 0) + gone * (unmoved or 0)
    return Margin(net, cost / order.exchange_rate)


def margin_of_all(margins: Mapping[UUID, Margin]) -> Margin:
    """Of a whole order; its cost is not known while that of a line is not."""
    costs = [one.cost for one in margins.values() if one.cost is not None]
    net = sum((one.net for one in margins.values()), Decimal(0))
    return Margin(net, sum(costs, Decimal(0)) if len(costs) == len(margins) else None)
