from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.flow import check_move
from niaga.core.ids import new_id
from niaga.invoicing.errors import SerialsRefused
from niaga.invoicing.models import Invoice, InvoiceLine, TaxFiling, TaxSerial
from niaga.invoicing.queries.tax_filings import discounts_of
from niaga.invoicing.rules.coretax import Serial, read_serial
from niaga.invoicing.rules.tax_flow import TaxStatus, tax_flow
from niaga.invoicing.services.lock_filings import lock_filings
from niaga.organization.access import Actor, access_of


@dataclass(frozen=True, slots=True)
class TaxSerialTold:
    """What came back from the tax office: our invoice `number` (the file's reference), its serial and day."""

    number: str
    serial: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SerialsRecorded:
    filed: int = 0
    replaced: int = 0
    same: int = 0


@transaction.atomic
def record_tax_serials(
    *,
    company_id: UUID,
    told: Sequence[TaxSerialTold],
    by: Actor,
    at: datetime,
    import_batch_id: UUID | None = None,
) -> SerialsRecorded:
    """Keep the serial numbers of the tax office with their invoices, all or none; told twice it changes nothing.

    A serial with another status (digits 3 and 4) and the same number replaces the one in force; the old one is kept.

    :raises Forbidden: the person may not record them
    :raises SerialsRefused: a line is wrong; every one is told
    """
    access_of(by).require("tax_filing", "record", company_id=company_id)
    findings: list[dict[str, Any]] = []

    def fault(line: int, field: str, message: str) -> None:
        findings.append({"line": line, "field": field, "message": message})

    known = _invoices(company_id, told)
    wanted: list[tuple[int, Invoice, Serial, TaxSerialTold]] = []
    numbers: dict[str, int] = {}
    serials: dict[str, int] = {}
    for line, one in enumerate(told, start=1):
        invoice = known.get(one.number.strip())
        if invoice is None:
            fault(line, "number", _("No taxed invoice has the number %(number)s.") % {"number": one.number[:40]})
            continue
        try:
            serial = read_serial(one.serial)
        except ValueError:
            fault(line, "serial", _("A serial number has 17 digits and begins with a transaction code."))
            continue
        if numbers.setdefault(one.number.strip(), line) != line:
            fault(line, "number", _("This invoice stands in the file twice."))
        elif serials.setdefault(serial.digits, line) != line:
            fault(line, "serial", _("This serial number stands in the file twice."))
        elif serial.code not in codes_of(invoice):
            fault(line, "serial", _("It begins with %(code)s; the invoice's transaction code is %(own)s.")
                  % {"code": serial.code, "own": ", ".join(codes_of(invoice))})  # fmt: skip
        else:
            wanted.append((line, invoice, serial, one))
    filings = lock_filings(company_id=company_id, invoice_ids=[invoice.id for _l, invoice, _s, _o in wanted], at=at)
    taken = dict(
        TaxFiling.objects.filter(company_id=company_id, serial__in=[serial.digits for _l, _i, serial, _o in wanted])
        .values_list("serial", "invoice__number")
    )  # fmt: skip
    replaced = dict(
        TaxFiling.objects.filter(id__in=[one.id for one in filings.values()], replaces__isnull=False)
        .values_list("id", "replaces__serial")
    )  # fmt: skip
    counts = {"filed": 0, "replaced": 0, "same": 0}
    moved: list[tuple[str, TaxFiling, str, date]] = []
    for line, invoice, serial, one in wanted:
        filing = filings[invoice.id]
        if filing.serial == serial.digits and filing.status == "filed":
            counts["same"] += 1
            continue
        if taken.get(serial.digits, invoice.number) != invoice.number:
            fault(line, "serial", _("Invoice %(number)s has this serial number.")
                  % {"number": taken[serial.digits]})  # fmt: skip
            continue
        first = replaced.get(filing.id)
        if first and (Serial(first).own != serial.own or first == serial.digits):
            fault(line, "serial", _("It replaces %(serial)s, and so keeps its last 13 digits, with another status.")
                  % {"serial": Serial(first)})  # fmt: skip
            continue
        replaces = filing.status == "filed"
        if replaces and Serial(filing.serial).own != serial.own:
            fault(line, "serial", _("The invoice has the serial number %(serial)s.")
                  % {"serial": Serial(filing.serial)})  # fmt: skip
            continue
        day = one.day or invoice.date or at.date()
        try:
            check_move(tax_flow, "replace" if replaces else "file", filing.status)
        except WrongState as refusal:
            fault(line, "number", str(refusal.message))
            continue
        moved.append(("replace" if replaces else "file", filing, serial.digits, day))
        counts["replaced" if replaces else "filed"] += 1
    if findings:
        raise SerialsRefused(lines=sorted(findings, key=lambda one: int(one["line"])))
    if moved:
        _write(company_id, moved, by, at, import_batch_id)
    return SerialsRecorded(**counts)


def _write(
    company_id: UUID, moved: Sequence[tuple[str, TaxFiling, str, date]], by: Actor, at: datetime, batch_id: UUID | None
) -> None:
    batch = Batch()
    # what is filed by hand, or anew, holds the discounts of now; a file those of its day
    discounts = discounts_of(filing.invoice_id for _move, filing, _serial, _day in moved)
    batch.update_each(
        TaxFiling,
        [
            {"id": filing.id, "serial": serial, "filed_on": day, "updated_at": at,
             "discount": filing.discount if filing.status == TaxStatus.EXPORTED else discounts[filing.invoice_id]}
            for _move, filing, serial, day in moved
        ],
        values={
            "discount": "v.discount",
            "status": f"'{TaxStatus.FILED}'", "serial": "v.serial", "filed_on": "v.filed_on",
            "updated_at": "v.updated_at",
        },
        refusal=WrongState,
    )  # fmt: skip
    batch.insert(
        TaxSerial,
        [
            {"id": new_id(), "filing_id": filing.id, "serial": serial, "filed_on": day}
            for _move, filing, serial, day in moved
        ],
        told_by=by.id, told_at=at, import_batch_id=batch_id,
    )  # fmt: skip
    for move in ("file", "replace"):
        changes = [
            (filing.invoice_id, {"serial": serial, "before": filing.serial})
            for one, filing, serial, _day in moved
            if one == move
        ]
        if changes:
            record_changes(
                batch=batch, subject_kind="invoice", changes=changes, verb=f"tax_{move}", by=by.id, at=at,
                company_id=company_id,
            )  # fmt: skip
    batch.write()


def _invoices(company_id: UUID, told: Sequence[TaxSerialTold]) -> dict[str, Invoice]:
    """Issued, taxed invoices by number, each with the transaction codes of its lines. Two statements."""
    numbers = {one.number.strip() for one in told}
    rows = Invoice.objects.filter(company_id=company_id, number__in=numbers, status="issued")
    rows = rows.exclude(kind__in=("credit_note", "debit_note"))
    found = {row.id: row for row in rows.only("id", "number", "date")}
    codes: dict[UUID, set[str]] = {}
    coded = InvoiceLine.objects.filter(invoice_id__in=list(found)).exclude(tax_code="")
    for invoice_id, code in coded.values_list("invoice_id", "tax_code").distinct():
        codes.setdefault(invoice_id, set()).add(code)
    for key, row in found.items():
        row.codes = sorted(codes.get(key, ()))  # type: ignore[attr-defined]
    return {row.number or "": row for row in found.values() if codes_of(row)}


def codes_of(invoice: Invoice) -> list[str]:
    codes: list[str] = invoice.codes  # type: ignore[attr-defined]
    return codes
