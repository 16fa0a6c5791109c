"""Files through the whole import."""

import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from niaga.catalog.models import Product
from niaga.core.errors import WrongState
from niaga.imports.errors import BuiltUpon, UnknownKind
from niaga.imports.rules.kinds import KINDS
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.undo_import import undo_import
from niaga.imports.services.write_template import write_template
from niaga.imports.tests.makers import AT, faults, make_company, run, write
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch
from niaga.parties.models import Customer
from niaga.pricing.models import PriceList, PriceListEntry, Publication
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.sales.models import HistoricalDay, HistoricalSale, HistoricalSaleLine
from niaga.stock.models import StockLevel
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db

CUSTOMERS = "Kode;Nama;Telepon;Limit Kredit;Kota\nA1;Toko Satu;0812-3456-7890;1.500.000;Surabaya\nA2;Toko Dua;;;\n"
PRODUCTS = "sku,name,price,category\nP1,Kopi,15000,Minuman > Kopi\nP2,Teh,8000,Minuman\n"
SALES = (
    "nomor,tanggal,pelanggan,sku,qty,total,diskon\n"
    "S1,2019-03-14 10:25,A1,P1,2,27000,3000\n"
    "S1,2019-03-14 10:25,A1,P2,0,0,0\n"
    "S2,2019-03-15,,P9,-1,-8000,\n"
)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def test_customers_come_in_with_their_kind_found(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS, "cp1252"))

    assert (batch.status, batch.kind, batch.rows, batch.counts) == ("done", "customers", 2, {"created": 2})
    one = Customer.objects.get(code="A1")
    assert (one.name, one.phone, one.import_batch_id) == ("Toko Satu", "+6281234567890", batch.pk)
    assert one.credit_account.limit == Decimal(1500000)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS), dry_run=True)

    assert (batch.status, batch.counts) == ("checked", {"created": 2})
    assert not Customer.objects.exists()


def test_one_wrong_row_keeps_all_out_and_every_fault_is_named(tmp_path: Path) -> None:
    company = make_company()
    text = CUSTOMERS + "A2;;abc;1.2.3;x\nA3;=HYPERLINK(1);0812-1111-2222;Rp 5;y;z\n"

    batch = run(company, write(tmp_path / "a.csv", text))

    assert batch.status == "refused"
    assert batch.errors == 2
    assert faults(batch) == [(4, "code"), (4, "credit_limit"), (4, "name"), (5, "code")]
    assert not Customer.objects.exists()


def test_the_error_file_holds_the_faulty_rows_without_formulas_and_mends_the_import(tmp_path: Path) -> None:
    company = make_company()
    path = write(tmp_path / "a.csv", CUSTOMERS + "A3;=1+1;nonsense;;\n")
    first = run(company, path)

    rows = CalamineWorkbook.from_path(str(path_of(first.error_file))).get_sheet_by_index(0).to_python()

    assert rows[1][0] == 4
    assert rows[1][2:5] == ["A3", "=1+1", "nonsense"]
    mended = write(tmp_path / "mended.csv", "Row,Code,Name,Phone\n4,A3,Toko Tiga,0813-4444-5555\n")
    second = run(company, path, corrections=mended)
    assert second.status == "done"
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Toko Dua", "Toko Satu", "Toko Tiga"]


def test_a_code_that_is_there_already_is_refused_by_its_row(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))

    batch = run(company, write(tmp_path / "b.csv", "kode,nama\nB1,Baru\nA2,Lagi\n"), "customers")

    assert (batch.status, faults(batch)) == ("refused", [(3, "code")])
    assert Customer.objects.count() == 2


def test_lost_characters_and_nul_are_refused_by_row(tmp_path: Path) -> None:
    company = make_company()
    path = tmp_path / "a.csv"
    path.write_bytes("kode,nama\nA1,Café é è ù\n".encode() + b"A2,Tok\xff o\nA3,To\x00ko\n")

    batch = run(company, path, "customers")

    assert faults(batch) == [(3, "name"), (4, "name")]


def test_a_file_without_the_needed_columns_says_which(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", "kode,warna\nA1,merah\n"), "sales")

    assert batch.status == "failed"
    assert "SKU" in batch.failure


def test_headings_that_fit_nothing_ask_for_the_kind(tmp_path: Path) -> None:
    company = make_company()

    with pytest.raises(UnknownKind):
        run(company, write(tmp_path / "a.csv", "foo,bar\n1,2\n"))


def test_history_lands_with_its_numbers_by_the_rules_of_history(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "c.csv", CUSTOMERS))
    run(company, write(tmp_path / "p.csv", PRODUCTS))

    batch = run(company, write(tmp_path / "s.csv", SALES), "sales")

    assert batch.status == "done"
    assert batch.counts["not_positive"] == 2
    assert batch.counts["placeholders"] == 1
    sale = HistoricalSale.objects.get(number="S1")
    assert (sale.customer.code, sale.line_count, sale.gross, sale.discount, sale.total) == (
        "A1", 2, Decimal(30000), Decimal(3000), Decimal(27000),
    )  # fmt: skip
    assert sale.sold_at.isoformat() == "2019-03-14T03:25:00+00:00"
    placeholder = Product.objects.get(sku="P9")
    assert placeholder.archived_at is not None
    assert list(
        HistoricalSaleLine.objects.filter(sale=sale).order_by("position").values_list("position", flat=True)
    ) == [1, 2]
    assert sorted(HistoricalDay.objects.values_list("total", flat=True)) == [Decimal(-8000), Decimal(27000)]
    assert broken_promises() == []


def test_history_with_decimal_commas_and_local_days_is_the_same(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))
    text = "nomor;tanggal;sku;qty;total\nS1;14/03/2019;P1;1,5;Rp 22.500,50\nS1;14/03/2019;P2;2;16.000\n"

    batch = run(company, write(tmp_path / "s.csv", text), "sales")

    assert batch.status == "done", batch.findings
    assert HistoricalSale.objects.get().total == Decimal("38500.5")
    assert HistoricalSaleLine.objects.get(position=1).quantity == Decimal("1.5")


def test_faults_of_history_name_row_and_column(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))
    text = (
        "nomor,tanggal,cabang,pelanggan,sku,qty,total,mata uang\n"
        "S1,2019-02-30,,,P1,1,1000,IDR\n"
        "S2,2019-03-01,,X1,P1,abc,1000,IDR\n"
        "S3,2019-03-01,,,P1,1,1000,USD\n"
        "S4,2019-03-01,ZZ,,P1,1,,IDR\n"
        ",2019-03-01,,,P1,1,NaN,IDR\n"
        "S5,2019-03-01,,,P1,1,1000,IDR\n"
        "S5,2019-03-02,,,P1,1,1000,IDR\n"
        "S6,2030-01-01,,,P1,1,1000,IDR\n"
    )

    batch = run(company, write(tmp_path / "s.csv", text), "sales")

    assert faults(batch) == [
        (2, "date"), (3, "customer"), (3, "quantity"), (4, "currency"), (5, "amount"), (5, "branch"), (6, "amount"),
        (6, "number"), (7, "date"), (8, "date"), (9, "date"),
    ]  # fmt: skip
    assert not HistoricalSale.objects.exists()


def test_a_number_of_history_comes_in_once(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "c.csv", CUSTOMERS))
    run(company, write(tmp_path / "s.csv", SALES), "sales")

    batch = run(company, write(tmp_path / "t.csv", SALES), "sales")

    assert (batch.status, faults(batch)) == ("refused", [(2, "number"), (3, "number"), (4, "number")])
    assert HistoricalSale.objects.count() == 2


def test_undoing_history_takes_its_days_and_placeholders_along(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "c.csv", CUSTOMERS))
    batch = run(company, write(tmp_path / "s.csv", SALES), "sales")

    undone = undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert undone.status == "undone"
    assert not HistoricalSale.objects.exists()
    assert not HistoricalSaleLine.objects.exists()
    assert not HistoricalDay.objects.exists()
    assert not Product.objects.exists()
    assert broken_promises() == []
    with pytest.raises(WrongState):
        undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)


def test_customers_that_later_sales_name_cannot_be_undone(tmp_path: Path) -> None:
    company = make_company()
    customers = run(company, write(tmp_path / "c.csv", CUSTOMERS))
    sales = run(company, write(tmp_path / "s.csv", SALES), "sales")

    with pytest.raises(BuiltUpon) as refused:
        undo_import(batch_id=customers.pk, by=SYSTEM, at=AT)

    assert [line["rows"] for line in refused.value.lines] == [1]
    assert Customer.objects.count() == 2
    undo_import(batch_id=sales.pk, by=SYSTEM, at=AT)
    undo_import(batch_id=customers.pk, by=SYSTEM, at=AT)
    assert not Customer.objects.exists()


def test_customers_that_a_price_list_is_for_cannot_be_undone(tmp_path: Path) -> None:
    company = make_company()
    customers = run(company, write(tmp_path / "c.csv", CUSTOMERS))
    create_price_list(
        company_id=company.pk, code="K", name="Kontrak", customer_id=Customer.objects.all()[0].pk, by=SYSTEM, at=AT
    )

    with override("en"), pytest.raises(BuiltUpon) as refused:
        undo_import(batch_id=customers.pk, by=SYSTEM, at=AT)

    assert [line["message"] for line in refused.value.lines] == ["1 price lists"]
    assert Customer.objects.count() == 2


def test_products_bring_their_categories_and_take_them_away(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "p.csv", PRODUCTS))

    product = Product.objects.get(sku="P1")
    assert (product.category.name, product.category.parent.name, product.price) == ("Kopi", "Minuman", Decimal(15000))
    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)
    assert not Product.objects.exists()
    assert not type(product.category).objects.exists()


def test_prices_change_and_are_again_what_they_were(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))
    run(company, write(tmp_path / "a.csv", "daftar harga,sku,harga\nG,P1,14000\n"), "prices")

    batch = run(company, write(tmp_path / "b.csv", "daftar harga,sku,harga\nG,P1,13000\nG,P2,7000\n"), "prices")

    assert batch.counts == {"created": 1, "changed": 1, "same": 0, "lists": 0}
    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)
    assert list(PriceListEntry.objects.values_list("price", flat=True)) == [Decimal(14000)]
    undone = Publication.objects.get(kind="undo")
    assert (undone.note, undone.subject_version) == ("Pembatalan impor b.csv", PriceList.objects.get().version)
    assert sorted(zip(undone.before, undone.after, strict=True)) == [
        (Decimal(7000), None), (Decimal(13000), Decimal(14000)),
    ]  # fmt: skip
    roll_back(publication_id=undone.pk, by=SYSTEM, at=AT)
    assert sorted(PriceListEntry.objects.values_list("price", flat=True)) == [Decimal(7000), Decimal(13000)]


def test_a_list_that_an_import_opened_goes_with_it_unless_something_came_to_stand_on_it(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))
    rows = "daftar harga,sku,harga\nSENDIRI,P1,14000\nDASAR,P1,13000\n"
    batch = run(company, write(tmp_path / "a.csv", rows), "prices")
    upon = create_price_list(company_id=company.pk, code="ATAS", name="Di atas", by=SYSTEM, at=AT)
    base = PriceList.objects.get(code="DASAR")
    set_rules(price_list_id=upon.pk, rules=[NewRule("list", base.pk, percent=Decimal(5))], by=SYSTEM, at=AT)

    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert sorted(PriceList.objects.values_list("code", flat=True)) == ["ATAS", "DASAR"]
    assert not PriceListEntry.objects.exists()
    assert Publication.objects.get(kind="undo").subject_id == base.pk


def test_a_list_that_a_file_opens_says_whether_its_prices_hold_the_tax(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))

    file = write(
        tmp_path / "a.csv", "daftar harga,sku,harga,termasuk ppn\nA,P1,14000,ya\nB,P1,13000,tidak\nC,P1,9000,\n"
    )
    batch = run(company, file, "prices")
    wrong = write(tmp_path / "b.csv", "daftar harga,sku,harga,termasuk ppn\nD,P1,14000,mungkin\n")
    refused = run(company, wrong, "prices")

    assert batch.counts["lists"] == 3
    sorts = PriceList.objects.order_by("code").values_list("code", "prices_include_tax")
    assert list(sorts) == [("A", True), ("B", False), ("C", None)]
    assert refused.status != "done"


def test_opening_stock_comes_in_and_goes_out_by_an_adjustment(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", PRODUCTS))

    batch = run(company, write(tmp_path / "s.csv", "sku,stok,hpp\nP1,120,9000\nP2,0,\n"), "stock")

    assert batch.status == "done", batch.findings
    assert StockLevel.objects.get().on_hand == Decimal(120)
    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)
    assert StockLevel.objects.get().on_hand == 0


def test_branches_come_in(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "b.csv", "kode,nama,toko\nMLG,Malang,ya\nMLG,Lagi,\n"), "branches")

    assert faults(batch) == [(3, "code")]
    batch = run(company, write(tmp_path / "b.csv", "kode,nama,toko\nMLG,Malang,ya\n"), "branches")
    assert batch.status == "done"
    assert Branch.objects.get(code="MLG").is_store


@pytest.mark.parametrize("kind", ["branches", "customers", "products"])
def test_a_template_imports_as_it_is(tmp_path: Path, kind: str) -> None:
    company = make_company()
    path = tmp_path / "t.xlsx"
    path.write_bytes(write_template(kind))

    batch = run(company, path, kind)

    assert (batch.status, batch.rows) == ("done", 2), batch.findings
    assert kind in KINDS


def test_a_long_history_streams_in_little_memory(tmp_path: Path) -> None:
    company = make_company()
    path = tmp_path / "s.csv"
    with path.open("w") as file:
        file.write("nomor,tanggal,sku,qty,total\n")
        for n in range(60_000):
            file.write(f"S{n // 10},2019-03-14 10:25,P{n % 50},1,{n % 1000}\n")
    tracemalloc.start()

    batch = run(company, path, "sales")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batch.counts["lines"] == 60_000
    assert peak < 40 * 1024 * 1024
    assert broken_promises() == []
