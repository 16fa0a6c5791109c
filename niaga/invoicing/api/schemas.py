"""The shapes of invoices on the wire."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number, PageQuery


class InvoiceQuery(PageQuery):
    """Filters; all that are given must hold. Days are of the invoice, both included."""

    number: str = Field("", max_length=40, description="How its number begins.")
    status: Literal["draft", "issued", "discarded"] | None = None
    kind: Literal["invoice", "credit_note", "down_payment", "late_fee", "debit_note", "giro_fee"] | None = None
    payment_state: Literal["none", "unpaid", "partial", "paid", "overdue"] | None = None
    stamp_state: Literal["none", "due", "affixed"] | None = None
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class InvoicePatch(Schema):
    """Only what is sent is changed."""

    note: str | None = Field(None, max_length=10_000)
    terms_text: str | None = Field(None, max_length=10_000)
    customer_reference: str | None = Field(None, max_length=60)
    payment_term_id: UUID | None = None


class InvoiceSendingIn(Schema):
    to: list[str] = Field(min_length=1, max_length=10)
    message: str = Field("", max_length=4000)


class InvoiceLinkOut(Schema):
    """The address is told this once: only its hash is kept."""

    url: str


class DeliveredLotOut(Schema):
    number: str
    expires_on: dt.date
    quantity: Number = Field(description="Base units.")


class InvoiceLineOut(Schema):
    id: UUID
    position: int
    kind: str
    product_id: UUID | None
    description: str
    quantity: Number
    unit_price: Number
    discount_percent: Number
    discount_amount: Number
    amount: Number
    document_discount: Number = Field(description="The line's share of the document's discount and of points.")
    points_discount: Number = Field(description="What of that points took off.")
    net: Number
    other_tax_base: Number
    tax_code: str
    tax_rate: Number
    tax: Number
    luxury_rate: Number
    luxury_tax: Number
    lots: list[DeliveredLotOut] = Field(
        validation_alias="lot_rows", description="Of what it bills, as far as that was delivered."
    )


class DueOut(Schema):
    due_date: dt.date | None = Field(description="None: it counts from an exchange that has not been.")
    amount: Number


class InvoiceRow(Schema):
    """An invoice or credit note in a list. `payment_state`: none, unpaid, partial, paid, overdue; `open` is unpaid."""

    id: UUID
    kind: str
    number: str | None
    status: str
    payment_state: str
    open: Number
    customer_id: UUID
    branch_id: UUID
    date: dt.date | None
    due_date: dt.date | None
    currency: str
    prices_include_tax: bool
    subtotal: Number
    discount_amount: Number
    points_used: int
    points_amount: Number = Field(description="What points take off, beside the document's discount.")
    net: Number
    other_tax_base: Number
    tax: Number
    luxury_tax: Number
    rounding: Number
    total: Number
    tax_by_buyer: Number = Field(description="Of its taxes, what the buyer (a collector) pays to the state.")
    payable: Number = Field(description="What is paid to us: `total` less `tax_by_buyer`.")
    exchange_rate: Number | None = Field(
        description="Of the company's own currency for one of the invoice's; null: its day is not come yet."
    )
    base_total: Number | None = Field(description="The total in the company's own currency, at that rate.")
    stamp_duty: Number = Field(
        validation_alias="duty", description="Bea meterai in the company's own currency; 0: none."
    )
    stamp_state: str = Field(description="`none`, `due` or `affixed`.")
    stamp_serial: str = Field(description="Of the e-meterai on it.")
    version: int
    created_at: dt.datetime
    issued_at: dt.datetime | None


class TaxSlipOut(Schema):
    """A collector's proof that it paid the tax to the state."""

    id: UUID
    invoice_id: UUID
    number: str
    date: dt.date
    amount: Number
    luxury_tax: Number = Field(description="PPnBM in the amount.")
    recorded_at: dt.datetime
    reversed_at: dt.datetime | None
    reason: str = Field(description="Why it was reversed.")


class OfferOut(Schema):
    """Who pays `pay` by `until` has paid: `amount` is let go of then."""

    percent: Decimal
    until: dt.date
    amount: Decimal
    pay: Decimal
    lessens_tax: bool = Field(description="A credit note gives it, which lessens tax base and tax.")


class InvoiceOut(InvoiceRow):
    early_discount: OfferOut | None = Field(
        None, validation_alias="offer", description="What may be taken off today for paying early."
    )
    party: dict[str, Any]
    term_name: str
    source_numbers: list[str]
    credits_id: UUID | None
    reason: str
    note: str
    tax_slips: list[TaxSlipOut] = Field(validation_alias="slip_rows")
    instalments: list[DueOut] = Field(description="Planned by hand in place of the term.")
    dues: list[DueOut] = Field(validation_alias="due_rows")
    lines: list[InvoiceLineOut] = Field(validation_alias="line_rows")


class CreditAllocationIn(Schema):
    """Settle an invoice with what is left of a credit note; without an amount what both allow. `release` takes back."""

    invoice_id: UUID
    amount: Amount | None = Field(None, gt=0)
    release: bool = False
