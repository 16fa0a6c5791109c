"""Putting an issued invoice right in one step."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from niaga.core.api import named_once
from niaga.core.clock import now
from niaga.invoicing.api.views import invoice_out
from niaga.invoicing.queries.corrections import correction_of
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right

router = Router(tags=["invoicing"])
_Figure = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=6)]


class RightLineIn(Schema):
    """How a line shall be; what is not named stays. A quantity of 0 takes the line out."""

    line_id: UUID
    quantity: _Figure | None = None
    unit_price: _Figure | None = None
    discount_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] | None = None
    description: str | None = Field(None, min_length=1, max_length=2000)


class CorrectionIn(Schema):
    """`buyer` and `tax` say whose facts hold: the invoice's own, or the customer's as they are now."""

    reason: str = Field(min_length=1, max_length=200)
    lines: list[RightLineIn] = Field(default_factory=list, max_length=10_000)
    buyer: Literal["invoice", "customer"] = "invoice"
    tax: Literal["invoice", "customer"] = "invoice"
    customer_reference: str | None = Field(None, max_length=60)
    note: str | None = Field(None, max_length=4000)
    keeps_dues: bool = Field(True, description="The new one is due on the days of the first.")
    mail_to: list[str] = Field(default_factory=list, max_length=50)
    message: str = Field("", max_length=4000)

    each_once = named_once("lines", "line_id")


class CorrectionOut(Schema):
    """The first invoice, its credit note, and the invoice that took its place."""

    id: UUID
    invoice_id: UUID
    credit_note_id: UUID
    replacement_id: UUID
    credit_note_number: str
    replacement_number: str
    reason: str
    tax_path: Literal["none", "not_filed", "replace", "cancel"] = Field(
        description="At the tax office: nothing to do; the new one is filed alone; it is filed as the replacement of"
        " the first one's serial; the first one's serial is to be cancelled."
    )
    date: date
    at: datetime

    @staticmethod
    def resolve_credit_note_number(row: Any) -> str:
        return str(row["note"])

    @staticmethod
    def resolve_replacement_number(row: Any) -> str:
        return str(row["new"])


@router.post("/invoices/{invoice_id}/correction", response={201: CorrectionOut}, summary="Put an invoice right")
def post_correction(request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: CorrectionIn) -> Any:
    """Credit an issued invoice whole and issue it anew as it shall be, in one deed: what was paid moves along."""
    invoice_out(response, invoice_id=invoice_id, by=request.user)
    told = body.dict(exclude={"lines"})
    lines = {line.line_id: RightLine(**line.dict(exclude={"line_id"})) for line in body.lines}
    put_invoice_right(invoice_id=invoice_id, details=RightDetails(**told, lines=lines), by=request.user, at=now())
    response["Location"] = f"/api/v1/invoices/{invoice_id}/correction"
    return Status(201, correction_of(invoice_id=invoice_id, by=request.user))


@router.get("/invoices/{invoice_id}/correction", response=CorrectionOut, summary="Read an invoice's correction")
def get_correction(request: HttpRequest, invoice_id: UUID) -> Any:
    """The credit note and the invoice that put it right."""
    return correction_of(invoice_id=invoice_id, by=request.user)
