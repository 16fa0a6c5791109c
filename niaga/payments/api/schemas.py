"""The shapes of payments on the wire."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery

PositiveAmount = Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]


class PaymentQuery(PageQuery):
    """Filters; all that are given must hold. Days are of the payment, both included."""

    number: str = Field("", max_length=40, description="How its number begins.")
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    method: Literal["cash", "transfer", "giro", "card", "gateway"] | None = None
    status: Literal["recorded", "reversed"] | None = None
    stamp_state: Literal["none", "due", "affixed"] | None = None
    since: dt.date | None = None
    until: dt.date | None = None


Rates = Annotated[
    dict[
        Annotated[str, Field(pattern="^[A-Z]{3}$")], Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=10)]
    ],
    Field(
        max_length=10,
        description="What one of a currency is worth in the company's own by the bank, where the day's rate is not"
        " meant: of the payment's currency, or of an invoice's.",
    ),
]


class Settles(Schema):
    """An invoice this payment settles; without an amount as much as is open. The amount is in the invoice's currency;
    what it takes of a payment in another is found by the rates."""

    invoice_id: UUID
    amount: PositiveAmount | None = None


class PaymentIn(Schema):
    """Without `invoices` the customer's open invoices are settled, the earliest due first; an empty list makes the
    whole an advance. `customer_id` may be left out when an invoice says whose it is. Without `currency` the money came
    in the currency of the named invoices, else in the company's own."""

    amount: PositiveAmount
    method: Literal["cash", "transfer", "giro", "card"] = "transfer"
    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    invoices: list[Settles] | None = Field(None, max_length=1000)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    date: dt.date | None = None
    branch_id: UUID | None = None
    reference: str = Field("", max_length=80)
    bank_account_id: UUID | None = None
    giro_due_date: dt.date | None = None
    giro_bank: str = Field("", max_length=80)
    note: str = Field("", max_length=10_000)
    rates: Rates = {}


class PaymentOut(Schema):
    """`allocated` is what settles invoices or was refunded; `advance` is what is left: it waits for the next one."""

    id: UUID
    number: str
    status: str
    customer_id: UUID
    branch_id: UUID
    method: str
    currency: str
    amount: Number
    allocated: Number
    advance: Number
    exchange_rate: Number = Field(
        description="Of the company's own currency for one of the payment's: as it was said, or of its day."
    )
    base_amount: Number
    stamp_duty: Number = Field(
        validation_alias="duty", description="Bea meterai of its receipt, in the company's own currency; 0: none."
    )
    stamp_state: str = Field(description="`none`, `due` or `affixed`.")
    stamp_serial: str = Field(description="Of the e-meterai on its receipt.")
    date: dt.date
    reference: str
    note: str
    version: int
    created_at: dt.datetime


class SettledOut(Schema):
    """`amount` in the invoice's `currency`; `taken` of the payment, in its own. `exchange_rate`, where the two differ:
    of the company's own currency for one of the invoice's, or of the payment's for an invoice in the company's."""

    invoice_id: UUID
    number: str
    currency: str
    amount: Number
    taken: Number
    exchange_rate: Number | None


class GiroFeeOut(Schema):
    """`amount` without tax; `left` is what of it was neither waived nor credited."""

    id: UUID
    invoice_id: UUID
    currency: str
    amount: Number
    waived: Number
    left: Number
    at: dt.datetime


class WholePaymentOut(PaymentOut):
    settles: list[SettledOut]
    giro_fee: GiroFeeOut | None = Field(description="What its customer was charged when the bank returned the giro.")


class ReversalIn(Schema):
    """Why a payment is taken back; `bounced`: the bank returned its giro, on `returned_on`. The books show that on the
    bank's day, or on the first open one after it."""

    reason: str = Field(min_length=1, max_length=2000)
    bounced: bool = False
    returned_on: dt.date | None = None
    giro_fee: PositiveAmount | None = Field(
        None, description="What the customer is charged for a returned giro, without tax; in the company's currency."
    )


class AllocationIn(Schema):
    """Settle an invoice with what is left of a payment; without an amount what both allow. `release` takes back.

    The amount is in the invoice's currency; in another than the payment's it is turned by today's rates, or `rates`."""

    invoice_id: UUID
    amount: PositiveAmount | None = None
    release: bool = False
    rates: Rates = {}


class ClearingIn(Schema):
    """The day on which the bank paid a giro; without one, today."""

    date: dt.date | None = None
