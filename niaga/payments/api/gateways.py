"""Payment requests, gateway accounts and the company's QRIS code."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from niaga.core.api import Page, etag, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.invoicing.queries.invoices import get_invoice
from niaga.organization.access import Actor, access_of
from niaga.payments.api import gateway_schemas as schemas
from niaga.payments.models import GatewayAccount, PaymentRequest
from niaga.payments.queries.gateway_accounts import (
    account_names,
    gateway_account,
    gateway_accounts,
    hook_address,
)
from niaga.payments.queries.payment_requests import get_request, visible_requests
from niaga.payments.queries.payouts import visible_payouts
from niaga.payments.queries.qris import company_qris, qris_for
from niaga.payments.services.ask_again import ask_again
from niaga.payments.services.ask_gateway_check import ask_gateway_check
from niaga.payments.services.read_qris_picture import read_qris_picture
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.payments.services.record_shown_payout import record_shown_payout
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.retry_payment_request import retry_payment_request
from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account
from niaga.payments.services.set_qris import set_qris

router = Router(tags=["payments"])


def _answer(response: HttpResponse, request_id: UUID, by: Actor) -> PaymentRequest:
    found = get_request(request_id=request_id, by=by)
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/payment-requests/{request_id}"
    return found


@router.get("/payment-requests", response=Page[schemas.PaymentRequestOut], summary="List payment requests")
def list_payment_requests(request: HttpRequest, query: Query[schemas.PaymentRequestQuery]) -> Any:
    """Requests to pay through a gateway that you may see, the newest first."""
    access_of(request.user).require("payment", "view")
    asked = {"invoice_id": query.invoice_id, "customer_id": query.customer_id, "status": query.status}
    rows = visible_requests(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.post("/payment-requests", response={201: schemas.PaymentRequestOut}, summary="Ask for a payment online")
def post_payment_request(request: HttpRequest, response: HttpResponse, body: schemas.PaymentRequestIn) -> Any:
    """Make a link, a virtual account or a QRIS code for what is open on an invoice. It is `queued` at first: a job asks
    the gateway. One of the same way and amount that can still be paid is given again."""
    get_invoice(invoice_id=body.invoice_id, by=request.user, today=now().date())
    made = request_payment(
        invoice_id=body.invoice_id, method=body.method, bank=body.bank, account_id=body.gateway_id, by=request.user,
        at=now(),
    )  # fmt: skip
    return Status(201, _answer(response, made.id, request.user))


@router.get("/payment-requests/{payment_request_id}", response=schemas.PaymentRequestOut, summary="Show one")
def read_payment_request(request: HttpRequest, response: HttpResponse, payment_request_id: UUID) -> Any:
    return _answer(response, payment_request_id, request.user)


@router.post(
    "/payment-requests/{payment_request_id}/asking", response=schemas.PaymentRequestOut, summary="Ask the gateway"
)
def post_asking(request: HttpRequest, response: HttpResponse, payment_request_id: UUID) -> Any:
    """Have the gateway asked what became of it. Nothing is sent again."""
    get_request(request_id=payment_request_id, by=request.user)
    ask_again(request_id=payment_request_id, by=request.user, at=now())
    return Status(200, _answer(response, payment_request_id, request.user))


@router.post(
    "/payment-requests/{payment_request_id}/sending", response=schemas.PaymentRequestOut, summary="Send it again"
)
def post_sending(request: HttpRequest, response: HttpResponse, payment_request_id: UUID) -> Any:
    """An uncertain or failed one goes out again under the same key, because a person wants it."""
    get_request(request_id=payment_request_id, by=request.user)
    retry_payment_request(request_id=payment_request_id, by=request.user, at=now())
    return Status(200, _answer(response, payment_request_id, request.user))


def _gateway(row: GatewayAccount) -> GatewayAccount:
    row.hook_url = hook_address(row)  # type: ignore[attr-defined]
    return row


@router.get("/gateways", response=schemas.GatewayList, summary="List gateway accounts")
def list_gateways(request: HttpRequest) -> Any:
    return {"items": [_gateway(row) for row in gateway_accounts(by=request.user)]}


def _saved(request: HttpRequest, body: schemas.GatewayIn, gateway_id: UUID | None) -> GatewayAccount:
    details = AccountDetails(**body.dict() | ({} if gateway_id else {"secret": body.secret or ""}))
    key = save_gateway_account(
        details=details, account_id=gateway_id, company_id=access_of(request.user).current_company.id,
        by=request.user, at=now(),
    )  # fmt: skip
    return _gateway(gateway_account(account_id=key, by=request.user))


@router.post("/gateways", response={201: schemas.GatewayOut}, summary="Add a gateway account")
def post_gateway(request: HttpRequest, response: HttpResponse, body: schemas.GatewayIn) -> Any:
    made = _saved(request, body, None)
    response["Location"] = f"/api/v1/gateways/{made.pk}"
    return Status(201, made)


@router.get("/gateways/{gateway_id}", response=schemas.GatewayOut, summary="Show a gateway account")
def read_gateway(request: HttpRequest, gateway_id: UUID) -> Any:
    return _gateway(gateway_account(account_id=gateway_id, by=request.user))


@router.put("/gateways/{gateway_id}", response=schemas.GatewayOut, summary="Change a gateway account")
def put_gateway(request: HttpRequest, gateway_id: UUID, body: schemas.GatewayIn) -> Any:
    return _saved(request, body, gateway_id)


@router.post("/gateways/{gateway_id}/check", response=schemas.GatewayOut, summary="Try the connection")
def post_check(request: HttpRequest, gateway_id: UUID) -> Any:
    """A job asks the gateway something that changes nothing; `checked_at` and `check_error` tell what came of it."""
    ask_gateway_check(account_id=gateway_id, by=request.user, at=now())
    return Status(200, _gateway(gateway_account(account_id=gateway_id, by=request.user)))


@router.get("/gateway-payouts", response=Page[schemas.PayoutOut], summary="List payouts")
def list_payouts(request: HttpRequest, query: Query[schemas.PayoutQuery]) -> Any:
    """What gateways paid out to the bank, the newest first."""
    access_of(request.user).require("payment", "view")
    rows = visible_payouts(by=request.user, at=now())
    return page_of(rows.filter(state=query.state) if query.state else rows, order=("-date", "-id"), query=query)


@router.post("/gateways/{gateway_id}/payouts", response={201: schemas.PayoutOut}, summary="Record a payout")
def post_payout(request: HttpRequest, gateway_id: UUID, body: schemas.PayoutIn) -> Any:
    """The gateway's money came to the bank account. With `bank_line_id` the bank's line is booked to it at once."""
    access_of(request.user).require("payment", "record")
    if gateway_id not in dict(account_names(by=request.user)):
        raise NotFound()
    details = PayoutDetails(body.amount, body.fee, body.date, body.bank_account_id, body.reference)
    if body.bank_line_id is not None:
        made = record_shown_payout(
            line_id=body.bank_line_id, account_id=gateway_id, details=details, by=request.user, at=now()
        )
    else:
        made = record_payout(account_id=gateway_id, details=details, by=request.user, at=now())
    return Status(201, visible_payouts(by=request.user, at=now()).get(pk=made.pk))


@router.get("/qris", response=schemas.QrisOut, summary="The company's QRIS code")
def read_qris(request: HttpRequest) -> Any:
    return company_qris(by=request.user) or {"text": "", "merchant": ""}


@router.put("/qris", response=schemas.QrisOut, summary="Set the company's QRIS code")
def put_qris(request: HttpRequest, body: schemas.QrisIn) -> Any:
    here = access_of(request.user).current_company.id
    return set_qris(company_id=here, text=body.text, by=request.user, at=now()) or {"text": "", "merchant": ""}


@router.post("/qris/picture", response=schemas.QrisReadOut, summary="Read a QRIS code from a picture")
def post_qris_picture(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """The static code on a PNG or JPEG of at most 10 MB. Nothing is kept: look whose code it is, then `PUT /qris`."""
    here = access_of(request.user).current_company.id
    code = read_qris_picture(chunks=file.chunks(), company_id=here, by=request.user)
    return {"text": code.text(), "merchant": code.merchant, "city": code.city, "merchant_id": code.merchant_id}


@router.get("/invoices/{invoice_id}/qris", response=schemas.InvoiceQrisOut, summary="QRIS code of an invoice")
def read_invoice_qris(request: HttpRequest, invoice_id: UUID) -> Any:
    """The company's own code with what is open in it, to be shown or printed. It marks nothing as paid."""
    invoice: Any = get_invoice(invoice_id=invoice_id, by=request.user, today=now().date())
    code = qris_for(company_id=invoice.company_id, currency=invoice.currency, amount=invoice.open)
    told = {"text": code.text(), "merchant": code.merchant} if code else {"text": "", "merchant": ""}
    return {**told, "amount": invoice.open}
