"""How much came back, beside what was shipped in the same days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.organization.access import Actor, access_of
from niaga.returns.queries.returns import visible_returns


@dataclass(frozen=True, slots=True)
class Rate:
    """Base units. `rate`: of what was shipped, in percent; of a reason its share of all that came back."""

    name: str
    returns: int
    shipped: Decimal
    back: Decimal
    unit: str
    rate: Decimal | None


_KEYS = {
    "product": ("x.product_id", "SELECT id, name FROM catalog_product WHERE id = ANY(%(ids)s::uuid[])"),
    "customer": ("r.customer_id", "SELECT id, name FROM parties_customer WHERE id = ANY(%(ids)s::uuid[])"),
    "reason": ("x.reason_id", "SELECT id, {name} FROM returns_returnreason WHERE id = ANY(%(ids)s::uuid[])"),
}
_BACK = """
SELECT {key}, count(DISTINCT r.id), sum((x.received - x.sent_back) * x.factor)
  FROM returns_return r JOIN returns_returnline x ON x.rma_id = r.id
 WHERE r.id IN ({seen}) AND r.kind = 'goods' AND r.received_at IS NOT NULL AND r.date BETWEEN %s AND %s
   AND x.received > x.sent_back
 GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 200
"""
_SHIPPED = {
    "product": """
SELECT m.product_id, -sum(m.quantity) FROM stock_stockmove m JOIN stock_delivery d ON d.id = m.source_id
 WHERE m.reason = 'shipment' AND m.product_id = ANY(%(ids)s::uuid[]) AND m.company_id = %(company)s::uuid
   AND d.shipped_date BETWEEN %(since)s AND %(until)s GROUP BY 1
""",
    "customer": """
SELECT d.customer_id, -sum(m.quantity) FROM stock_delivery d JOIN stock_stockmove m ON m.source_id = d.id
 WHERE m.reason = 'shipment' AND d.customer_id = ANY(%(ids)s::uuid[]) AND d.company_id = %(company)s::uuid
   AND d.shipped_date BETWEEN %(since)s AND %(until)s GROUP BY 1
""",
}


def rates_of_return(*, by: Actor, of: str, since: date, until: date, english: bool) -> list[Rate]:
    """The 200 products, customers or reasons of which most came back, in three statements."""
    key, naming = _KEYS[of]
    seen, params = visible_returns(by=by).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_BACK.format(key=key, seen=seen), [*params, since, until])
        rows = cursor.fetchall()
        facts: dict[str, Any] = {
            "ids": [row[0] for row in rows], "company": access_of(by).current_company.id, "since": since,
            "until": until,
        }  # fmt: skip
        cursor.execute(naming.format(name="name_en" if english else "name_id"), facts)
        names: dict[UUID, str] = dict(cursor.fetchall())
        shipped: dict[UUID, Decimal] = {}
        if of in _SHIPPED:
            cursor.execute(_SHIPPED[of], facts)
            shipped = dict(cursor.fetchall())
    all_of_it = sum((row[2] for row in rows), Decimal(0))
    found = []
    for id_, count, back in rows:
        whole = all_of_it if of == "reason" else shipped.get(id_, Decimal(0))
        rate = back * 100 / whole if whole else None
        found.append(Rate(names.get(id_, "…"), count, shipped.get(id_, Decimal(0)), back, "", rate))
    return found
