from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.invoicing.errors import FilingUnsure, OnlyInvoices, PartlyCredited, PutRightAlready, SlipRecorded
from niaga.invoicing.events import InvoiceCorrected
from niaga.invoicing.models import Correction, Invoice, InvoiceLine, TaxFiling, TaxPath
from niaga.invoicing.queries.tax_slips import tax_slips_of
from niaga.invoicing.rules.tax_flow import TaxStatus
from niaga.invoicing.services.lock_filings import lock_filings
from niaga.invoicing.services.move_filing import move_filing
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline

IDENTITY = ("tax_id_kind", "tax_id")
"""Who the buyer is at the tax office. A replacement keeps it; for another buyer the tax invoice is cancelled and made
anew (PER-11/PJ/2025)."""


def check_correctable(*, invoice: Invoice, at: datetime) -> TaxFiling | None:
    """Whether a locked invoice can be put right in one step. Locks its filing, if it bears tax, and answers it.

    :raises OnlyInvoices: it is a down payment
    :raises PutRightAlready: it was put right before
    :raises PartlyCredited: a credit note of it exists, be it a draft
    :raises SlipRecorded: a collector's slip proves its tax
    :raises FilingUnsure: it is in a tax file of which nobody told what became
    """
    if invoice.kind != "invoice":
        raise OnlyInvoices()
    if Correction.objects.filter(invoice_id=invoice.id).exists():
        raise PutRightAlready()
    notes = Invoice.objects.filter(credits_id=invoice.id, kind="credit_note", gives_discount=None)
    if notes.exclude(status="discarded").exists():  # a discount is taken back, and earned again
        raise PartlyCredited()
    if invoice.tax_by_buyer and tax_slips_of(invoice_id=invoice.id).filter(reversed_at=None).exists():
        raise SlipRecorded()
    if not InvoiceLine.objects.filter(invoice_id=invoice.id).exclude(tax_code="").exists():
        return None
    filing = lock_filings(company_id=invoice.company_id, invoice_ids=[invoice.id], at=at)[invoice.id]
    if filing.status == TaxStatus.EXPORTED:
        raise FilingUnsure()
    return filing


def note_correction(
    *,
    batch: Batch,
    invoice: Invoice,
    filing: TaxFiling | None,
    credit_note: Invoice,
    replacement: Invoice,
    party: Mapping[str, Any],
    is_taxed: bool,
    reason: str,
    mail_to: Sequence[str] = (),
    message: str = "",
    by: Actor,
    at: datetime,
    today: date,
) -> UUID:
    """Link the three documents, and set right where the first stands with the tax office. Returns the correction's id.

    `party` is the buyer of the new invoice, `is_taxed` whether that bears tax with a transaction code.
    """
    path = _path(invoice, filing, party, is_taxed=is_taxed)
    correction_id = new_id()
    told = {"note": credit_note.number or "", "invoice": replacement.number or "", "tax": path}
    batch.insert(
        Correction,
        [
            {
                "id": correction_id, "company_id": invoice.company_id, "invoice_id": invoice.id,
                "credit_note_id": credit_note.id, "replacement_id": replacement.id, "reason": reason, "tax_path": path,
                "mail_to": list(mail_to), "message": message, "date": today, "at": at, "by": by.id,
            }
        ],
    )  # fmt: skip
    if filing is not None:
        _move_filings(batch, filing, path, replacement, words=f"{reason} → {replacement.number}"[:1000], by=by, at=at)
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="put_right", by=by.id, at=at,
        company_id=invoice.company_id, note=reason, data=told,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=invoice.customer_id, company_id=invoice.company_id, kind="invoice.put_right",
        subject_kind="invoice", subject_id=replacement.id, number=replacement.number or "", amount=replacement.total,
        currency=replacement.currency, text=f"{invoice.number}: {reason}", actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=InvoiceCorrected(invoice.id, correction_id, invoice.customer_id, replacement.id),
        company_id=invoice.company_id, by=by.id, at=at,
    )  # fmt: skip
    return correction_id


def _move_filings(
    batch: Batch, filing: TaxFiling, path: TaxPath, replacement: Invoice, *, words: str, by: Actor, at: datetime
) -> None:
    """What was filed is replaced or to be cancelled; what was not is left out. A replacement that was put right before
    it was filed hands on what it replaces."""
    filed = filing
    if _hands_on(filing) and filing.replaces_id is not None:
        filed = TaxFiling.objects.select_for_update().get(pk=filing.replaces_id)
    if filed is not filing or path == TaxPath.NOT_FILED:
        move_filing(batch=batch, filing=filing, move="leave_out", note=words, by=by, at=at, values={"reason": words})
    if path == TaxPath.CANCEL:
        move_filing(batch=batch, filing=filed, move="void", note=words, by=by, at=at, values={"reason": words})
    if path == TaxPath.REPLACE:
        if filed is filing:
            move_filing(batch=batch, filing=filed, move="supersede", note=words, by=by, at=at, values={"reason": words})
        batch.insert(
            TaxFiling,
            [
                {
                    "id": new_id(), "invoice_id": replacement.id, "company_id": filing.company_id,
                    "status": TaxStatus.OPEN, "replaces_id": filed.id, "updated_at": at,
                }
            ],
        )  # fmt: skip


def _hands_on(filing: TaxFiling) -> bool:
    return filing.status == TaxStatus.OPEN and filing.replaces_id is not None


def _path(invoice: Invoice, filing: TaxFiling | None, party: Mapping[str, Any], *, is_taxed: bool) -> TaxPath:
    if filing is None or filing.status in (TaxStatus.LEFT_OUT, TaxStatus.CANCELLED):
        return TaxPath.NONE
    if filing.status == TaxStatus.OPEN and not _hands_on(filing):
        return TaxPath.NOT_FILED
    filed = {**invoice.party, **{name: value for name, value in filing.buyer.items() if value}}
    same = all(str(filed.get(name) or "") == str(party.get(name) or "") for name in IDENTITY)
    return TaxPath.REPLACE if same and is_taxed else TaxPath.CANCEL
