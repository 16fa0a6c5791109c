"""The sandbox gateway's own side: its API, and the page on which one pays by a click."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.payments.models import SandboxCharge
from niaga.payments.queries.sandbox import charge_by_key, sandbox_account, sandbox_charge
from niaga.payments.rules.qris import SANDBOX, made_dynamic, read_qris
from niaga.payments.services.pay_sandbox_charge import pay_sandbox_charge
from niaga.payments.services.refund_sandbox_charge import refund_sandbox_charge
from niaga.payments.services.take_sandbox_charge import take_sandbox_charge

BEHAVIOURS = {
    "pay_told_twice": _("Pay, and tell it three times"),
    "pay_out_of_order": _("Pay, and tell it in the wrong order"),
    "pay_wrongly_signed": _("Pay, and sign it wrongly"),
    "pay_never_told": _("Pay, and never tell it"),
    "pay_less": _("Pay Rp 1.000 less"),
    "pay_more": _("Pay Rp 1.000 more"),
    "decline": _("Decline"),
    "expire": _("Let it expire"),
}


def _told(charge: SandboxCharge) -> dict[str, Any]:
    amount = charge.paid_amount if charge.paid_amount is not None else charge.amount
    told: dict[str, Any] = {"key": charge.key, "id": charge.id.hex, "state": charge.state, "amount": str(amount)}
    told["url"] = settings.BASE_URL + reverse("payments:sandbox_pay", args=[charge.id])
    if charge.method == "va":
        told["account"] = f"8808{charge.id.int % 10**12:012}"
    if charge.method == "qris":
        told["code"] = made_dynamic(read_qris(SANDBOX), charge.amount).text()
    return told


def _body(request: HttpRequest) -> dict[str, Any]:
    """:raises Invalid: no object of JSON"""
    try:
        told = orjson.loads(request.body)
    except ValueError as error:
        raise Invalid() from error
    if not isinstance(told, dict):
        raise Invalid()
    return told


def _amount(told: dict[str, Any]) -> Decimal:
    try:
        return Decimal(str(told.get("amount")))
    except InvalidOperation as error:
        raise Invalid(field="amount") from error


@csrf_exempt
@require_http_methods(["GET", "POST"])
def charges(request: HttpRequest) -> HttpResponse:
    account = sandbox_account(request.headers.get("Authorization", ""))
    if request.method == "GET":
        return JsonResponse({"name": account.name})
    told = _body(request)
    try:
        until = datetime.fromisoformat(str(told.get("expires_at")))
    except ValueError as error:
        raise Invalid(field="expires_at") from error
    charge = take_sandbox_charge(
        account=account, key=str(told.get("key", "")), number=str(told.get("number", "")), amount=_amount(told),
        method=str(told.get("method", "")), expires_at=until, at=now(),
    )  # fmt: skip
    return JsonResponse(_told(charge), status=201)


@csrf_exempt
@require_http_methods(["GET"])
def charge(request: HttpRequest, key: str) -> HttpResponse:
    account = sandbox_account(request.headers.get("Authorization", ""))
    found = charge_by_key(account, key)
    return JsonResponse({"state": "unknown"} if found is None else _told(found))


@csrf_exempt
@require_POST
def refunds(request: HttpRequest, key: str) -> HttpResponse:
    account = sandbox_account(request.headers.get("Authorization", ""))
    told = _body(request)
    refund_key = str(told.get("key", ""))[:60]
    state = refund_sandbox_charge(account=account, key=key, refund_key=refund_key, amount=_amount(told))
    return JsonResponse({"key": refund_key, "id": f"rf-{refund_key}", "state": state})


@csrf_exempt
@require_http_methods(["GET"])
def refund(request: HttpRequest, key: str, refund_key: str) -> HttpResponse:
    account = sandbox_account(request.headers.get("Authorization", ""))
    found = charge_by_key(account, key)
    if found is None:
        raise NotFound()
    state = "paid" if refund_key in found.refunds else "unknown"
    return JsonResponse({"key": refund_key, "id": f"rf-{refund_key}", "state": state})


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """Where a customer would be at a real gateway."""
    found = sandbox_charge(charge_id)
    if request.method == "POST":
        found = pay_sandbox_charge(charge_id=charge_id, behaviour=request.POST.get("behaviour", ""), at=now())
    context = {"charge": found, "behaviours": BEHAVIOURS, "company": found.account.company.name}
    return render(request, "payments/sandbox_pay.html", context)
