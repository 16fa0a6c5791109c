"""Plain data for printed documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from niaga.documents.rules.print_document import (
    PrintBank,
    PrintDocument,
    PrintExchange,
    PrintExchanged,
    PrintInstalment,
    PrintLine,
    PrintMovement,
    PrintParty,
    PrintSignature,
    PrintStatement,
    PrintTax,
    PrintTotals,
)

D = Decimal
HOSTILE = (
    '#let x = panic("boom")\n<script>alert(1)</script> *bold* `raw` $x^2$ @ref \\ =HYPERLINK("http://x") #pagebreak()'
    " شركة עברית 日本語 🚀 \u202egnp.exe\u0000\u0007 " + "W" * 300 + " & %s {d} [a](b)"
)


def make_print_document(**facts: Any) -> PrintDocument:
    named: dict[str, Any] = {
        "number": "INV-2026-00297",
        "day": date(2026, 11, 24),
        "company": PrintParty("PT Sumber Rejeki", ("Jl. Rungkut 27", "Surabaya 60293"), npwp="0013121660091000"),
        "customer": PrintParty("Toko Makmur Jaya", ("Jl. Pahlawan 114",), contact="Ibu Sri"),
        "lines": (
            PrintLine("Bahan pokok", kind="section"),
            PrintLine(
                "Kopi robusta 1 kg",
                sku="KOP-0112",
                quantity=D(120),
                unit="kg",
                unit_price=D(92000),
                discount_percent=D(5),
                amount=D(10488000),
            ),
            PrintLine("Harga berlaku di Surabaya.", kind="note"),
            PrintLine(
                "Pelatihan",
                quantity=D(1),
                unit="paket",
                unit_price=D(2500000),
                amount=D(2500000),
                optional=True,
                chosen=False,
            ),
        ),
        "totals": PrintTotals(
            D(10488000), D(11641680), taxes=(PrintTax(D(12), D(10488000), D(1153680), other_base=D(9614000)),)
        ),
        "due_date": date(2027, 1, 23),
        "banks": (PrintBank("BCA", "0881234567", "PT Sumber Rejeki"),),
        "instalments": (
            PrintInstalment(date(2026, 12, 24), D(5820840)),
            PrintInstalment(date(2027, 1, 23), D(5820840)),
        ),
        "signatures": (PrintSignature("sign_seller", "Maya"), PrintSignature("sign_customer")),
    }
    return PrintDocument(**(named | facts))


def make_print_statement() -> PrintStatement:
    day = date(2026, 11, 24)
    moved = PrintMovement(day, "invoice", "INV-2026-00297", Decimal(1000), Decimal(1000), date(2026, 12, 24))
    return PrintStatement(
        since=day, until=day, opening=Decimal(0), debits=Decimal(1000), credits=Decimal(0), closing=Decimal(1000),
        movements=(moved,), ages={"not_due": Decimal(1000)},
    )  # fmt: skip


def make_print_exchange() -> PrintExchange:
    row = PrintExchanged("INV-2026-00297", date(2026, 11, 24), "PO-1", "", Decimal(1000), "IDR")
    return PrintExchange((row,), ("invoice", "tax_invoice"), "Loket 3", "09.00–12.00", "Budi")
