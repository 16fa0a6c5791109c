"""Filing issued invoices with the tax office."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now, today
from niaga.core.rules.calendar import end_of_month
from niaga.documents.web.serving import serve_file
from niaga.invoicing.api import tax_schemas as schemas
from niaga.invoicing.api.schemas import TaxSlipOut
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.tax_filings import (
    checked_for_filing,
    tax_currency_rates,
    tax_file_for,
    tax_files,
    taxed_credit_notes,
    taxed_invoices,
)
from niaga.invoicing.queries.tax_slips import tax_slip_for
from niaga.invoicing.services.cancel_filing import cancel_filing
from niaga.invoicing.services.leave_out_filing import leave_out_filing
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.record_buyer_return import record_buyer_return
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.invoicing.services.reverse_tax_slip import reverse_tax_slip
from niaga.invoicing.services.take_buyer_facts import take_buyer_facts
from niaga.invoicing.services.take_in_filing import take_in_filing
from niaga.invoicing.services.withdraw_tax_file import withdraw_tax_file
from niaga.invoicing.services.write_tax_currency_rates import NewCurrencyRate, write_tax_currency_rates
from niaga.invoicing.web.tax_words import fault_words
from niaga.organization.access import access_of

router = Router(tags=["tax"])
_ONE = schemas.TaxInvoiceOut


@router.get("/tax-invoices", response=Page[schemas.TaxInvoiceOut], summary="List tax invoices")
def list_tax_invoices(request: HttpRequest, query: Query[schemas.TaxInvoiceQuery]) -> Any:
    """Issued invoices with a transaction code, the newest first, and where each stands with the tax office."""
    access_of(request.user).require("tax_filing", "view")
    asked = {"tax_state": query.state, "number__istartswith": query.number, "tax_filing__file_id": query.file_id,
             "slip_state": query.slip, "date__gte": query.since, "date__lte": query.until}  # fmt: skip
    rows = taxed_invoices(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/tax-checks", response=schemas.TaxCheckOut, summary="Check a month's tax invoices")
def read_tax_check(request: HttpRequest, query: Query[schemas.TaxCheckQuery]) -> Any:
    """Which of the month's invoices can be filed, and what is wrong with the others."""
    access = access_of(request.user)
    access.require("tax_filing", "view")
    here = today(at=now(), zone=access.current_company.zone)
    month = date.fromisoformat(f"{query.month}-01") if query.month else here.replace(day=1)
    rows = taxed_invoices(by=request.user).filter(tax_state="open", date__gte=month, date__lte=end_of_month(month))
    _seller, checked = checked_for_filing(
        company_id=access.current_company.id, invoice_ids=list(rows.values_list("pk", flat=True))
    )
    faults = []
    for one in checked:
        for fault, about in one.faults:
            words = fault_words(fault, about, one.customer_id)
            faults.append(
                {
                    "invoice_id": one.id, "number": one.facts.number, "code": str(fault), "about": about,
                    "detail": words["text"], "mend": words["mend"],
                }
            )  # fmt: skip
    return {"fit": [one.id for one in checked if not one.faults], "faults": faults}


@router.get("/tax-files", response=Page[schemas.TaxFileOut], summary="List Coretax files")
def list_tax_files(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("tax_filing", "view")
    return page_of(tax_files(by=request.user), order=("-created_at", "-id"), query=query)


@router.post("/tax-files", response={201: schemas.TaxFileOut}, summary="Make a Coretax file")
def post_tax_file(request: HttpRequest, response: HttpResponse, body: schemas.TaxFileIn) -> Any:
    """Write issued invoices into one file, all or none. Each fault is told in `lines`."""
    company_id = access_of(request.user).current_company.id
    file = make_tax_file(company_id=company_id, invoice_ids=body.invoice_ids, by=request.user, at=now())
    response["Location"] = f"/api/v1/tax-files/{file.id}"
    return Status(201, file)


@router.get("/tax-files/{tax_file_id}", response=schemas.TaxFileOut, summary="Show a Coretax file")
def read_tax_file(request: HttpRequest, tax_file_id: UUID) -> Any:
    return tax_file_for(file_id=tax_file_id, by=request.user)


@router.get(
    "/tax-files/{tax_file_id}/content",
    summary="Download a Coretax file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The XML, as it is uploaded in Coretax.",
                "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_tax_file_content(request: HttpRequest, tax_file_id: UUID) -> Any:
    access_of(request.user).require("tax_filing", "export")
    file = tax_file_for(file_id=tax_file_id, by=request.user)
    return serve_file(
        request, sha256=file.file.sha256, media_type="application/xml", name=file.name, inline=False, download=True
    )


@router.post(
    "/tax-files/{tax_file_id}/withdrawal",
    response=schemas.TaxFileOut,
    summary="Withdraw a Coretax file",
)
def post_withdrawal(request: HttpRequest, tax_file_id: UUID) -> Any:
    """Coretax did not take it: its invoices without a serial number are to be filed again."""
    tax_file_for(file_id=tax_file_id, by=request.user)
    withdraw_tax_file(file_id=tax_file_id, by=request.user, at=now())
    return Status(200, tax_file_for(file_id=tax_file_id, by=request.user))


@router.post("/tax-serials", response=schemas.SerialsOut, summary="Record tax serial numbers")
def post_tax_serials(request: HttpRequest, body: schemas.SerialsIn) -> Any:
    """What came back from the tax office, all or none; told twice it changes nothing."""
    done = record_tax_serials(
        company_id=access_of(request.user).current_company.id, by=request.user, at=now(),
        told=[TaxSerialTold(one.number, one.serial, one.date) for one in body.serials],
    )  # fmt: skip
    return Status(200, {"filed": done.filed, "replaced": done.replaced, "same": done.same})


@router.get("/tax-currency-rates", response=Page[schemas.CurrencyRateOut], summary="List the tax rates of currencies")
def list_tax_currency_rates(request: HttpRequest, query: Query[schemas.CurrencyRateQuery]) -> Any:
    """The rates by which invoices in other currencies are filed in rupiah (kurs pajak), the newest first."""
    access_of(request.user).require("tax_filing", "view")
    asked = {"currency": query.currency.upper(), "valid_from__lte": query.on, "valid_until__gte": query.on}
    rows = tax_currency_rates(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-valid_from", "-id"), query=query)


@router.put("/tax-currency-rates", response=schemas.CurrencyRatesOut, summary="Write a week's tax rates of currencies")
def put_tax_currency_rates(request: HttpRequest, body: schemas.CurrencyRatesIn) -> Any:
    """All or none; the week's other currencies stay. What is in a tax file keeps the rate it was made with."""
    return write_tax_currency_rates(
        company_id=access_of(request.user).current_company.id, valid_from=body.valid_from,
        valid_until=body.valid_until, decree=body.decree, by=request.user, at=now(),
        rates=[NewCurrencyRate(one.currency, one.rate) for one in body.rates],
    )  # fmt: skip


def _shown(request: HttpRequest, invoice_id: UUID) -> Any:
    return Status(200, taxed_invoices(by=request.user).get(pk=invoice_id))


@router.post("/invoices/{invoice_id}/tax-facts", response=_ONE, summary="Take the customer's tax facts")
def post_tax_facts(request: HttpRequest, invoice_id: UUID) -> Any:
    """File the invoice with the customer's tax number and address as they are now; the invoice keeps its own."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    take_buyer_facts(invoice_id=invoice_id, by=request.user, at=now())
    return _shown(request, invoice_id)


@router.post("/invoices/{invoice_id}/tax-cancellation", response=_ONE, summary="Note a tax invoice as cancelled")
def post_tax_cancellation(request: HttpRequest, invoice_id: UUID, body: schemas.ReasonIn) -> Any:
    """It was cancelled in Coretax. The invoice itself stays: a credit note corrects it."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    cancel_filing(invoice_id=invoice_id, reason=body.reason, by=request.user, at=now())
    return _shown(request, invoice_id)


@router.post("/invoices/{invoice_id}/tax-exclusion", response=_ONE, summary="Leave an invoice out of filing")
def post_tax_exclusion(request: HttpRequest, invoice_id: UUID, body: schemas.ReasonIn) -> Any:
    see_invoice(invoice_id=invoice_id, by=request.user)
    leave_out_filing(invoice_id=invoice_id, reason=body.reason, by=request.user, at=now())
    return _shown(request, invoice_id)


@router.post("/invoices/{invoice_id}/tax-inclusion", response=_ONE, summary="Take an invoice into filing again")
def post_tax_inclusion(request: HttpRequest, invoice_id: UUID) -> Any:
    see_invoice(invoice_id=invoice_id, by=request.user)
    take_in_filing(invoice_id=invoice_id, by=request.user, at=now())
    return _shown(request, invoice_id)


@router.post("/invoices/{invoice_id}/tax-slips", response={201: TaxSlipOut}, summary="Record a collector's tax slip")
def post_tax_slip(request: HttpRequest, invoice_id: UUID, body: schemas.TaxSlipIn) -> Any:
    """The proof that the buyer paid the invoice's tax to the state; it settles that part."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    slip = record_tax_slip(
        invoice_id=invoice_id, number=body.number, day=body.date, amount=body.amount, by=request.user, at=now()
    )
    return Status(201, slip)


@router.post("/tax-slips/{tax_slip_id}/reversal", response=TaxSlipOut, summary="Reverse a collector's tax slip")
def post_tax_slip_reversal(request: HttpRequest, tax_slip_id: UUID, body: schemas.ReasonIn) -> Any:
    """It was wrong: its tax is waited for again."""
    tax_slip_for(slip_id=tax_slip_id, by=request.user)
    return reverse_tax_slip(slip_id=tax_slip_id, reason=body.reason, by=request.user, at=now())


@router.get("/buyer-returns", response=Page[schemas.CreditNoteReturnOut], summary="List buyers' returns")
def list_buyer_returns(request: HttpRequest, query: Query[schemas.BuyerReturnQuery]) -> Any:
    """Credit notes on tax invoices, the newest first, with the buyer's *nota retur* if it came."""
    access_of(request.user).require("tax_filing", "view")
    rows = taxed_credit_notes(by=request.user)
    if query.state:
        rows = rows.filter(buyer_return__isnull=query.state == "waiting")
    return page_of(rows, order=("-date", "-id"), query=query)


@router.put(
    "/invoices/{invoice_id}/buyer-return",
    response=schemas.BuyerReturnOut,
    summary="Record a buyer's return",
)
def put_buyer_return(request: HttpRequest, invoice_id: UUID, body: schemas.BuyerReturnIn) -> Any:
    """The *nota retur* that the buyer made in Coretax for our credit note."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    return record_buyer_return(credit_note_id=invoice_id, number=body.number, day=body.date, by=request.user, at=now())
