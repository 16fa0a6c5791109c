"""What the Indonesian tax office takes: whether an invoice can be filed as it is, and the Coretax XML of many.

Source: the fields of `TaxInvoiceBulk` as Coretax e-Faktur imports them (`coretax.xsd` beside this file is written from
the same list). The figures are those of the invoice's own lines; nothing is computed anew, so that invoice, ledger and
file hold the same rupiah. An invoice in another currency is turned into rupiah line by line, at the tax rate (kurs
pajak) that the Minister of Finance set for its day.

The field list has no field for a down payment and what settles it, nor for the tax invoice that another replaces. So
an invoice that takes one off, or replaces what was filed, is refused, with the numbers that are needed to file it by
hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum
from pathlib import Path
from xml.sax.saxutils import escape

MOST = 1_000
"""Invoices in one file."""
SCHEMA = Path(__file__).with_name("coretax.xsd")
NOBODY = "0" * 16
"""The TIN of a buyer who is named by another number."""
FACILITY_CODES = ("07", "08")
"""PPN that is not collected, or exempt: the file names the facility."""
GOODS, SERVICE = "A", "B"
ANY_CODE = "000000"
HOME = "IDR"
_CENT = Decimal("0.01")
_DOCUMENTS = {"npwp": "TIN", "nik": "National ID", "passport": "Passport", "other": "Other ID"}


@dataclass(frozen=True, slots=True)
class TaxBuyer:
    """Who is billed. `kind` is npwp, nik, passport, other or nothing; `country` an ISO alpha-3 code."""

    name: str
    kind: str
    number: str
    address: str
    email: str = ""
    nitku: str = ""
    country: str = "IDN"


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A line that has a transaction code. `price` is before discount; `net` is the tax base (DPP)."""

    name: str
    opt: str
    unit: str
    price: Decimal
    quantity: Decimal
    net: Decimal
    other_base: Decimal
    rate: Decimal
    tax: Decimal
    code: str
    luxury_rate: Decimal = Decimal(0)
    luxury_tax: Decimal = Decimal(0)
    """PPnBM (STLG in the file)."""


@dataclass(frozen=True, slots=True)
class TaxInvoice:
    """An issued invoice as the file needs it. `unit_names` are units without a Coretax code, by their own code."""

    number: str
    day: date
    seller_nitku: str
    buyer: TaxBuyer
    currency: str
    prices_include_tax: bool
    lines: Sequence[TaxLine]
    currency_rate: Decimal | None = None
    """Rupiah for one of `currency` on `day`, by which the lines are in rupiah; None when nobody wrote it."""
    advances: str = ""
    """The numbers of the down payments that are taken off, each with its serial."""
    replaces: str = ""
    """The serial number of the tax invoice that it replaces."""
    add_info: str = ""
    facility_stamp: str = ""
    custom_doc: str = ""
    """The paper that grants the facility."""
    custom_doc_period: str = ""
    """Its month and year, as MMYYYY."""
    units_without_code: Sequence[str] = ()


class TaxFault(StrEnum):
    """Why an invoice cannot be filed as it is; who shows it says how it is mended."""

    SELLER_TIN = "seller_tin"
    BUYER_ID = "buyer_id"
    BUYER_ID_FORM = "buyer_id_form"
    BUYER_ADDRESS = "buyer_address"
    CURRENCY = "currency"
    TWO_CODES = "two_codes"
    ADVANCE = "advance"
    REPLACES = "replaces"
    UNIT_CODE = "unit_code"
    FACILITY = "facility"
    NOT_WHOLE = "not_whole"


def faults_of(invoice: TaxInvoice, *, seller_tin: str) -> list[tuple[TaxFault, str]]:
    """Every reason why the invoice cannot be filed, with what it is about; none means that it can."""
    found: list[tuple[TaxFault, str]] = []
    if not _digits(seller_tin, 16):
        found.append((TaxFault.SELLER_TIN, ""))
    buyer = invoice.buyer
    if buyer.kind not in _DOCUMENTS or not buyer.number:
        found.append((TaxFault.BUYER_ID, buyer.name))
    elif buyer.kind in ("npwp", "nik") and not _digits(buyer.number, 16):
        found.append((TaxFault.BUYER_ID_FORM, buyer.number))
    if not buyer.address.strip():
        found.append((TaxFault.BUYER_ADDRESS, buyer.name))
    if invoice.currency != HOME and invoice.currency_rate is None:
        found.append((TaxFault.CURRENCY, f"{invoice.currency} {invoice.day.isoformat()}"))
    codes = sorted({line.code for line in invoice.lines})
    if len(codes) > 1:
        found.append((TaxFault.TWO_CODES, ", ".join(codes)))
    if invoice.advances or any(line.net < 0 or line.quantity <= 0 for line in invoice.lines):
        found.append((TaxFault.ADVANCE, invoice.advances))
    if invoice.replaces:
        found.append((TaxFault.REPLACES, str(Serial(invoice.replaces))))
    found += [(TaxFault.UNIT_CODE, unit) for unit in invoice.units_without_code]
    if set(codes) & set(FACILITY_CODES) and not (invoice.add_info and invoice.facility_stamp):
        found.append((TaxFault.FACILITY, ", ".join(codes)))
    figures = [figure for line in invoice.lines for figure in (line.net, line.other_base, line.tax, line.luxury_tax)]
    if TaxFault.CURRENCY not in [fault for fault, _about in found] and any(
        figure != figure.to_integral_value() for figure in figures
    ):
        found.append((TaxFault.NOT_WHOLE, ""))
    return found


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def in_rupiah(line: TaxLine, *, rate: Decimal, numerator: int, denominator: int) -> TaxLine:
    """A line of an invoice in another currency. The base is turned and rounded first, then the other base and the taxes
    follow from it as they do on an invoice in rupiah."""
    net = _rupiah(line.net * rate)
    other = _rupiah(net * numerator / denominator)
    return replace(
        line, price=(line.price * rate).quantize(_CENT, ROUND_HALF_UP), net=net, other_base=other,
        tax=_rupiah(other * line.rate / 100), luxury_tax=_rupiah(net * line.luxury_rate / 100),
    )  # fmt: skip


def _rupiah(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def price_and_discount(line: TaxLine, *, prices_include_tax: bool) -> tuple[Decimal, Decimal]:
    """Price and discount without tax, so that price x quantity - discount is exactly the tax base.

    Of a price that holds its tax the base is divided among the quantity, up to a hundredth of a rupiah, and what that
    is too much is the discount.
    """
    price = line.price
    if prices_include_tax or price * line.quantity < line.net:
        price = (line.net / line.quantity).quantize(_CENT, ROUND_UP)
    return price, price * line.quantity - line.net


def xml_of(invoices: Sequence[TaxInvoice], *, seller_tin: str) -> bytes:
    """The file of invoices that have no fault, in the given order.

    :raises ValueError: there are none, or more than one file takes
    """
    if not 0 < len(invoices) <= MOST:
        raise ValueError(f"a file holds 1 to {MOST} invoices, not {len(invoices)}")
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<TaxInvoiceBulk xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="TaxInvoice.xsd">\n'
        f"<TIN>{seller_tin}</TIN>\n<ListOfTaxInvoice>\n"
    ]
    parts += [_invoice(invoice) for invoice in invoices]
    parts.append("</ListOfTaxInvoice>\n</TaxInvoiceBulk>\n")
    return "".join(parts).encode()


def _invoice(invoice: TaxInvoice) -> str:
    buyer = invoice.buyer
    is_tin = buyer.kind == "npwp"
    fields = (
        ("TaxInvoiceDate", invoice.day.isoformat()),
        ("TaxInvoiceOpt", "Normal"),
        ("TrxCode", invoice.lines[0].code),
        ("AddInfo", invoice.add_info),
        ("CustomDoc", invoice.custom_doc),
        ("CustomDocMonthYear", invoice.custom_doc_period),
        ("RefDesc", invoice.number),
        ("FacilityStamp", invoice.facility_stamp),
        ("SellerIDTKU", invoice.seller_nitku),
        ("BuyerTin", buyer.number if is_tin else NOBODY),
        ("BuyerDocument", _DOCUMENTS[buyer.kind]),
        ("BuyerCountry", buyer.country),
        ("BuyerDocumentNumber", "-" if is_tin else buyer.number),
        ("BuyerName", buyer.name),
        ("BuyerAdress", buyer.address),
        ("BuyerEmail", buyer.email),
        ("BuyerIDTKU", (buyer.nitku or buyer.number + ANY_CODE) if is_tin else ANY_CODE),
    )
    lines = "".join([_line(line, prices_include_tax=invoice.prices_include_tax) for line in invoice.lines])
    return f"<TaxInvoice>\n{_elements(fields)}<ListOfGoodService>\n{lines}</ListOfGoodService>\n</TaxInvoice>\n"


def _line(line: TaxLine, *, prices_include_tax: bool) -> str:
    price, discount = price_and_discount(line, prices_include_tax=prices_include_tax)
    fields = (
        ("Opt", line.opt),
        ("Code", ANY_CODE),
        ("Name", line.name),
        ("Unit", line.unit),
        ("Price", _figure(price)),
        ("Qty", _figure(line.quantity)),
        ("TotalDiscount", _figure(discount)),
        ("TaxBase", _figure(line.net)),
        ("OtherTaxBase", _figure(line.other_base)),
        ("VATRate", _figure(line.rate)),
        ("VAT", _figure(line.tax)),
        ("STLGRate", _figure(line.luxury_rate)),
        ("STLG", _figure(line.luxury_tax)),
    )
    return f"<GoodService>\n{_elements(fields)}</GoodService>\n"


def _elements(fields: Sequence[tuple[str, str]]) -> str:
    return "".join(
        [f"<{name}>{escape(_plain(value))}</{name}>\n" if value else f"<{name} />\n" for name, value in fields]
    )


def _plain(text: str) -> str:
    """Without what XML cannot hold, and on one line."""
    return " ".join("".join([char if char >= " " and char not in "\ufffe\uffff" else " " for char in text]).split())


def _figure(value: Decimal) -> str:
    """Plain digits with a point, no zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Serial:
    """A serial number of the tax office (NSFP), 17 digits: transaction code, status, and the number itself."""

    digits: str

    @property
    def code(self) -> str:
        return self.digits[:2]

    @property
    def is_replacement(self) -> bool:
        return self.digits[2:4] != "00"

    @property
    def own(self) -> str:
        """The same in a tax invoice and those that replace it."""
        return self.digits[4:]

    def __str__(self) -> str:
        return f"{self.digits[:2]}.{self.digits[2:4]}.{self.digits[4:6]}.{self.digits[6:]}"


def read_serial(text: str) -> Serial:
    """A serial number as typed or exported, with or without points and strokes.

    :raises ValueError: it has not 17 digits, or begins with no transaction code
    """
    digits = "".join(char for char in text if char not in " .-\u00a0'")
    if not _digits(digits, 17) or not 1 <= int(digits[:2]) <= 10:
        raise ValueError(text)
    return Serial(digits)
