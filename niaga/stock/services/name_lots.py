from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.errors import BadStockLines
from niaga.stock.models import Lot
from niaga.stock.services.check_lines import CheckedLine

Named = dict[tuple[UUID, str], UUID]
"""Ids of lots by product and number."""


def name_lots(
    *, company_id: UUID, lines: Sequence[CheckedLine], today: date, may_make: bool = True, by: UUID | None, at: datetime
) -> Named:
    """The lots that lines name; those never seen are made. No statement when no line names one, else one or two.

    :raises BadStockLines: a lot is unknown and has no day (or, without `may_make`, is unknown), or has another day
        than it had; each line is answered
    """
    asked = {
        (line.product.id, lot.number.strip()): (place, lot) for place, line in enumerate(lines, 1) for lot in line.lots
    }
    if not asked:
        return {}
    rows = Lot.objects.filter(
        product_id__in={key[0] for key in asked}, number__in={key[1] for key in asked}, company_id=company_id
    )
    known = {(lot.product_id, lot.number): lot for lot in rows.order_by("id")}
    faults: list[dict[str, Any]] = []
    for key, (place, given) in asked.items():
        lot = known.get(key)
        if lot is None and (not may_make or given.expires_on is None):
            message = _("Say until when this lot is good.") if may_make else _("There is no such lot.")
            faults.append({"line": place, "field": "lots", "code": "unknown_lot", "message": message})
        elif lot is not None and given.expires_on not in (None, lot.expires_on):
            message = _("This lot is known with another day: %(day)s.") % {"day": lot.expires_on.isoformat()}
            faults.append({"line": place, "field": "lots", "code": "other_day", "message": message})
    if faults:
        raise BadStockLines(lines=faults, field="lots")
    new = [
        {"id": new_id(), "product_id": key[0], "number": key[1], "expires_on": given.expires_on,
         "made_on": given.made_on, "is_barred": given.expires_on is not None and given.expires_on <= today}
        for key, (_place, given) in asked.items() if key not in known
    ]  # fmt: skip
    named = {key: lot.id for key, lot in known.items()}
    if new:
        # One that another makes at this moment is waited for, and taken.
        batch = Batch()
        rows_ = batch.rows(
            "lots",
            {"id": "uuid", "product_id": "uuid", "number": "text", "expires_on": "date", "made_on": "date",
             "is_barred": "bool"},
            new,
        )  # fmt: skip
        made = batch.sql(
            "made",
            "INSERT INTO stock_lot AS t (id, company_id, product_id, number, expires_on, made_on, is_barred,"
            " block_reason, version, created_at, created_by) SELECT l.id, %s::uuid, l.product_id, l.number,"
            " l.expires_on, l.made_on, l.is_barred, '', 1, %s::timestamptz, %s::uuid"
            f" FROM {rows_} l ORDER BY l.product_id, l.number"
            " ON CONFLICT (product_id, number) DO UPDATE SET version = t.version"
            " RETURNING t.product_id, t.number, t.id",
            [company_id, at, by],
            result="(SELECT json_agg(json_build_array(product_id, number, id)) FROM {name})",
        )
        for product_id, number, lot_id in batch.write()[made]:
            named[UUID(product_id), number] = UUID(lot_id)
    return named
