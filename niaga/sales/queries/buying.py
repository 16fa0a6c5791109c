"""What a customer bought before."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.queries.together import Question, Written


@dataclass(frozen=True, slots=True)
class Buying:
    """A customer's twelve months in one currency, and what is open now."""

    currency: str
    bought: Decimal
    orders: int
    open_quotations: int
    open_orders: int
    last_date: date | None


_BUYING = """
SELECT c.id, coalesce(b.currency, k.currency), coalesce(b.total, 0), coalesce(b.orders, 0),
       (SELECT count(*) FROM sales_quotation q WHERE q.customer_id = c.id AND q.status = 'sent'),
       (SELECT count(*) FROM sales_salesorder o WHERE o.customer_id = c.id AND o.status = 'confirmed'), b.last
  FROM unnest(%s::uuid[]) AS c(id)
  JOIN parties_customer p ON p.id = c.id JOIN organization_company k ON k.id = p.company_id
  LEFT JOIN LATERAL (
    SELECT x.currency, sum(x.total) AS total, count(*) AS orders, max(x.day) AS last FROM (
      SELECT k.currency, o.base_total AS total, o.confirmed_date AS day FROM sales_salesorder o
       WHERE o.customer_id = c.id AND o.status IN ('confirmed', 'closed') AND o.date > %s::date
       UNION ALL
      SELECT h.currency, h.total, h.date FROM sales_historicalsale h WHERE h.customer_id = c.id AND h.date > %s::date) x
     WHERE x.currency = k.currency GROUP BY x.currency) b ON true
"""


_BUYING_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "customer_id": UUID, "currency": str, "bought": Decimal, "orders": int, "open_quotations": int, "open_orders": int,
    "last_date": date.fromisoformat,
}  # fmt: skip


def buying_of(*, customer_ids: Collection[UUID], since: date) -> Question[dict[UUID, Buying]]:
    """Asks what customers bought since a day, imported history included; the caller checks access.

    Orders count in the company's own currency, at the rate they froze; of the history only what was in it.
    """

    def tell(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Buying]:
        return {customer_id: Buying(*rest) for customer_id, *rest in (row.values() for row in rows)}

    return Question(Written(_BUYING, [list(customer_ids), since, since], _BUYING_COLUMNS), tell)
