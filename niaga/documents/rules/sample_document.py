"""A made-up document, to see how the company's paper looks before the first real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from niaga.core.money import Money
from niaga.documents.rules.print_document import (
    PrintBank,
    PrintDocument,
    PrintExchange,
    PrintExchanged,
    PrintKind,
    PrintLine,
    PrintLot,
    PrintMovement,
    PrintParty,
    PrintQris,
    PrintSignature,
    PrintStatement,
    PrintTax,
    PrintTotals,
    Stamp,
)

_D = Decimal
SAMPLE_ADDRESS = "https://niaga.example/l/contoh"
"""Opens nothing."""
_WORDS = {
    "id": (
        "Toko Contoh",
        "Jl. Contoh 1",
        "Bahan pokok",
        "Kopi robusta sangrai 1 kg",
        "Gula pasir 50 kg",
        "Ongkos kirim",
        "Barang dikirim 2 hari kerja setelah konfirmasi.",
        "30 hari",
    ),
    "en": (
        "Sample Store",
        "1 Sample Street",
        "Groceries",
        "Roasted robusta coffee 1 kg",
        "Granulated sugar 50 kg",
        "Freight",
        "Goods leave two working days after confirmation.",
        "30 days",
    ),
}


def sample_qris(currency: str, day: date) -> PrintQris | None:
    """A code that no bank knows: what stands in it says so."""
    return (
        PrintQris("CONTOH - BUKAN UNTUK DIBAYAR", "CONTOH", Money(_D(1_250_000), "IDR"), day)
        if currency == "IDR"
        else None
    )


def sample_document(
    kind: PrintKind,
    *,
    company: PrintParty,
    logo: bytes | None,
    banks: tuple[PrintBank, ...],
    foot: str,
    currency: str,
    day: date,
    language: str,
) -> PrintDocument:
    """The company's own head, foot and accounts around a customer and lines that do not exist."""
    words = _WORDS["id" if language.startswith("id") else "en"]
    customer, street, section, coffee, sugar, freight, note, term = words
    plain = PrintDocument(
        number="CONTOH-00001" if language.startswith("id") else "SAMPLE-00001",
        day=day,
        company=company,
        customer=PrintParty(customer, (street, "Surabaya 60293")),
        currency=currency,
        logo=logo,
        foot=foot,
        stamp=Stamp.SAMPLE,
        payment_term=term,
        public_url=SAMPLE_ADDRESS,
        qris=sample_qris(currency, day),
        note=note,
        lines=(
            PrintLine(section, kind="section"),
            PrintLine(coffee, sku="KOP-0112", barcode="8991234567891", quantity=_D(120), unit="kg",
                      unit_price=_D(92000), discount_percent=_D(5), amount=_D(10488000), ordered=_D(120),
                      place="A-01-3", available=_D(342), weight=_D(122),
                      lots=(PrintLot("L2711", day + timedelta(days=300)),)),
            PrintLine(sugar, sku="GUL-0040", barcode="GUL-0040-SAK", quantity=_D(18), unit="sak",
                      unit_price=_D(742000), amount=_D(13356000), ordered=_D(20), place="A-02-1", available=_D(88),
                      weight=_D(905)),
            PrintLine(freight, kind="charge", quantity=_D(1), unit_price=_D(156000), amount=_D(156000)),
        ),
        totals=PrintTotals(
            _D(24000000), _D(26640000), taxes=(PrintTax(_D(12), _D(24000000), _D(2640000), other_base=_D(22000000)),)
        ),
    )  # fmt: skip
    if kind in (PrintKind.DELIVERY_NOTE, PrintKind.PICK_LIST, PrintKind.LOAD_LIST):
        roles = ("sign_sender", "sign_driver", "sign_recipient")
        if kind is PrintKind.LOAD_LIST:
            roles = ("sign_loader", "sign_checker", "sign_driver")
        return replace(plain, signatures=tuple(PrintSignature(role) for role in roles), note="", payment_term="")
    if kind is PrintKind.RETURN:
        signs = ("sign_sender", "sign_recipient")
        said = ("Rusak", "Sudah dibuka") if language.startswith("id") else ("Damaged", "Already opened")
        goods = tuple(
            replace(line, ordered=None, reason=said[0], condition=said[1])
            for line in plain.lines
            if line.kind == "item"
        )
        return replace(
            plain, lines=goods, signatures=tuple(PrintSignature(role) for role in signs), note="", payment_term="",
            totals=None,
        )  # fmt: skip
    if kind is PrintKind.DROP_SHIP:
        supplier = PrintParty("CV Sumber Kopi", ("Jl. Raya Garut 12", "Garut 44151"))
        return replace(
            plain, customer=supplier, deliver_to=plain.customer, delivery_date=day + timedelta(days=3), note="",
            payment_term="", totals=None, public_url="", signatures=(PrintSignature("sign_sender"),),
        )  # fmt: skip
    if kind is PrintKind.STATEMENT:
        owed = _D(26640000)
        moved = (PrintMovement(day, "invoice", plain.number, owed, owed, day + timedelta(days=30)),)
        statement = PrintStatement(
            since=day.replace(day=1), until=day, opening=_D(0), debits=owed, credits=_D(0), closing=owed,
            movements=moved, ages={"not_due": owed},
        )  # fmt: skip
        return replace(plain, statement=statement, banks=banks, note="", payment_term="", totals=None)
    if kind is PrintKind.EXCHANGE:
        rows = (PrintExchanged(plain.number, day, "PO-4471", "04002600012345678", _D(26640000), currency),)
        exchange = PrintExchange(rows, ("invoice", "tax_invoice", "delivery_note"), street, "09.00–12.00", "Budi")
        signs = ("sign_sender", "sign_recipient")
        return replace(
            plain, exchange=exchange, note="", payment_term="", totals=None, lines=(),
            signatures=tuple(PrintSignature(role) for role in signs),
        )  # fmt: skip
    if kind is PrintKind.RECEIPT:
        signatures = (PrintSignature("sign_payer"), PrintSignature("sign_cashier"))
        return replace(plain, received=_D(26640000), payment_method="transfer", signatures=signatures, payment_term="")
    if kind is PrintKind.INVOICE:
        due = day + timedelta(days=30)
        return replace(plain, banks=banks, due_date=due, signatures=(PrintSignature("sign_seller"),), note="")
    offer = (PrintSignature("sign_seller"), PrintSignature("sign_customer"))
    return replace(
        plain, valid_until=day + timedelta(days=14), requested_date=day + timedelta(days=7), signatures=offer
    )  # fmt: skip
