"""Server time of the pages people live in, on a real retailer's year.

    niaga bench pages

Works on a copy of the database that `make realdata` fills, thrown away afterwards; without it, on a smaller one drawn
from a seed, and the figures say so (`"data": "drawn"`). The clock stands in the December of the data. Every page is
asked for in turn, many times over, with the shipped settings, by the owner, who sees everything; what is timed is
request to answer through all of the middleware, in this process. `max_statements` counts all that a page sends,
session and rights included.
"""

import argparse
import html
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._history import write_history, write_masters
from bench._report import percentile, report
from bench._scratch import dsn, exists, point_to, scratch

REAL = "niaga_realdata"
CLOCK = "2017-12-15"
DRAWN_LINES, DRAWN_SEED = 100_000, 20171215

LISTS = {
    "/customers": ("q=12", "archived=1"),
    "/products": ("q=milk", "kind=goods"),
    "/price-lists": (),
    "/quotations": ("status=sent", "q=1"),
    "/orders": ("status=confirmed&delivery=none", "q=1", "to_ship=1"),
    "/deliveries": ("q=1",),
    "/stock": ("q=milk",),
    "/stock/moves": (),
    "/stock/receipts": (),
    "/invoices": ("payment=open", "q=1"),
    "/payments": ("method=transfer", "q=1"),
    "/history": ("q=3119", "date_from=2017-12-01&date_to=2017-12-15"),
    "/books/journal": (),
}
"""Each also as it opens: the first page without a filter, with its totals."""
DEEP = {"/products": 40, "/history": 200}
"""Pages far down, reached as a person reaches them: by the link to the next page, so many times."""
TYPEAHEAD = (
    "/search?q=a", "/search?q=h", "/search?q=mi", "/search?q=milk", "/search?q=12", "/search?q=household 12",
    "/search?q=zzzz",
    "/sales/grid/products?q=s", "/sales/grid/products?q=so", "/sales/grid/products?q=soft drink",
    "/sales/grid/products?q=10", "/stock/grid/products?q=b", "/products/lookup?q=m", "/products/lookup?q=milk",
    "/customers/lookup?q=h", "/customers/lookup?q=1", "/customers/lookup?q=household 2",
)  # fmt: skip


@dataclass
class Page:
    """One address, its times in milliseconds and its statements."""

    group: str
    path: str
    spent: list[float] = field(default_factory=list)
    statements: int = 0
    bytes: int = 0


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="how often each page is asked for")
    parser.add_argument("--flows", type=int, default=60, help="live documents of each kind, made before")
    parser.add_argument("--drawn", action="store_true", help="do not use the real data")
    given = parser.parse_args(arguments)
    real = not given.drawn and exists(REAL)
    if not real:
        _say(f"There is no database {REAL} (make realdata fills it): these are drawn data, and fewer.")
    with moved_clock(CLOCK), scratch("niaga_bench_pages", copy_of=REAL if real else "") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        if not real:
            _fill()
        owner, rows = _owner(), _history_rows()
        documents = _live_documents(owner, flows=given.flows)
        _refresh_statistics()
        browser = _browser(owner)
        pages = _pages(documents) + [Page("list", _deep(browser, path, turns)) for path, turns in DEEP.items()]
        _measure(browser, pages, rounds=given.rounds)
    for page in sorted(pages, key=lambda page: (page.group, -percentile(page.spent, 0.95))):
        _say(
            f"{page.group:<10}{percentile(page.spent, 0.95):8.1f} ms p95 {statistics.median(page.spent):8.1f} ms p50"
            f" {page.statements:4} statements {page.bytes / 1024:7.1f} kB  {page.path[:80]}"
        )
    report(
        "pages", {**_figures(pages), "data": "real" if real else "drawn", "rows": rows, "pages": len(pages)}, floor_ms
    )


def _figures(pages: list[Page]) -> dict[str, Any]:
    """p95 over all requests of a group, and the slowest page of the group by its own p95."""
    figures: dict[str, Any] = {}
    for group in ("list", "document", "typeahead", "start"):
        members = [page for page in pages if page.group == group]
        figures[f"{group}_p95_ms"] = percentile([one for page in members for one in page.spent], 0.95)
        figures[f"slowest_{group}_p95_ms"] = max(percentile(page.spent, 0.95) for page in members)
    most = max(pages, key=lambda page: page.statements)
    return {**figures, "max_statements": most.statements}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def moved_clock(day: str) -> Iterator[None]:
    before = os.environ.get("NIAGA_NOW")
    os.environ["NIAGA_NOW"] = day
    try:
        yield
    finally:
        os.environ.pop("NIAGA_NOW") if before is None else os.environ.update(NIAGA_NOW=before)


def _owner() -> Any:
    from niaga.organization.models import User

    return User.objects.get(username="owner")


def _history_rows() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(line_count), 0) FROM sales_historicalsale")
        return int(cursor.fetchone()[0])


def _fill() -> None:
    """A company with a year of drawn history, moved in as the real one is."""
    from datetime import date

    from niaga.core.clock import now
    from niaga.imports.services.found_company import found_company
    from niaga.imports.services.import_file import import_file
    from niaga.organization.access import SYSTEM
    from niaga.organization.services.create_user import create_user
    from niaga.organization.services.grant_role import grant_role

    company_id = found_company(
        code="B", name="Bench", currency="USD", language="en", charges_tax=False, valid_from=date(2015, 1, 1),
        by=SYSTEM, at=now(),
    )  # fmt: skip
    owner = create_user(username="owner", name="Owner", password_hash="!", language="en", by=SYSTEM, at=now())
    grant_role(user_id=owner.pk, company_id=company_id, role="owner", by=SYSTEM, at=now())
    with tempfile.TemporaryDirectory(prefix="niaga-bench-") as place:
        folder = Path(place)
        write_masters(folder)
        write_history(folder / "sales.csv", lines=DRAWN_LINES, seed=DRAWN_SEED, year=2016)
        for kind in ("branches", "customers", "products", "sales"):
            batch = import_file(
                path=folder / f"{kind}.csv", kind=kind, company_id=company_id, dry_run=False, at=now(), by=SYSTEM
            )
            assert batch.status == "done", (batch.failure, batch.findings[:3])


def _live_documents(owner: Any, *, flows: int) -> dict[str, list[UUID]]:
    """Offers, orders, deliveries, invoices and payments in every state on their way, through the real services."""
    from niaga.catalog.models import Product
    from niaga.core.clock import now
    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.organization.access import access_of
    from niaga.organization.models import Branch
    from niaga.parties.models import Customer
    from niaga.payments.services.record_payment import PaymentDetails, record_payment
    from niaga.sales.rules.lines import LineInput
    from niaga.sales.services.accept_quotation import accept_quotation
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.deliver_order import deliver_order
    from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
    from niaga.sales.services.invoice_order import invoice_order
    from niaga.sales.services.send_quotation import send_quotation
    from niaga.sales.services.ship_order_delivery import ship_order_delivery
    from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

    company = access_of(owner).current_company
    branch = Branch.objects.get(company_id=company.id, is_head=True)
    dice = random.Random(20171215)
    sold = Product.objects.filter(company_id=company.id, kind="goods", archived_at=None, price__gt=0)
    products = list(sold.order_by("sku").values_list("id", flat=True)[:400])
    customers = list(Customer.objects.filter(company_id=company.id).order_by("code").values_list("id", flat=True)[:200])
    receive_goods(
        branch_id=branch.id,
        by=owner,
        at=now(),
        items=[ReceiptItem(Decimal(10_000), product_id=one) for one in products],
    )
    made: dict[str, list[UUID]] = {kind: [] for kind in ("quotations", "orders", "deliveries", "invoices", "payments")}
    for turn in range(flows):
        customer_id = dice.choice(customers)
        lines = [
            LineInput(product_id=one, quantity=Decimal(dice.randrange(1, 12))) for one in dice.sample(products, 10)
        ]
        quotation = draft_quotation(
            customer_id=customer_id, branch_id=branch.id, lines=lines, details=QuotationDetails(), by=owner, at=now()
        )
        made["quotations"].append(quotation.id)
        if turn % 6 == 1:
            send_quotation(quotation_id=quotation.id, by=owner, at=now())
        if turn % 6 <= 1:
            continue
        order = accept_quotation(quotation_id=quotation.id, by=owner, at=now(), name="Ann")
        made["orders"].append(order.id)
        confirm_order(order_id=order.id, by=owner, at=now())
        delivery_id = deliver_order(order_id=order.id, by=owner, at=now())
        made["deliveries"].append(delivery_id)
        if turn % 6 == 2:
            continue
        ship_order_delivery(delivery_id=delivery_id, by=owner, at=now())
        invoice = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=owner, at=now()), by=owner, at=now())
        made["invoices"].append(invoice.id)
        if turn % 6 == 3:
            continue
        payment = record_payment(
            customer_id=customer_id, branch_id=branch.id, invoices=[(invoice.id, None)], by=owner, at=now(),
            details=PaymentDetails(method="transfer", currency=invoice.currency, amount=invoice.total),
        )  # fmt: skip
        made["payments"].append(payment.id)
    made["customers"], made["products"] = customers, products
    return made


def _refresh_statistics() -> None:
    """As the server does by itself within a minute of such a load."""
    from niaga.config.database import analyze

    analyze()


def _pages(documents: dict[str, list[UUID]]) -> list[Page]:
    from niaga.sales.models import HistoricalSale

    documents = {
        **documents,
        "history": list(HistoricalSale.objects.order_by("-date").values_list("id", flat=True)[:40]),
    }
    found = [Page("start", "/")]
    for path, filters in LISTS.items():
        found += [Page("list", path), *(Page("list", f"{path}?{query}") for query in filters)]
    for kind, ids in documents.items():
        found += [Page("document", f"/{kind}/{one}") for one in (ids[:2] + ids[-2:])]
    found += [Page("document", f"/{kind}/new") for kind in ("quotations", "orders")]
    return found + [Page("typeahead", path) for path in TYPEAHEAD]


def _browser(owner: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Language": "en"})
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _deep(browser: Any, path: str, turns: int) -> str:
    """The address of a list's page so many pages on."""
    for _turn in range(turns - 1):
        found = re.search(r'href="([^"]*)"[^>]* rel="next"', browser.get(path).content.decode())
        if found is None:
            break
        path = html.unescape(found[1])
    return path


def _measure(client: Any, pages: list[Page], *, rounds: int) -> None:
    """Ask for every page in turn; the first round only warms (templates, prepared statements, PostgreSQL's cache)."""
    from django.db import connection

    counted = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(sql, params, many, context)

    for turn in range(rounds + 2):
        for page in pages:
            if turn == 0:
                counted = 0
                with connection.execute_wrapper(count):
                    client.get(page.path)
                continue
            start = time.perf_counter()
            answer = client.get(page.path)
            took = (time.perf_counter() - start) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{page.path} answered {answer.status_code}")
            if turn == 1:  # warm: the count is the one of every later request
                counted = 0
                with connection.execute_wrapper(count):
                    page.bytes = len(client.get(page.path).content)
                page.statements = counted
                continue
            page.spent.append(took)
