"""What a printed document says, whoever prints it. Sales, stock, invoicing and payments fill it; nothing is looked up.

Everything is data: text is printed as text, never read as markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from niaga.core.money import Money


class PrintKind(StrEnum):
    QUOTATION = "quotation"
    ORDER_CONFIRMATION = "order_confirmation"
    PRO_FORMA = "pro_forma"
    DELIVERY_NOTE = "delivery_note"
    PICK_LIST = "pick_list"
    LOAD_LIST = "load_list"
    DROP_SHIP = "drop_ship_request"
    INVOICE = "invoice"
    DOWN_PAYMENT_INVOICE = "down_payment_invoice"
    LATE_FEE_INVOICE = "late_fee_invoice"
    GIRO_FEE_INVOICE = "giro_fee_invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    EXCHANGE = "exchange_list"
    RETURN = "return_slip"


class Stamp(StrEnum):
    """A word across the corner of the first page."""

    DRAFT = "draft"
    CANCELLED = "cancelled"
    PAID = "paid"
    EXPIRED = "expired"
    COPY = "copy"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class PrintParty:
    """A company or person with everything a document says about them. `address` is one entry per line."""

    name: str
    address: tuple[str, ...] = ()
    npwp: str = ""
    nitku: str = ""
    tax_number: str = ""
    """Of another country, such as a VAT number."""
    contact: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class PrintLot:
    """A lot of what is delivered, and its last day; `quantity` in words."""

    number: str
    expires_on: date | None = None
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class PrintPart:
    """What is in a bundle: on a priced document in one of it, on a delivery's papers in all of the line."""

    description: str
    quantity: Decimal
    unit: str = ""
    sku: str = ""
    available: Decimal | None = None
    """Pick list: what is there."""
    lots: tuple[PrintLot, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line. `kind`: `item`, `charge`, `section` (a heading) or `note`; the latter two have only a description.

    An optional line that was not chosen is shown, its amount in brackets, and counts nowhere.
    """

    description: str
    kind: str = "item"
    sku: str = ""
    detail: str = ""
    delivery_date: date | None = None
    """Where it leaves on another day than the rest."""
    requested_date: date | None = None
    """Where it is asked for another day than the rest."""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    amount: Decimal | None = None
    tax_rate: Decimal | None = None
    optional: bool = False
    chosen: bool = True
    ordered: Decimal | None = None
    """Delivery note: what was ordered, beside what is shipped in `quantity`."""
    barcode: str = ""
    """Delivery note and pick list: of the product in the line's unit."""
    reason: str = ""
    """Return slip: why it comes back."""
    condition: str = ""
    """Return slip: how it is, as the customer says."""
    place: str = ""
    """Pick list: where it lies."""
    available: Decimal | None = None
    """Pick list: what is there."""
    weight: Decimal | None = None
    """Papers of goods: kilograms of all of the line."""
    parts: tuple[PrintPart, ...] = ()
    lots: tuple[PrintLot, ...] = ()
    """Delivery note and invoice: of what was delivered, where a template has their columns."""
    picture: bytes | None = None
    """Of the product, PNG or JPEG, re-encoded by the file store; on priced documents."""


@dataclass(frozen=True, slots=True)
class PrintTax:
    """One tax rate: `other_base` is the DPP nilai lain, given when it differs from `base`.

    `is_beside`: it is on the base of the tax before it, which is told already.
    """

    rate: Decimal
    base: Decimal
    amount: Decimal
    name: str = "PPN"
    other_base: Decimal | None = None
    numerator: int = 11
    denominator: int = 12
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class PrintTotals:
    subtotal: Decimal
    total: Decimal
    discount_percent: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    points_used: int = 0
    points: Decimal = Decimal(0)
    """What loyalty points take off."""
    taxes: tuple[PrintTax, ...] = ()
    prices_include_tax: bool = False
    rounding: Decimal = Decimal(0)
    tax_by_buyer: Decimal = Decimal(0)
    """Paid to the state by the buyer, a collector; taken off below the total."""
    down_payment: Decimal = Decimal(0)
    """Already invoiced before; taken off below the total."""
    paid: Decimal = Decimal(0)
    pay_now: Decimal | None = None
    """Pro-forma: what is asked for before the rest, such as a down payment."""


@dataclass(frozen=True, slots=True)
class PrintInstalment:
    due_date: date | None
    """None: it counts from an exchange that has not been."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PrintEarly:
    """Who pays `pay` by `until` has paid: `percent` is taken off."""

    percent: Decimal
    until: date
    pay: Decimal


@dataclass(frozen=True, slots=True)
class PrintBank:
    bank: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class PrintSignature:
    """A place to sign; `image` is a drawn signature (PNG).

    `role` is a key of the texts: `sign_seller`, `sign_customer`, `sign_sender`, `sign_driver`, `sign_recipient`,
    `sign_picker`, `sign_checker`, `sign_loader`, `sign_payer`, `sign_cashier`.
    """

    role: str
    name: str = ""
    image: bytes | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class PrintAllocation:
    """Receipt: how much of the payment settles which document; without a number it is an advance."""

    number: str
    amount: Decimal
    day: date | None = None
    remaining: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PrintMovement:
    """What changed a customer's account; `kind` is a word of the texts, with `moved_` before it."""

    day: date
    kind: str
    number: str
    amount: Decimal
    balance: Decimal
    due_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PrintStatement:
    """A statement of account. `ages`: what is open at its end, by `AGES` of `print_statement`."""

    since: date
    until: date
    opening: Decimal
    debits: Decimal
    credits: Decimal
    closing: Decimal
    movements: tuple[PrintMovement, ...] = ()
    ages: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrintExchanged:
    """An invoice that is handed over for its receipt."""

    number: str
    day: date
    reference: str
    tax_serial: str
    amount: Decimal
    currency: str
    order_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintExchange:
    """Tukar faktur at one customer: invoices, and which papers go along (`paper_` before it is a word of the texts)."""

    rows: tuple[PrintExchanged, ...]
    papers: tuple[str, ...] = ()
    place: str = ""
    hours: str = ""
    collector: str = ""


@dataclass(frozen=True, slots=True)
class PrintQris:
    """A QRIS code to pay by: whose it is, for how much, and the day on which so much was open."""

    text: str
    merchant: str
    amount: Money
    day: date


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """Everything on the paper. Facts that are empty are left out.

    `facts` are further pairs of label and value, already in the reader's language.
    """

    number: str
    day: date
    company: PrintParty
    customer: PrintParty
    currency: str = "IDR"
    lines: tuple[PrintLine, ...] = ()
    totals: PrintTotals | None = None
    deliver_to: PrintParty | None = None
    logo: bytes | None = None
    """PNG or JPEG, re-encoded by the file store."""
    title: str = ""
    """Instead of the kind's own."""
    stamp: Stamp | None = None
    version: int = 1
    valid_until: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    requested_date: date | None = None
    """The day the customer asks for."""
    payment_term: str = ""
    salesperson: str = ""
    customer_reference: str = ""
    order_numbers: tuple[str, ...] = ()
    delivery_number: str = ""
    invoice_number: str = ""
    """Credit note: the invoice it corrects."""
    replaces: str = ""
    """Pro-forma: the one before it, which holds no longer."""
    warehouse: str = ""
    driver: str = ""
    vehicle: str = ""
    payment_method: str = ""
    """`cash`, `transfer`, `giro`, `card`, or words of your own."""
    payment_reference: str = ""
    reason: str = ""
    tax_remarks: tuple[str, ...] = ()
    """Sentences on the buyer's tax: what is not collected and why, or who pays it."""
    note: str = ""
    terms_text: str = ""
    foot: str = ""
    """The company's own words at the foot."""
    public_url: str = ""
    instalments: tuple[PrintInstalment, ...] = ()
    early: PrintEarly | None = None
    qris: PrintQris | None = None
    banks: tuple[PrintBank, ...] = ()
    allocations: tuple[PrintAllocation, ...] = ()
    received: Decimal | None = None
    """Receipt: the whole payment."""
    statement: PrintStatement | None = None
    exchange: PrintExchange | None = None
    signatures: tuple[PrintSignature, ...] = ()
    stamp_duty: Money | None = None
    """Bea meterai, in the company's own currency: a place is left for it. None: the paper bears none."""
    stamp_serial: str = ""
    """Of the e-meterai that was put on it."""
    facts: tuple[tuple[str, str], ...] = field(default=())
