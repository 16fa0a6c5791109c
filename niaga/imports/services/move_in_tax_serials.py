from typing import Any

from django.db import transaction

from niaga.imports.services.staged import Run, staged_rows
from niaga.invoicing.errors import SerialsRefused
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials

_IN_FORCE = frozenset(
    {"", "approved", "disetujui", "amended", "pengganti", "normal", "normal pengganti", "credited", "dikreditkan"}
)
"""States of a tax invoice in Coretax that have a serial number in force; rows in another state are counted apart."""


def move_in_tax_serials(run: Run) -> dict[str, Any]:
    """Keep the tax office's serial numbers of the staged rows with the invoices that they refer to."""
    found: list[tuple[int, str, str, str]] = []
    told: list[tuple[int, TaxSerialTold]] = []
    counts = {"created": 0, "changed": 0, "same": 0, "not_in_force": 0}
    for cells in staged_rows(run, found):
        for one in cells:
            number, serial, moment = one.text("number"), one.text("serial"), one.moment("date")
            if one.text("status").strip().casefold() not in _IN_FORCE:
                counts["not_in_force"] += 1
            elif number and serial:
                told.append((one.row, TaxSerialTold(number, serial, moment.date() if moment else None)))
        run.find_all(found)
        found.clear()
    if not told:
        return counts
    try:
        with transaction.atomic():
            done = record_tax_serials(
                company_id=run.company_id, told=[one for _row, one in told], import_batch_id=run.batch_id, by=run.by,
                at=run.at,
            )  # fmt: skip
    except SerialsRefused as refusal:
        run.find_all(
            [(told[int(one["line"]) - 1][0], one["field"], "refused", str(one["message"])) for one in refusal.lines]
        )
        return counts
    return counts | {"created": done.filed, "changed": done.replaced, "same": done.same}
