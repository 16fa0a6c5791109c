"""The shapes of bank statements and their lines on the wire."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery
from niaga.payments.api.schemas import PositiveAmount

LineAmount = Annotated[Decimal, Field(max_digits=19, decimal_places=4)]


class BankStatementQuery(PageQuery):
    bank_account_id: UUID | None = None
    status: Literal["draft", "taken"] | None = None


class BankStatementOut(Schema):
    """A bank's file. `left` are its lines to book; `lines_read` - `lines_new` came with earlier statements."""

    id: UUID
    bank_account_id: UUID
    status: str
    file_name: str
    file_format: str = Field(description="`csv`, `mt940` or `camt`.")
    currency: str
    first_date: dt.date | None
    last_date: dt.date | None
    opening: Number | None
    closing: Number | None
    lines_read: int
    lines_new: int
    left: int
    layout: dict[str, Any] = Field(description="How a CSV is read.")
    version: int
    created_at: dt.datetime


class StatementLayoutIn(Schema):
    """How a CSV is read: what is in each column from the left (empty: nothing), how days and amounts are written."""

    columns: list[
        Literal[
            "", "date", "text", "amount", "mark", "money_in", "money_out", "balance", "reference", "payer",
            "payer_account",
        ]
    ] = Field(max_length=40)  # fmt: skip
    skip: int = Field(1, ge=0, le=200, description="Rows above the first movement.")
    dates: Literal["d/m/y", "m/d/y", "y/m/d", "d/m"] = "d/m/y"
    decimal: Literal[".", ","] = "."
    delimiter: Literal["", ",", ";", "\t", "|"] = ""


class BankLineQuery(PageQuery):
    bank_account_id: UUID | None = None
    statement_id: UUID | None = None
    status: Literal["open", "suspense", "settled"] | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class BankLineOut(Schema):
    """A movement as the bank told it; above zero it came in. `suspense` is booked, and not identified yet."""

    id: UUID
    bank_account_id: UUID
    statement_id: UUID
    date: dt.date
    currency: str
    amount: Number
    balance: Number | None
    text: str
    payer: str
    payer_account: str
    reference: str
    status: str
    version: int


class LineSettlementOut(Schema):
    """A part of what the line is: a payment (recorded from it, or before: `tie`), a giro that went back, an account."""

    kind: str
    amount: Number
    role: str
    payment_id: UUID | None
    payout_id: UUID | None
    customer_id: UUID | None
    how: str = Field(description="`person`, or `certain`: booked by itself.")
    note: str
    date: dt.date


class BankPartOut(Schema):
    kind: str
    amount: Number
    customer_id: UUID | None
    payment_id: UUID | None
    payout_id: UUID | None
    role: str
    invoices: list[dict[str, str]]


class LineProposalOut(Schema):
    """What the line may be. Accept it by `seen`."""

    seen: str
    certain: bool
    title: str
    reasons: list[str]
    parts: list[BankPartOut]


class WholeBankLineOut(BankLineOut):
    settlements: list[LineSettlementOut] = Field(validation_alias="standing")
    proposals: list[LineProposalOut]
    waits_for_payout_of: UUID | None = Field(
        description="The gateway whose money this is, while nobody recorded the payout: book no payment for it."
    )


class BankPartInvoice(Schema):
    invoice_id: UUID
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None


class BankPartIn(Schema):
    """A part of the line, with its sign. What a bank or customer took off an incoming payment is a part below zero."""

    kind: Literal["payment", "tie", "giro_return", "payout", "account"]
    amount: LineAmount
    customer_id: UUID | None = None
    invoices: list[BankPartInvoice] = Field(
        [], max_length=200, description="Of a payment; what they do not take is the customer's advance."
    )
    payment_id: UUID | None = Field(None, description="Of `tie` and `giro_return`.")
    payout_id: UUID | None = Field(None, description="Of `payout`: what a gateway paid out, recorded before.")
    role: Literal[
        "", "suspense", "bank_fees", "bank_interest", "withheld_tax", "owners_money", "money_in_transit", "rounding",
        "other_costs", "gateway_fees",
    ] = Field("", description="Of `account`.")  # fmt: skip


class LineBookingIn(Schema):
    """Either the parts, which make the line's amount, or the `seen` of a proposal."""

    parts: list[BankPartIn] = Field([], max_length=50)
    seen: str = Field("", max_length=64)
    booked_on: dt.date | None = Field(None, description="The day of the books; without one, the line's.")
    note: str = Field("", max_length=200)
    giro_fee: PositiveAmount | None = Field(
        None, description="With `parts`: what the customer of each returned giro is charged, without tax."
    )


class UnbookingIn(Schema):
    reason: str = Field(min_length=1, max_length=2000)


class KnownPayerOut(Schema):
    """Whose money it was when this account or name paid before."""

    id: UUID
    shown: str
    customer_id: UUID
    times: int
    last_at: dt.datetime
