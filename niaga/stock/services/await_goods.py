from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.models import Awaited
from niaga.stock.queries.availability import availability
from niaga.stock.rules.promise import Dated, Step, earliest, to_promise


class PutOff(NamedTuple):
    """A line that waits for a product and gets another day: `before` and `after`; None: no day is known."""

    line_id: UUID
    product_id: UUID
    before: date | None
    after: date | None


# Taken after every level, by key: whoever promises goods that are to come waits here, and reads what was promised.
_LOCK = """
SELECT pg_advisory_xact_lock(k.key) FROM (
  SELECT DISTINCT hashtextextended('awaited:' || %s::text || ':' || p, 0) AS key FROM unnest(%s::text[]) AS p
   ORDER BY 1) k
"""


def await_goods(
    *,
    company_id: UUID,
    warehouse_id: UUID,
    source_kind: str,
    source_id: UUID,
    wants: Mapping[tuple[UUID, UUID], Decimal],
    today: date,
    at: datetime,
) -> list[PutOff]:
    """Write down what a document waits for, by (line, product) in base units, in the place of what was written.

    Each gets the earliest day on which so much will have come that nobody else was promised. A claim that did not
    grow keeps its day while the goods for it are still expected by then. Returns the claims that had a day and got a
    later one, or none. Four statements for any number; one when nothing is and was waited for.
    """
    before = {(row.line_id, row.product_id): row for row in Awaited.objects.filter(source_id=source_id).order_by("id")}
    if not before and not wants:
        return []
    products = {product_id for _line, product_id in [*wants, *before]}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [warehouse_id, [str(one) for one in products]])
        cursor.fetchall()
    there = availability(
        product_ids=products, company_id=company_id, warehouse_id=warehouse_id, but_for=source_id
    )  # fmt: skip
    taken: dict[UUID, list[Dated]] = {one: list(there[one].claims) for one in products}
    rows, later = [], []
    for key in sorted(wants, key=lambda key: before[key].date or date.max if key in before else date.max):
        old, (line_id, product_id), wanted = before.get(key), key, wants[key]
        coming = [Dated(one.date, one.quantity) for one in there[product_id].incoming]
        steps = to_promise(free=Decimal(0), coming=coming, claims=taken[product_id], today=today)
        day = _day(steps, wanted, old.date if old is not None and wanted <= old.quantity else None)
        taken[product_id].append(Dated(day, wanted))
        was = old.was_date if old is not None else None
        if old is not None and old.date is not None and (day is None or day > old.date):
            was = was or old.date
            later.append(PutOff(line_id, product_id, old.date, day))
        rows.append(
            {"id": old.id if old else new_id(), "company_id": company_id, "warehouse_id": warehouse_id,
             "product_id": product_id, "source_kind": source_kind, "source_id": source_id, "line_id": line_id,
             "quantity": wanted, "date": day, "was_date": was, "created_at": old.created_at if old else at}
        )  # fmt: skip
    if before:
        Awaited.objects.filter(id__in=[row.id for row in before.values()]).delete()
    batch = Batch()
    batch.insert(Awaited, rows)
    batch.write()
    return later


def _day(steps: list[Step], wanted: Decimal, kept: date | None) -> date | None:
    """The earliest day that has as much; the one that was promised, when it can be kept."""
    found = earliest(steps, wanted=wanted)
    if found is None:
        return None
    return max(found.date, kept) if kept is not None and found.date is not None else found.date
