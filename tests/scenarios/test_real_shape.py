"""A retailer moves in with the odd figures of a real year, and the next sale goes from offer to money."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.real_sale import Door, sell
from niaga.catalog.models import Product
from niaga.imports.queries.history_figures import history_figures
from niaga.imports.services.import_file import import_file
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.parties.models import Customer
from niaga.stock.models import StockLevel
from tests.makers import NOW, World, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {
    "branches": "code,name,is_store,zone\n292,Store 292,yes,America/New_York\n",
    "customers": "code,name,is_person,branch,country\n1,Household 1,yes,292,US\n2,Household 2,yes,292,US\n",
    "products": "sku,name,category,brand,price\n25671,Ice 22 LB,GROCERY > FROZEN,National,3.49\n"
    "26081,Gasoline,MISCELLANEOUS > FUEL,Private,2.39\n26093,Bread 15 OZ,PASTRY > BREAD,Private,0.99\n",
    "stock": "sku,quantity,unit_cost\n25671,40,2.44\n26081,10000,1.67\n26093,12,0.69\n",
    "sales": "number,date,branch,customer,product,quantity,amount,discount,coupon\n"
    "31198570044,2017-01-01 06:53:26,292,1,25671,1,3.49,0.50,0.00\n"
    "31198570044,2017-01-01 06:53:26,292,1,26093,2,1.29,0.69,0.55\n"
    "31198570047,2017-01-01 07:10:28,292,2,26081,85055,250.00,0.00,0.00\n"
    "31198570047,2017-01-01 07:10:28,292,2,26093,0,0.00,0.99,0.00\n"
    "31198570049,2017-12-01 16:10:00,292,1,25671,-1,-3.49,0.00,0.00\n"
    "31198570052,2017-12-02 09:00:01,292,2,999999,3,7.77,0.10,1.00\n",
}
"""As the year's files are: fuel in thousandths, lines of nothing, a return, and a product that no list names."""


def move_in(world: World, folder: Path) -> None:
    for kind, text in FILES.items():
        path = folder / f"{kind}.csv"
        path.write_text(text)
        batch = import_file(path=path, kind=kind, company_id=world.company.pk, dry_run=False, at=NOW)
        assert batch.status == "done", batch.findings


def test_a_retailers_past_comes_in_to_the_cent_and_the_next_sale_is_paid(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NIAGA_NOW", "2017-12-15T17:00:00Z")
    settings.DATA_DIR = tmp_path / "data"
    world = make_world(
        currency="USD", zone="America/New_York", country="US", language="en", charges_tax=False,
        valid_from=date(2015, 1, 1),
    )  # fmt: skip
    move_in(world, tmp_path)
    heard: list[str] = []

    paid = sell(
        Door(world.owner),
        customer_id=str(Customer.objects.get(code="1").pk),
        lines=[
            {"sku": "25671", "quantity": 12, "discount_percent": 10},
            {"sku": "26093", "quantity": 3},
            {"sku": "26081", "quantity": 9_500},
        ],
        said=lambda step, _answer: heard.append(step),
    )

    counts, months = history_figures(world.company.pk)
    assert months == {"2017-01": Decimal("254.78"), "2017-12": Decimal("4.28")}
    assert counts == {
        "customers": 2, "products": 3, "missing_products": 1, "branches": 1, "sales": 4, "lines": 6, "not_positive": 2,
        "revenue": Decimal("259.06"), "discount": Decimal("2.28"), "coupon": Decimal("1.55"),
    }  # fmt: skip
    assert Product.objects.get(sku="999999").archived_at is not None
    assert heard == [
        "quotation", "sent", "accepted", "confirmed", "delivery", "shipped", "invoice", "issued", "payment", "paid",
    ]  # fmt: skip
    # 12 x 3.49 - 10 % = 37.69; 3 x 0.99 = 2.97; 9,500 x 2.39 = 22,705.00; no tax
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.date, invoice.currency) == ("INV-2017-00001", date(2017, 12, 15), "USD")
    assert (invoice.net, invoice.tax, invoice.total) == (Decimal("22745.66"), 0, Decimal("22745.66"))
    assert (paid["payment_state"], Decimal(paid["open"])) == ("paid", 0)
    assert InvoiceBalance.objects.get().settled_at is not None
    on_hand = dict(StockLevel.objects.values_list("product__sku", "on_hand"))
    assert on_hand == {"25671": 28, "26081": 500, "26093": 9}
    assert broken_promises() == []
