"""What suppliers say of goods that went straight back to them, and what they owe for it."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Amount, Number, Page, PageQuery, PositiveQuantity, named_once, page_of
from niaga.core.clock import now
from niaga.returns.api.answers import answer
from niaga.returns.api.schemas import ReturnOut
from niaga.returns.models import SupplierCreditReceipt
from niaga.returns.queries.returns import see_return
from niaga.returns.queries.supplier_credits import receipts_of, see_supplier_credit, visible_supplier_credits
from niaga.returns.services.note_supplier_credit import CreditDetails, note_supplier_credit
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer

router = Router(tags=["returns"])


class AnsweredLineIn(Schema):
    """In the line's unit. `amount` is what the supplier credits for what they took back, in the company's currency;
    null: what it cost. `lot` of what comes to our warehouse, where several left with the line."""

    line_id: UUID
    accepted: PositiveQuantity | None = None
    refused: PositiveQuantity | None = None
    amount: Amount | None = Field(None, ge=0)
    lot: str = Field("", max_length=40)


class SupplierAnswerIn(Schema):
    lines: list[AnsweredLineIn] = Field([], max_length=1000)
    refused_to: Literal["customer", "warehouse"] = Field("customer", description="Where what is refused goes.")
    is_last: bool = Field(False, description="Nothing more will come to the supplier.")
    note: str = Field("", max_length=2000)

    each_once = named_once("lines", "line_id")


class SupplierCreditQuery(PageQuery):
    supplier_id: UUID | None = None
    return_id: UUID | None = None
    is_open: bool | None = Field(None, description="Whether something of it is still owed.")


class SupplierCreditRow(Schema):
    """What a supplier owes for goods of a return line, in the company's own currency."""

    id: UUID
    return_id: UUID = Field(validation_alias="rma_id")
    line_id: UUID
    supplier_id: UUID
    quantity: Number = Field(description="In the line's unit.")
    amount: Number
    credited: Number
    left: Number
    date: dt.date


class SupplierCreditReceiptOut(Schema):
    id: UUID
    way: str
    amount: Number
    date: dt.date
    reference: str
    note: str


class SupplierCreditOut(SupplierCreditRow):
    receipts: list[SupplierCreditReceiptOut]

    @staticmethod
    def resolve_receipts(row: Any) -> list[SupplierCreditReceipt]:
        return receipts_of(row.id)


class SupplierCreditReceiptIn(Schema):
    """`amount` null: all that is open. What is `written_off` needs a note."""

    way: Literal["money", "credit_note", "written_off"]
    amount: Amount | None = Field(None, gt=0)
    date: dt.date | None = Field(None, description="Null: today.")
    reference: str = Field("", max_length=60)
    note: str = Field("", max_length=500)


@router.post("/returns/{return_id}/supplier-answers", response=ReturnOut, summary="Record a supplier's answer")
def post_supplier_answer(request: HttpRequest, response: HttpResponse, return_id: UUID, body: SupplierAnswerIn) -> Any:
    """Of goods that the customer sent straight to the supplier. What they took back is credited when it is settled."""
    see_return(return_id=return_id, by=request.user)
    nought = Decimal(0)
    items = [
        AnswerItem(one.line_id, one.accepted or nought, one.refused or nought, one.amount, one.lot)
        for one in body.lines
    ]
    record_supplier_answer(
        return_id=return_id, items=items, refused_to=body.refused_to, is_last=body.is_last, note=body.note,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, answer(request, response, return_id))


@router.get("/supplier-credits", response=Page[SupplierCreditRow], summary="List what suppliers owe for returns")
def list_supplier_credits(request: HttpRequest, query: Query[SupplierCreditQuery]) -> Any:
    """The newest first; for who may see what goods cost."""
    rows = visible_supplier_credits(by=request.user)
    if query.supplier_id:
        rows = rows.filter(supplier_id=query.supplier_id)
    if query.return_id:
        rows = rows.filter(rma_id=query.return_id)
    if query.is_open is not None:
        rows = rows.filter(left__gt=0) if query.is_open else rows.filter(left=0)
    return page_of(rows, order=("-date", "-id"), query=query)


@router.get("/supplier-credits/{supplier_credit_id}", response=SupplierCreditOut, summary="Show a supplier's credit")
def read_supplier_credit(request: HttpRequest, supplier_credit_id: UUID) -> Any:
    return see_supplier_credit(credit_id=supplier_credit_id, by=request.user)


@router.post(
    "/supplier-credits/{supplier_credit_id}/receipts",
    response={201: SupplierCreditOut},
    summary="Note what a supplier credited",
)
def post_supplier_credit_receipt(
    request: HttpRequest, response: HttpResponse, supplier_credit_id: UUID, body: SupplierCreditReceiptIn
) -> Any:
    """Money, a credit note on what is owed for their goods, or nothing: what is written off stays a cost of sales."""
    see_supplier_credit(credit_id=supplier_credit_id, by=request.user)
    details = CreditDetails(body.way, body.amount, body.date, body.reference, body.note)
    note_supplier_credit(credit_id=supplier_credit_id, details=details, by=request.user, at=now())
    response["Location"] = f"/api/v1/supplier-credits/{supplier_credit_id}"
    return Status(201, see_supplier_credit(credit_id=supplier_credit_id, by=request.user))
