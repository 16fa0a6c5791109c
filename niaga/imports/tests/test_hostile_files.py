"""Broken, odd and hostile files through the whole import: taken rightly, or refused in words with nothing written."""

import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from niaga.catalog.models import Product
from niaga.imports.errors import BadFile
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.receive_upload import receive_upload
from niaga.imports.tests.makers import AT, faults, make_company, run, write
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.sales.models import HistoricalSale

pytestmark = pytest.mark.django_db
NASTY = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>", "%s{{x}}"]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_names_arrive_whole_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", "kode;nama\nA1;Café Élan\nA2;Toko Señor\n", encoding), "customers")

    assert batch.status == "done"
    assert list(Customer.objects.order_by("code").values_list("name", flat=True)) == ["Café Élan", "Toko Señor"]


def test_two_encodings_in_one_file_are_refused_by_the_row_that_is_lost(tmp_path: Path) -> None:
    company = make_company()
    path = tmp_path / "a.csv"
    path.write_bytes("kode,nama\nA1,Café Élan Señor à la carte\n".encode() + "A2,Café\n".encode("cp1252"))

    batch = run(company, path, "customers")

    assert (batch.status, faults(batch)) == ("refused", [(3, "name")])
    assert not Customer.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    company = make_company()
    text = "kode,nama,kota\nA1,Satu,Solo\nA2,Dua,Kudus\n".replace(",", delimiter)

    assert run(company, write(tmp_path / "a.csv", text), "customers").rows == 2


def test_a_delimiter_that_nobody_uses_is_said(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", "kode#nama\nA1#Satu\n"), "customers")

    assert (batch.status, bool(batch.failure)) == ("failed", True)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("15.000", "15000"),
        ("15.000,50", "15000.5"),
        ("Rp 15.000", "15000"),
        ("15000", "15000"),
        ("1.250.000", "1250000"),
    ],
)
def test_figures_as_indonesians_write_them(tmp_path: Path, written: str, price: str) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "p.csv", f"sku;nama;harga\nP1;Kopi;{written}\nP2;Teh;2.500\n"))

    assert batch.status == "done", batch.findings
    assert Product.objects.get(sku="P1").price == Decimal(price)


def test_figures_as_americans_write_them(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "p.csv", 'sku,name,price\nP1,Kopi,"1,234.50"\nP2,Teh,8.75\n'))

    assert batch.status == "done", batch.findings
    assert list(Product.objects.order_by("sku").values_list("price", flat=True)) == [Decimal("1234.5"), Decimal("8.75")]


@pytest.mark.parametrize(
    "day", ["14 Maret 2019", "14-Mar-2019", "14/3/2019", "14.03.2019", "2019-03-14", "14 MARET 2019"]
)
def test_days_as_indonesians_write_them(tmp_path: Path, day: str) -> None:
    company = make_company()
    text = f"nomor;tanggal;sku;qty;total\nS1;{day};P1;1;1.000\nS2;15/03/2019;P1;1;1.000\n"

    batch = run(company, write(tmp_path / "s.csv", text), "sales")

    assert batch.status == "done", batch.findings
    assert str(HistoricalSale.objects.get(number="S1").date) == "2019-03-14"


def test_formulas_and_markup_stay_words_and_the_error_file_executes_none(tmp_path: Path) -> None:
    company = make_company()
    good = workbook(
        tmp_path / "a.xlsx", [["kode", "nama", "catatan"], *[[f"A{n}", f"x{one}", one] for n, one in enumerate(NASTY)]]
    )
    bad = workbook(
        tmp_path / "b.xlsx", [["kode", "nama", "catatan", "telepon"], *[[one, "x", one, one] for one in NASTY]]
    )

    taken = run(company, good, "customers")
    refused = run(company, bad, "customers")

    assert (taken.status, Customer.objects.get(code="A0").note) == ("done", NASTY[0])
    assert (refused.status, refused.errors) == ("refused", len(NASTY))
    errors = path_of(refused.error_file)
    sheet = next(
        zipfile.ZipFile(errors).read(name).decode()
        for name in zipfile.ZipFile(errors).namelist()
        if name.startswith("xl/worksheets/sheet")
    )
    assert "<f>" not in sheet
    cells = CalamineWorkbook.from_path(str(errors)).get_sheet_by_index(0).to_python()
    assert [str(row[2]).strip() for row in cells[1:]] == [one.strip() for one in NASTY]


@pytest.mark.parametrize(("kind", "text"), [
    ("customers", "kode,nama\nA1,Satu\na1,Dua\n"), ("products", "sku,nama\nP1,Satu\nP1,Dua\n"),
    ("branches", "kode,nama\nB1,Satu\nB1,Dua\n"),
])  # fmt: skip
def test_a_key_that_comes_twice_is_named_in_its_second_row(tmp_path: Path, kind: str, text: str) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", text), kind)

    assert (batch.status, [row for row, _column in faults(batch)]) == ("refused", [3])


@pytest.mark.parametrize(
    "headings",
    ["KODE PELANGGAN,Nama Pelanggan", " kode ,  NAMA", "Customer Code,Customer Name", "Kode*,nama_pelanggan"],
)
def test_headings_in_many_ways_of_writing_are_known(tmp_path: Path, headings: str) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", f"{headings}\nA1,Satu\n"), "customers")

    assert (batch.status, Customer.objects.get().code) == ("done", "A1")


def test_a_file_cut_off_in_the_midst_of_a_row_names_that_row(tmp_path: Path) -> None:
    company = make_company()
    text = "nomor,tanggal,sku,qty,total\nS1,2019-03-14,P1,1,1000\nS2,2019-03-14,P1"

    batch = run(company, write(tmp_path / "s.csv", text), "sales")

    assert (batch.status, faults(batch)) == ("refused", [(3, "amount"), (3, "quantity")])
    assert not HistoricalSale.objects.exists()


def test_a_file_cut_off_in_the_midst_of_a_quoted_cell_writes_nothing(tmp_path: Path) -> None:
    company = make_company()
    text = 'kode,nama,catatan\nA1,Satu,x\nA2,Dua,"tidak pernah selesai\nA3,Tiga,y\n'

    batch = run(company, write(tmp_path / "a.csv", text), "customers")

    assert batch.status == "done"
    assert Customer.objects.get(code="A2").note == "tidak pernah selesai\nA3,Tiga,y"


def test_a_workbook_called_csv_and_a_csv_called_xlsx_are_read_as_what_they_are(tmp_path: Path) -> None:
    company = make_company()
    book = workbook(tmp_path / "book.xlsx", [["kode", "nama"], ["A1", "Satu"]]).read_bytes()

    for name, content in (("a.csv", book), ("b.xlsx", b"kode,nama\nA2,Dua\n")):
        batch = receive_upload(
            company_id=company.pk, chunks=[content], file_name=name, kind="customers", by=SYSTEM, at=AT
        )
        assert run(company, path_of(batch.source_file), "customers").status == "done"

    assert list(Customer.objects.order_by("code").values_list("code", flat=True)) == ["A1", "A2"]


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_workbook_cut_off_is_refused_in_words(tmp_path: Path, share: float) -> None:
    company = make_company()
    whole = workbook(
        tmp_path / "book.xlsx", [["kode", "nama"], *[[f"A{n}", f"Toko {n}"] for n in range(500)]]
    ).read_bytes()

    with pytest.raises(BadFile) as refused:
        receive_upload(
            company_id=company.pk, chunks=[whole[: int(len(whole) * share)]], file_name="a.xlsx", kind="customers",
            by=SYSTEM, at=AT,
        )  # fmt: skip

    assert "damaged" in str(refused.value.message) or "rusak" in str(refused.value.message)


def test_a_bomb_and_a_table_without_end_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    company = make_company()
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _times in range(450):
                part.write(b" " * 2**20)
    endless = tmp_path / "endless.csv"
    with endless.open("wb") as file:
        file.write(b"kode,nama\nA1,")
        file.truncate(2**30)  # a gigabyte of nothing, on no disk
    tracemalloc.start()

    answers = [run(company, path, "customers") for path in (bomb, endless)]

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [batch.status for batch in answers] == ["failed", "failed"]
    assert peak < 40 * 2**20
    assert not Customer.objects.exists()


def test_a_million_empty_rows_in_a_workbook_are_passed_over(tmp_path: Path) -> None:
    company = make_company()
    path = workbook(tmp_path / "small.xlsx", [["kode", "nama"], ["A1", "Satu"]])
    padded = tmp_path / "padded.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(padded, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                empty = b"".join(b'<row r="%d" spans="1:2"/>' % row for row in range(3, 1_000_003))
                content = content.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(item, content)

    batch = run(company, padded, "customers")

    assert (batch.status, batch.rows) == ("done", 1), batch.failure
    assert Customer.objects.get().name == "Satu"
