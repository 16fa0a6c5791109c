"""The pages of the past, which imports fill: who may see which sale, what they show, and what they cost."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.imports.tests.makers import make_company, run, write
from niaga.organization.models import Company, User
from niaga.organization.tests.makers import make_user
from niaga.sales.models import HistoricalSale
from tests.makers import log_in

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def make_history(tmp_path: Path, company: Company, seller: User | None = None) -> None:
    run(company, write(tmp_path / "c.csv", "kode,nama\nA1,<i>Toko Satu</i>\n"), "customers")
    run(company, write(tmp_path / "p.csv", "sku,name,price\nP1,Kopi,15000\nP2,Teh,8000\n"))
    text = "nomor,tanggal,pelanggan,sales,sku,qty,total,diskon\n"
    text += f"S1,2019-03-14 10:25,A1,{seller.username if seller else ''},P1,2,27000,3000\n"
    text += f"S1,2019-03-14 10:25,A1,{seller.username if seller else ''},P2,0,0,0\n"
    text += "S2,2019-04-15,,,P9,-1,-8000,\n"
    batch = run(company, write(tmp_path / "s.csv", text), "sales")
    assert batch.status == "done", batch.findings


def test_the_list_finds_by_number_customer_and_day_and_sums_what_it_shows(tmp_path: Path) -> None:
    company = make_company()
    make_history(tmp_path, company)
    client = log_in(make_user(company))

    whole, by_number, by_customer, by_day = (
        client.get("/history" + asked).content.decode()
        for asked in ("", "?q=S2", "?q=toko", "?date_from=2019-04-01&date_to=2019-04-30")
    )

    assert "Rp\u00a019.000" in whole
    assert ("S1" in whole, "S2" in whole) == (True, True)
    assert ("/history/" in by_number, "S1<" in by_number) == (True, False)
    assert "&lt;i&gt;Toko Satu&lt;/i&gt;" in by_customer
    assert "S2" in by_day


def test_the_page_of_a_past_sale_shows_its_lines_and_nothing_to_do(tmp_path: Path) -> None:
    company = make_company()
    make_history(tmp_path, company)
    client = log_in(make_user(company))
    sale = HistoricalSale.objects.get(number="S1")

    page = client.get(f"/history/{sale.pk}").content.decode()

    for text in (
        "S1",
        "&lt;i&gt;Toko Satu&lt;/i&gt;",
        "Kopi",
        "Teh",
        "Rp\u00a030.000",
        "Rp\u00a027.000",
        "Ditutup sebelum Niaga",
    ):
        assert text in page
    assert client.post(f"/history/{sale.pk}").status_code in (200, 405)
    assert HistoricalSale.objects.count() == 2


def test_a_salesperson_sees_the_past_sales_that_were_theirs(tmp_path: Path) -> None:
    company = make_company()
    seller, other = make_user(company, "salesperson"), make_user(company, "salesperson")
    make_history(tmp_path, company, seller)
    sale = HistoricalSale.objects.get(number="S1")

    mine, theirs = (log_in(person).get("/history").content.decode() for person in (seller, other))

    assert (f"/history/{sale.pk}" in mine, f"/history/{sale.pk}" in theirs) == (True, False)
    assert "S2" not in mine
    assert [log_in(person).get(f"/history/{sale.pk}").status_code for person in (seller, other)] == [200, 404]


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("owner", True),
        ("auditor", True),
        ("finance", True),
        ("sales_admin", True),
        ("warehouse", False),
        ("cashier", False),
    ],
)
def test_only_who_may_see_the_past_sees_it(tmp_path: Path, role: str, sees: bool) -> None:
    company = make_company()
    make_history(tmp_path, company)
    sale = HistoricalSale.objects.get(number="S1")
    client = log_in(make_user(company, role))

    assert (f"/history/{sale.pk}" in client.get("/history").content.decode()) == sees
    assert client.get(f"/history/{sale.pk}").status_code == (200 if sees else 404)


def test_another_company_and_a_stranger_see_nothing(tmp_path: Path) -> None:
    company = make_company()
    make_history(tmp_path, company)
    sale = HistoricalSale.objects.get(number="S1")
    other = log_in(make_user(make_company(code="LAIN", name="PT Lain")))

    assert f"/history/{sale.pk}" not in other.get("/history").content.decode()
    assert other.get(f"/history/{sale.pk}").status_code == 404
    assert [Client().get(path).status_code for path in ("/history", f"/history/{sale.pk}")] == [302, 302]


def test_no_page_of_history_needs_more_statements_for_more_rows(tmp_path: Path) -> None:
    company = make_company()
    make_history(tmp_path, company)
    rows = "".join(f"N{n},2019-05-{n % 28 + 1:02},A1,P1,1,1000\n" for n in range(120))
    run(company, write(tmp_path / "m.csv", "nomor,tanggal,pelanggan,sku,qty,total\n" + rows), "sales")
    many = "".join(f"M1,2019-06-01,A1,P{n % 2 + 1},1,1000\n" for n in range(200))
    run(company, write(tmp_path / "n.csv", "nomor,tanggal,pelanggan,sku,qty,total\n" + many), "sales")
    client = log_in(make_user(company))
    client.get("/history")
    spent = {}

    numbers = dict(HistoricalSale.objects.filter(number__in=["S2", "M1"]).values_list("number", "pk"))
    for path in ("/history", "/history?q=N1", *(f"/history/{pk}" for pk in numbers.values())):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        spent[path] = len(seen)

    assert max(spent.values()) <= MOST_STATEMENTS, spent
