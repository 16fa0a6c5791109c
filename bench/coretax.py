"""A month of tax invoices into one Coretax file.

    niaga bench coretax

Issues invoices through the real services in a scratch database, then times one `make_tax_file` of all of them: locks,
facts, every fault looked for, XML, its check against the schema, the file kept, filings and audit rows written.
"""

import argparse
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench coretax", description=__doc__)
    parser.add_argument("--invoices", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_coretax") as name, tempfile.TemporaryDirectory(prefix="niaga-bench-") as folder:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        figures = _measure(folder, invoices=given.invoices, lines=given.lines, runs=given.runs)
    report("coretax", figures, floor_ms)


def _measure(folder: str, *, invoices: int, lines: int, runs: int) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from niaga.core.clock import now
    from niaga.invoicing.services.make_tax_file import make_tax_file
    from niaga.invoicing.services.withdraw_tax_file import withdraw_tax_file

    before, settings.DATA_DIR = settings.DATA_DIR, type(settings.DATA_DIR)(folder)
    try:
        company_id, by, ids = _invoices(invoices, lines)
        spent = []
        for _run in range(runs):
            started = time.perf_counter()
            file = make_tax_file(company_id=company_id, invoice_ids=ids, by=by, at=now())
            spent.append(time.perf_counter() - started)
            withdraw_tax_file(file_id=file.id, by=by, at=now())
        with CaptureQueriesContext(connection) as asked:
            file = make_tax_file(company_id=company_id, invoice_ids=ids, by=by, at=now())
        size = _path_of(file.file.sha256).stat().st_size
    finally:
        settings.DATA_DIR = before
    return {
        "invoices": invoices, "lines": lines, "runs": runs, "seconds": percentile(spent, 0.5), "slowest": max(spent),
        "statements": len(asked), "megabytes": size / 1e6,
    }  # fmt: skip


_FREE = {"is_taxed": False, "add_info": "TD.00501", "facility_stamp": "TD.01101"}
_TREATED: dict[str, dict[str, Any]] = {"02": {}, "03": {}, "07": _FREE, "08": _FREE}
"""Buyers with a transaction code of their own."""


def _path_of(sha256: str) -> Path:
    from niaga.documents import store

    return store.path_of(sha256)


def _invoices(count: int, lines: int) -> tuple[Any, Any, list[Any]]:
    """Issued invoices of one company, each of as many lines, taxed in turn in every way that a file knows."""
    from niaga.catalog.rules.tax_rates import NewTaxRate
    from niaga.catalog.services.create_product import create_product
    from niaga.catalog.services.save_tax_category import save_tax_category
    from niaga.core.clock import now
    from niaga.imports.services.found_company import found_company
    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.organization.access import SYSTEM
    from niaga.organization.models import Branch
    from niaga.parties.services.create_customer import create_customer
    from niaga.parties.services.save_address import save_address
    from niaga.parties.services.save_tax_treatment import save_tax_treatment
    from niaga.sales.rules.lines import LineInput
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.draft_order import OrderDetails, draft_order
    from niaga.sales.services.invoice_order import invoice_order
    from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

    at: Any = {"by": SYSTEM, "at": now()}
    company_id = found_company(code="B", name="Bench", npwp="0012345678901000", **at)
    branch = Branch.objects.get(company_id=company_id, is_head=True)
    luxury = NewTaxRate(date(2025, 1, 1), "01", Decimal(12), luxury_percent=Decimal("67.5"))
    save_tax_category(company_id=company_id, code="ppnbm", name="PPnBM", rates=[luxury], **at)
    products = {
        code: [
            create_product(
                company_id=company_id, name=f"Barang {n}", price=Decimal(10_000 + 137 * n), tax_category=code, **at
            )
            for n in range(lines)
        ]
        for code in ("general", "luxury", "ppnbm")
    }
    customers = {}
    for code in ("", *_TREATED):
        customer = customers[code] = create_customer(
            company_id=company_id, name=f"PT Maju {code}", tax_id_kind="npwp", tax_id="0098765432101000", **at
        )
        save_address(customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", city="Surabaya", **at)
        if code:
            save_tax_treatment(
                customer_id=customer.id, valid_from=date(2025, 1, 1), transaction_code=code, **_TREATED[code], **at
            )
    stock = [ReceiptItem(Decimal(count * 20), product_id=one.id) for goods in products.values() for one in goods]
    receive_goods(branch_id=branch.id, items=stock, **at)
    found = []
    kinds = [*((code, "") for code in products), *(("general", code) for code in _TREATED)]
    for turn in range(count):
        goods, treated = kinds[turn % len(kinds)]
        wanted = [
            LineInput(product_id=one.id, quantity=Decimal(1 + (turn + n) % 17)) for n, one in enumerate(products[goods])
        ]
        order = draft_order(
            customer_id=customers[treated].id, branch_id=branch.id, lines=wanted, details=OrderDetails(), **at
        )
        confirm_order(order_id=order.id, **at)
        invoice_id = invoice_order(order_id=order.id, basis="ordered", **at)
        found.append(issue_invoice(invoice_id=invoice_id, **at).id)
    return company_id, SYSTEM, found
