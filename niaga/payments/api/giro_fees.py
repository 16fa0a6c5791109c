"""The fee of a returned giro: charging its customer, letting go of it, and what is usual."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from niaga.core.api import Amount, Number
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.payments.api.schemas import GiroFeeOut, PositiveAmount
from niaga.payments.queries.giro_fees import giro_fee_setting, giro_fees
from niaga.payments.queries.payments import get_payment
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.save_giro_fee_setting import save_giro_fee_setting
from niaga.payments.services.waive_giro_fee import waive_giro_fee

router = Router(tags=["payments"])


class GiroFeeSettingIn(Schema):
    """What a customer is usually charged whose giro the bank returned; pages offer it, nothing is charged by itself."""

    model_config = ConfigDict(extra="forbid")

    amount: Amount = Field(Decimal(0), ge=0, description="Without tax, in the company's own currency.")
    is_usual: bool = Field(False, description="Pages offer it as chosen.")
    tax_category_id: UUID | None = Field(None, description="None: the fee bears no tax.")


class GiroFeeSettingOut(Schema):
    amount: Number
    is_usual: bool
    tax_category_id: UUID | None


class GiroFeeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmount = Field(description="Without tax, in the company's own currency.")


class GiroFeeWaiverIn(Schema):
    """Without an amount all of it; without tax."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmount | None = None
    reason: str = Field(min_length=1, max_length=1000)


class GiroFeeWaiverOut(Schema):
    id: UUID
    amount: Number
    reason: str
    credit_note_id: UUID
    at: dt.datetime


@router.get("/giro-fee-setting", response=GiroFeeSettingOut, summary="Show what a returned giro usually costs")
def read_giro_fee_setting(request: HttpRequest) -> Any:
    access = access_of(request.user)
    access.require("customer", "credit")
    return giro_fee_setting(access.current_company.id)


@router.put("/giro-fee-setting", response=GiroFeeSettingOut, summary="Say what a returned giro usually costs")
def put_giro_fee_setting(request: HttpRequest, body: GiroFeeSettingIn) -> Any:
    here = access_of(request.user).current_company
    return save_giro_fee_setting(company_id=here.id, **body.dict(), by=request.user, at=now())


@router.post("/payments/{payment_id}/giro-fee", response={201: GiroFeeOut}, summary="Charge a returned giro's fee")
def post_giro_fee(request: HttpRequest, payment_id: UUID, body: GiroFeeIn) -> Any:
    """An invoice, issued and due at once, taxed as the setting says. A return is charged once."""
    get_payment(payment_id=payment_id, by=request.user)
    charge_giro_fee(payment_id=payment_id, amount=body.amount, by=request.user, at=now())
    return Status(201, giro_fees(by=request.user).get(reversal__payment_id=payment_id))


@router.post(
    "/payments/{payment_id}/giro-fee/waiver", response={201: GiroFeeWaiverOut}, summary="Waive a returned giro's fee"
)
def post_giro_fee_waiver(request: HttpRequest, payment_id: UUID, body: GiroFeeWaiverIn) -> Any:
    """By a credit note, issued at once."""
    get_payment(payment_id=payment_id, by=request.user)
    waiver = waive_giro_fee(
        payment_id=payment_id, amount=body.amount, reason=body.reason, by=request.user, at=now()
    )  # fmt: skip
    return Status(201, waiver)
