"""The list of invoices that a customer takes in, to be signed: tanda terima tukar faktur."""

from __future__ import annotations

from decimal import Decimal

from niaga.core.rules.formatting import format_date, format_money
from niaga.documents.rules.print_cells import Payload, Table, cell, column, keyed
from niaga.documents.rules.print_document import PrintDocument
from niaga.documents.rules.printable import printable


def exchange_table(document: PrintDocument, words: dict[str, str], language: str) -> Table:
    """Number, day, the buyer's order, the tax serial and the claim of each invoice."""
    exchange = document.exchange
    assert exchange is not None
    columns = [column("document", words["document"]), column("document_date", words["document_date"])]
    if any(one.reference for one in exchange.rows):
        columns.append(column("customer_reference", words["customer_reference"]))
    if any(one.tax_serial for one in exchange.rows):
        columns.append(column("tax_serial", words["tax_serial"]))
    columns.append(column("claimed", words["claimed"], "right"))
    orders = [", ".join(one.order_numbers) for one in exchange.rows]
    rows = [
        keyed(
            {
                "document": cell(printable(one.number), sub=[printable(numbers)] if numbers else []),
                "document_date": cell(format_date(one.day, language)),
                "customer_reference": cell(printable(one.reference)), "tax_serial": cell(printable(one.tax_serial)),
                "claimed": cell(format_money(one.amount, one.currency, language)),
            }
        )
        for one, numbers in zip(exchange.rows, orders, strict=True)
    ]  # fmt: skip
    return columns, rows


def exchange_totals(document: PrintDocument, words: dict[str, str], language: str) -> list[Payload]:
    """How many there are, and what they claim in each currency."""
    exchange = document.exchange
    assert exchange is not None
    sums: dict[str, Decimal] = {}
    for one in exchange.rows:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    count: Payload = {"label": words["invoices_handed_over"], "value": str(len(exchange.rows)), "weight": "plain"}
    return [
        count,
        *({"label": words["claimed"], "value": format_money(amount, currency, language), "weight": "total"}
          for currency, amount in sorted(sums.items())),
    ]  # fmt: skip


def exchange_facts(document: PrintDocument, words: dict[str, str]) -> list[tuple[str, str]]:
    """Where, when and by whom."""
    exchange = document.exchange
    if exchange is None:
        return []
    return [
        (words["exchange_place"], exchange.place), (words["exchange_hours"], exchange.hours),
        (words["exchange_collector"], exchange.collector),
    ]  # fmt: skip


def exchange_papers(document: PrintDocument, words: dict[str, str]) -> str:
    """The papers that go along, each with a box to tick."""
    if document.exchange is None:
        return ""
    return "   ".join(f"[  ] {words[f'paper_{paper}']}" for paper in document.exchange.papers)
