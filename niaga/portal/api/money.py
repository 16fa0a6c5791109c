"""Invoices, what is open, how to pay, and objecting."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core import clock
from niaga.core.api import Page, PageQuery, page_of
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.services.keep_links import keep_links
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.invoicing.queries.early_discounts import with_offer
from niaga.invoicing.queries.invoices import invoice_line_rows
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.rules.statement_period import statement_period
from niaga.portal.api import schemas
from niaga.portal.api.noted import noted
from niaga.portal.queries.cases import case_of, cases_of, notes_of
from niaga.portal.queries.owed import debt_of, invoice_of, invoices_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.dispute_invoice import dispute_invoice

router = Router()


def _today(visitor: Visitor) -> Any:
    return clock.today(at=clock.now(), zone=visitor.zone)


@router.get("/invoices", response=Page[schemas.PortalInvoiceRow], summary="List your invoices")
def list_portal_invoices(request: HttpRequest, query: Query[schemas.PortalInvoiceQuery]) -> Any:
    """Issued invoices and credit notes, the newest first."""
    visitor = noted(request, "invoices")
    rows = invoices_of(visitor, today=_today(visitor))
    if query.open:
        rows = rows.exclude(kind="credit_note").filter(open__gt=0)
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/invoices/{invoice_id}", response=schemas.PortalInvoiceOut, summary="Show one of your invoices")
def read_portal_invoice(request: HttpRequest, invoice_id: UUID) -> Any:
    visitor = noted(request, "invoice", invoice_id)
    found = invoice_of(visitor, invoice_id, today=_today(visitor))
    lines = [
        {**{name: line[name] for name in
            ("id", "kind", "product_id", "description", "quantity", "unit_price", "discount_percent", "amount", "tax")},
         "sku": line["product__sku"] or "", "unit": line["unit__code"] or ""}
        for line in invoice_line_rows(invoice_id=found.pk)
    ]  # fmt: skip
    row = {name: getattr(found, name) for name in schemas.PortalInvoiceRow.model_fields}
    return {**row, "net": found.net, "tax": found.tax, "lines": lines}


@router.get(
    "/invoices/{invoice_id}/pdf",
    summary="Get an invoice as PDF",
    openapi_extra={
        "responses": {
            200: {
                "description": "The PDF.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_portal_invoice_pdf(request: HttpRequest, invoice_id: UUID) -> Any:
    """The paper as it was issued."""
    visitor = noted(request, "invoice_pdf", invoice_id)
    found = invoice_of(visitor, invoice_id, today=_today(visitor))
    language = visitor.language if visitor.language in ("id", "en") else "id"
    paper = print_paper(kind="invoice", subject_id=found.pk, by=visitor.actor, at=clock.now(), language=language)
    return serve_pdf(paper.content, name=paper.name, download=True)


@router.get("/invoices/{invoice_id}/payment", response=schemas.PortalPaymentOut, summary="See how to pay an invoice")
def read_portal_payment(request: HttpRequest, invoice_id: UUID) -> Any:
    """The company's accounts, and the invoice's own page with what else it offers: QRIS, virtual accounts, cards."""
    visitor = noted(request, "pay", invoice_id)
    today = _today(visitor)
    found = with_offer(invoice_of(visitor, invoice_id, today=today), on=today)
    if found.kind == "credit_note":
        raise NotFound()
    batch = Batch()
    links = keep_links(
        batch=batch, subject_kind="invoice", subject_ids=[found.pk], company_id=visitor.company_id, by=None,
        at=clock.now(),
    )  # fmt: skip
    batch.write()
    banks = company_print(company_id=visitor.company_id, currency=found.currency).banks
    return {
        "open": found.open, "currency": found.currency, "reference": found.number, "page": links[found.pk],
        "to_transfer": found.offer.pay if found.offer else found.open,
        "banks": [{"bank": one.bank, "number": one.number, "holder": one.holder} for one in banks],
    }  # fmt: skip


@router.get("/open-items", response=list[schemas.PortalOpenOut], summary="See what is open")
def list_portal_open(request: HttpRequest) -> Any:
    """By currency. The invoices themselves: `GET /portal/invoices?open=true`."""
    visitor = noted(request, "invoices")
    return debt_of(visitor, today=_today(visitor))


@router.get("/statement", response=schemas.PortalStatementOut, summary="Get your statement of account")
def read_portal_statement(request: HttpRequest, query: Query[schemas.PortalStatementQuery]) -> Any:
    visitor = noted(request, "statement")
    today = _today(visitor)
    until = min(query.until or today, today)
    since, until = statement_period(query.since, until, today=today)
    found = statement_of(customer_id=visitor.customer_id, since=min(since, until), until=until, by=visitor.actor)
    return {"since": found.since, "until": found.until, "accounts": found.accounts}


@router.post("/invoices/{invoice_id}/dispute", response={201: schemas.PortalCaseOut}, summary="Object to an invoice")
def post_portal_dispute(
    request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: schemas.PortalDisputeIn
) -> Any:
    """Reminders about it rest until it is settled."""
    visitor = request.auth  # type: ignore[attr-defined]
    case_id = dispute_invoice(
        visitor=visitor, invoice_id=invoice_id, line_id=body.line_id, reason=body.reason, amount=body.amount,
        text=body.text, files=(), at=clock.now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/portal/cases/{case_id}"
    return Status(201, case_of(visitor, case_id))


@router.get("/cases", response=Page[schemas.PortalCaseOut], summary="List what you told")
def list_portal_cases(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Payments, objections and wishes to change your data, with what became of them."""
    return page_of(cases_of(noted(request, "cases")), order=("-created_at", "-id"), query=query)


@router.get("/cases/{case_id}", response=schemas.PortalCaseWhole, summary="Show what became of it")
def read_portal_case(request: HttpRequest, case_id: UUID) -> Any:
    """And what was said about it, by you and by the company."""
    found = case_of(noted(request, "case", case_id), case_id)
    row = {name: getattr(found, name) for name in schemas.PortalCaseOut.model_fields}
    return {**row, "notes": notes_of(found.pk)}
