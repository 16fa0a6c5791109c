"""The shapes of tax filing on the wire."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, PageQuery, Price

State = Literal["open", "exported", "filed", "replaced", "to_cancel", "cancelled", "left_out"]


class TaxInvoiceQuery(PageQuery):
    """Filters; all that are given must hold. Days are of the invoice, both included."""

    state: State | None = None
    slip: Literal["missing", "complete"] | None = Field(None, description="Of invoices whose buyer pays the tax.")
    number: str = Field("", max_length=40, description="How its number begins.")
    file_id: UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class TaxInvoiceOut(Schema):
    """An issued invoice and where it stands with the tax office."""

    invoice_id: UUID
    number: str
    date: dt.date
    customer_id: UUID
    kind: str
    tax_code: str = Field(description="Kode transaksi.")
    currency: str
    currency_rate: Price | None = Field(description="By which its file holds it in rupiah; null for one in rupiah.")
    net: Amount
    other_tax_base: Amount
    tax: Amount
    tax_by_buyer: Amount
    slip_left: Amount = Field(description="What of it no slip proves yet.")
    state: str
    serial: str = Field(description="NSFP, 17 digits; empty until it is recorded.")
    discount_net: Amount = Field(description="Early-payment discounts by credit note take this off `net`, when filed.")
    discount_other_tax_base: Amount
    discount_tax: Amount
    discount_luxury_tax: Amount
    to_replace: bool = Field(description="It was filed with other figures: to be replaced in Coretax.")

    @staticmethod
    def resolve_invoice_id(invoice: Any) -> UUID:
        key: UUID = invoice.id
        return key

    @staticmethod
    def resolve_currency_rate(invoice: Any) -> Any:
        return invoice.tax_currency_rate

    @staticmethod
    def resolve_state(invoice: Any) -> str:
        return str(invoice.tax_state)

    @staticmethod
    def resolve_serial(invoice: Any) -> str:
        return str(invoice.tax_serial)


class TaxSlipIn(Schema):
    number: str = Field(min_length=1, max_length=40, description="NTPN of the SSP, or number of the bukti pungut.")
    date: dt.date
    amount: Amount | None = Field(None, gt=0, description="Without it all that is left.")


class TaxCheckQuery(Schema):
    """A month, such as `2026-11`; nothing: this one."""

    month: str | None = Field(None, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")


class TaxFaultOut(Schema):
    invoice_id: UUID
    number: str
    code: str = Field(description="`buyer_id`, `unit_code` …")
    about: str
    detail: str = Field(description="What is wrong, in words.")
    mend: str = Field(description="What to do about it.")


class TaxCheckOut(Schema):
    """The month's invoices that are still to be filed."""

    fit: list[UUID] = Field(description="They can be put into a file.")
    faults: list[TaxFaultOut]


class TaxFileIn(Schema):
    invoice_ids: list[UUID] = Field(min_length=1, max_length=1000)


class TaxFileOut(Schema):
    id: UUID
    name: str
    invoice_count: int
    net: Amount
    tax: Amount
    created_at: dt.datetime
    withdrawn_at: dt.datetime | None


class SerialIn(Schema):
    number: str = Field(min_length=1, max_length=40, description="Our invoice's number: the file's reference.")
    serial: str = Field(min_length=17, max_length=30, description="17 digits, with or without points.")
    date: dt.date | None = Field(None, description="Nothing: the invoice's own day.")


class SerialsIn(Schema):
    serials: list[SerialIn] = Field(min_length=1, max_length=1000)


class SerialsOut(Schema):
    filed: int
    replaced: int
    same: int


class CurrencyRateIn(Schema):
    currency: str = Field(min_length=3, max_length=3, description="ISO 4217, not the rupiah.")
    rate: Price | None = Field(description="Rupiah for one of the currency; null takes it away.")


class CurrencyRatesIn(Schema):
    """The rates of a week, as the Minister of Finance sets them (kurs pajak)."""

    valid_from: dt.date
    valid_until: dt.date | None = Field(None, description="The last day; nothing: seven days.")
    decree: str = Field("", max_length=60)
    rates: list[CurrencyRateIn] = Field(min_length=1, max_length=200)


class CurrencyRatesOut(Schema):
    added: int
    changed: int
    removed: int
    same: int


class CurrencyRateQuery(PageQuery):
    currency: str = Field("", max_length=3)
    on: dt.date | None = Field(None, description="Those that hold on this day.")


class CurrencyRateOut(Schema):
    currency: str
    valid_from: dt.date
    valid_until: dt.date
    rate: Price
    decree: str


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=1000)


class BuyerReturnIn(Schema):
    number: str = Field(min_length=1, max_length=40)
    date: dt.date


class BuyerReturnOut(Schema):
    credit_note_id: UUID
    number: str
    date: dt.date


class BuyerReturnQuery(PageQuery):
    state: Literal["waiting", "came"] | None = None


class CreditNoteReturnOut(Schema):
    """A credit note on a tax invoice, and the buyer's *nota retur* if it came."""

    credit_note_id: UUID
    number: str
    date: dt.date
    customer_id: UUID
    net: Amount
    tax: Amount
    return_number: str
    return_date: dt.date | None
    corrected_serial: str

    @staticmethod
    def resolve_credit_note_id(note: Any) -> UUID:
        key: UUID = note.id
        return key
