"""Invoices."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import Page, expected_version, page_of
from niaga.core.clock import now, today
from niaga.core.errors import Invalid, NotFound
from niaga.documents.api.stamps import StampIn
from niaga.invoicing.api import schemas
from niaga.invoicing.api.accounts import router as accounts
from niaga.invoicing.api.early_discounts import router as early_discounts
from niaga.invoicing.api.exchanges import router as exchanges
from niaga.invoicing.api.issue_runs import router as issue_runs
from niaga.invoicing.api.late_fees import router as late_fees
from niaga.invoicing.api.reminders import router as reminders
from niaga.invoicing.api.tax import router as tax
from niaga.invoicing.api.views import invoice_out
from niaga.invoicing.api.write_offs import router as write_offs
from niaga.invoicing.queries.invoices import see_invoice, visible_invoices, with_balance
from niaga.invoicing.queries.stamps import stamped
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.change_draft import change_draft
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.send_invoice import send_invoice
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.services.stamp_invoice import stamp_invoice
from niaga.organization.access import access_of

router = Router(tags=["invoices"])
router.add_router("", tax)
router.add_router("", accounts)
router.add_router("", issue_runs)
router.add_router("", exchanges)
router.add_router("", write_offs)
router.add_router("", early_discounts)
router.add_router("", late_fees)
router.add_router("", reminders)


@router.get("/invoices", response=Page[schemas.InvoiceRow], summary="List invoices")
def list_invoices(request: HttpRequest, query: Query[schemas.InvoiceQuery]) -> Any:
    """Invoices and credit notes you may see, the newest first."""
    access = access_of(request.user)
    access.require("invoice", "view")
    asked = {"status": query.status, "kind": query.kind, "customer_id": query.customer_id, "branch_id": query.branch_id,
             "number__istartswith": query.number, "date__gte": query.since, "date__lte": query.until}  # fmt: skip
    rows = visible_invoices(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    rows = stamped(with_balance(rows, today=today(at=now(), zone=access.current_company.zone)))
    if query.stamp_state:
        rows = rows.filter(Q(stamp_state=query.stamp_state))
    if query.payment_state:
        rows = rows.filter(Q(payment_state=query.payment_state))
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.get("/invoices/{invoice_id}", response=schemas.InvoiceOut, summary="Show an invoice")
def read_invoice(request: HttpRequest, response: HttpResponse, invoice_id: UUID) -> Any:
    return invoice_out(response, invoice_id=invoice_id, by=request.user)


@router.patch("/invoices/{invoice_id}", response=schemas.InvoiceOut, summary="Change a draft invoice")
def patch_invoice(request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.InvoicePatch) -> Any:
    """What a draft says beside its figures; only what is sent is changed. `If-Match` refuses a stale save."""
    found = see_invoice(invoice_id=invoice_id, by=request.user)
    facts = {name: getattr(found, name) for name in ("note", "terms_text", "customer_reference")}
    change_draft(
        invoice_id=invoice_id, version=expected_version(request), by=request.user, at=now(),
        **facts | body.dict(exclude_none=True),
    )  # fmt: skip
    return invoice_out(response, invoice_id=invoice_id, by=request.user)


@router.post("/invoices/{invoice_id}/sending", response=schemas.InvoiceOut, summary="Mail an invoice")
def post_invoice_sending(
    request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.InvoiceSendingIn
) -> Any:
    """Mail an issued invoice or credit note with its PDF and a link of its own. What became of it: `GET /emails`."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    send_invoice(invoice_id=invoice_id, to=body.to, message=body.message, by=request.user, at=now())
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post("/invoices/{invoice_id}/links", response={201: schemas.InvoiceLinkOut}, summary="Make an invoice's link")
def post_invoice_link(request: HttpRequest, invoice_id: UUID) -> Any:
    """A new link to the customer's page of an issued invoice."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    return Status(201, {"url": share_invoice(invoice_id=invoice_id, by=request.user, at=now())})


@router.post("/invoices/{invoice_id}/stamp", response=schemas.InvoiceOut, summary="Note an invoice's e-meterai")
def post_invoice_stamp(request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: StampIn) -> Any:
    """Note the serial number of the e-meterai that was put on an invoice which takes a down payment off."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    stamp_invoice(invoice_id=invoice_id, serial=body.serial, by=request.user, at=now())
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post("/invoices/{invoice_id}/issuance", response=schemas.InvoiceOut, summary="Issue an invoice")
def post_issuance(request: HttpRequest, response: HttpResponse, invoice_id: UUID) -> Any:
    """Issue a draft: it gets its number and never changes again."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    issue_invoice(invoice_id=invoice_id, by=request.user, at=now())
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))


@router.post(
    "/invoices/{invoice_id}/allocations",
    response=schemas.InvoiceOut,
    summary="Settle with a credit note",
)
def post_credit_allocation(
    request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.CreditAllocationIn
) -> Any:
    """Settle an invoice with this credit note, or take a settlement back. Answers the credit note."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    if not visible_invoices(by=request.user).filter(pk=body.invoice_id).exists():
        raise NotFound(field="invoice_id")
    if body.release and body.amount is None:
        raise Invalid(_("Say how much is taken back."), field="amount")
    amount = -body.amount if body.release and body.amount is not None else body.amount
    allocate_credit(
        credit_note_id=invoice_id, invoice_id=body.invoice_id, amount=amount, by=request.user, at=now()
    )  # fmt: skip
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))
