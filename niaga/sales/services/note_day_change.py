from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.sales.models import SalesOrder
from niaga.sales.queries.day_notices import notice_rules
from niaga.sales.rules.day_notice import GROUPED, LineDay, snapshot

# What is noted already keeps the days before the first of the changes, and its time.
_NOTE = """
INSERT INTO sales_daynotice (id, company_id, order_id, state, before, told, due_at, created_by, created_at)
VALUES (%s::uuid, %s::uuid, %s::uuid, %s, %s::jsonb, '[]'::jsonb, %s::timestamptz, %s::uuid, %s::timestamptz)
    ON CONFLICT (order_id) WHERE state IN ('asked', 'waiting') DO NOTHING RETURNING 1
"""


def note_day_change(
    *, batch: Batch, order: SalesOrder, before: Sequence[LineDay], by: UUID | None, at: datetime
) -> None:
    """Add to the batch that the days promised of a locked, confirmed order change; nothing where its customer is not
    told of it. `before` are its lines with the days they had. One statement."""
    mode, _company = notice_rules(company_id=order.company_id, customer_id=order.customer_id)
    if mode not in ("ask", "always"):
        return
    state = "asked" if mode == "ask" else "waiting"
    days = orjson.dumps(snapshot(before)).decode()
    batch.sql(
        "day_notice", _NOTE, [new_id(), order.company_id, order.pk, state, days, at + GROUPED, by, at]
    )  # fmt: skip
