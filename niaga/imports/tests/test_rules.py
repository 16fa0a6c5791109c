"""Reading files of unknown origin: no database needed."""

import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from niaga.imports.rules.kinds import CUSTOMERS, SALES, guess_kind, guess_mapping
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.table import open_table, sample
from niaga.imports.rules.text_file import UNREADABLE, look_through
from niaga.imports.rules.values import (
    BadFigure,
    BadMoment,
    Style,
    guess_style,
    read_figure,
    read_moment,
    read_yes,
    signs_of,
)
from niaga.imports.rules.workbook import as_text

TEXT = "Kode;Nama;Kota\nA1;Café Łódź;Jöteborg\n"


def rows_of(path: Path) -> list[list[str]]:
    with open_table(path) as table:
        return [list(row) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_in_any_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))

    headings, rows, _source = sample(path)

    assert headings == ("Kode", "Nama", "Kota")
    assert rows == [["A1", "Café Łódź", "Jöteborg"]]


def test_a_csv_of_windows_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("kode,nama\nA1,Café Dupré\n".encode("cp1252"))

    assert look_through(path).encoding == "cp1252"
    assert rows_of(path) == [["A1", "Café Dupré"]]


def test_broken_utf8_stays_utf8_and_marks_the_lost_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("kode,nama\nA1,Café\nA2,Łódź é è\n".encode() + b"A3,Toko \xc3\x28\n")

    rows = rows_of(path)

    assert rows[1] == ["A2", "Łódź é è"]
    assert UNREADABLE in rows[2][1]


def test_nul_is_marked_as_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"kode,nama\nA1,To\x00ko\n")

    assert rows_of(path) == [["A1", f"To{UNREADABLE}ko"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["kode", "nama", "harga"]) + "\n" + delimiter.join(["A1", '"a; b, c"', "5"]) + "\n")

    assert rows_of(path) == [["A1", "a; b, c", "5"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"   \n \n", "empty"),
        (b"%PDF-1.7 nothing", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_excel"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"only one column\nA\nB\n", "no_headings"),
        (b"kode,kode,nama\n1,2,3\n", "double_heading"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as refused:
        sample(path)

    assert refused.value.code == code


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"kode,nama\n")
        for _part in range(8):
            file.write(b"x" * 1024 * 1024)

    with pytest.raises(UnreadableFile) as refused:
        sample(path)

    assert refused.value.code == "not_a_table"


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('kode,nama\nA1,"' + "x\n" * 40_000)

    with pytest.raises(UnreadableFile) as refused:
        rows_of(path)

    assert refused.value.code == "not_a_table"


def test_a_workbook_gives_the_rows_a_person_sees(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("empty")
    sheet = book.add_worksheet("data")
    sheet.write_row(1, 0, ["kode", "nama", "harga", "tanggal"])
    sheet.write_row(2, 0, [1001, "Toko", 0.1 + 0.2])
    sheet.write_datetime(2, 3, datetime(2019, 3, 14, 10, 25), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    book.close()

    with open_table(path) as table:
        assert table.first_row == 3
        assert [list(row) for row in table.rows] == [["1001", "Toko", "0.3", "2019-03-14 10:25:00"]]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _chunk in range(420):
                part.write(b" " * 1024 * 1024)

    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(UnreadableFile) as refused:
        sample(path)

    assert refused.value.code == "zip_bomb"


@pytest.mark.parametrize(
    ("cell", "code"), [("XFD1048576", "too_wide"), ("Z900000", "too_many_cells"), ("A99999999", "too_many_cells")]
)
def test_a_single_cell_far_out_does_not_lay_out_the_whole_sheet(tmp_path: Path, cell: str, code: str) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", f'<sheetData><row><c r="{cell}"><v>1</v></c></row></sheetData>')

    with pytest.raises(UnreadableFile) as refused:
        sample(path)

    assert refused.value.code == code


def test_headings_are_recognised_in_indonesian_and_english() -> None:
    assert guess_mapping(CUSTOMERS, ["No.", "Nama Pelanggan", "No. HP", "Kode Pelanggan"]) == {
        "name": "Nama Pelanggan", "phone": "No. HP", "code": "Kode Pelanggan",
    }  # fmt: skip
    assert guess_mapping(SALES, ["basket_id", "transaction_timestamp", "product_id", "quantity", "sales_value"]) == {
        "number": "basket_id", "date": "transaction_timestamp", "product": "product_id", "quantity": "quantity",
        "amount": "sales_value",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["No Faktur", "Tanggal", "Kode Barang", "Qty", "Total"], "sales"),
        (["SKU", "Nama Barang", "Harga Jual"], "products"),
        (["Kode Pelanggan", "Nama Pelanggan", "Alamat"], "customers"),
        (["Gudang", "SKU", "Stok"], "stock"),
        (["Daftar Harga", "SKU", "Harga"], "prices"),
        (["what", "ever"], None),
    ],
)
def test_the_kind_is_found_from_the_headings(headings: list[str], kind: str | None) -> None:
    assert guess_kind(headings) == kind


POINT = Style(".", signs=signs_of("USD"))
COMMA = Style(",", signs=signs_of("IDR"))


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("1234.5", POINT, "1234.5"), ("1,234.50", POINT, "1234.50"), ("-3", POINT, "-3"), ("$ 12.00", POINT, "12.00"),
        ("1.234,5", COMMA, "1234.5"), ("Rp 15.000", COMMA, "15000"), ("Rp. 1.500.000,50", COMMA, "1500000.50"),
        ("rp15000", COMMA, "15000"), (" 7 ", COMMA, "7"),
    ],
)  # fmt: skip
def test_figures_are_read_as_the_file_writes_them(text: str, style: Style, value: str) -> None:
    assert read_figure(text, style) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "style", "code"),
    [
        ("1,5", POINT, "not_a_figure"), ("1.2.3", COMMA, "not_a_figure"), ("NaN", POINT, "not_a_figure"),
        ("1e5", POINT, "not_a_figure"), ("Infinity", POINT, "not_a_figure"), ("12 pcs", POINT, "wrong_currency"),
        ("Rp 15.000", POINT, "wrong_currency"), ("USD 5", COMMA, "wrong_currency"), ("9" * 30, POINT, "not_a_figure"),
        ("=1+1", POINT, "not_a_figure"), ("", POINT, "not_a_figure"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused(text: str, style: Style, code: str) -> None:
    with pytest.raises(BadFigure) as refused:
        read_figure(text, style)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cells", "whole", "decimal"),
    [
        (["1.234,50", "10"], False, ","), (["1,234.50"], True, "."), (["1.500", "15.000"], True, ","),
        (["1.500"], False, "."), (["0.250", "1.500"], True, "."), (["12,5"], True, ","), ([], True, "."),
        (["1.234.567"], False, ","), (["1,234,567"], True, "."),
    ],
)  # fmt: skip
def test_the_decimal_sign_is_found_from_the_file(cells: list[str], whole: bool, decimal: str) -> None:
    assert guess_style(cells, [], currency="IDR", whole_money=whole).decimal == decimal


@pytest.mark.parametrize(
    ("text", "month_first", "moment"),
    [
        ("2019-03-14", False, datetime(2019, 3, 14)), ("2019-03-14 10:25:07", False, datetime(2019, 3, 14, 10, 25, 7)),
        ("2019-03-14T10:25", False, datetime(2019, 3, 14, 10, 25)), ("14/03/2019", False, datetime(2019, 3, 14)),
        ("03/14/2019", True, datetime(2019, 3, 14)), ("14.3.2019 08.05", False, datetime(2019, 3, 14, 8, 5)),
        ("14 Agustus 2019", False, datetime(2019, 8, 14)),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, month_first: bool, moment: datetime) -> None:
    assert read_moment(text, Style(month_first=month_first)) == moment


@pytest.mark.parametrize("text", ["31/02/2019", "2019-13-01", "yesterday", "14/03/19", "", "0000-00-00", "9999-01-01"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        read_moment(text, Style())


def test_yes_and_no_have_several_words() -> None:
    assert [read_yes(word) for word in ("Ya", "x", "TRUE", "tidak", "", "maybe")] == [
        True, True, True, False, False, None,
    ]  # fmt: skip


def test_numbers_of_a_workbook_lose_their_binary_tail() -> None:
    assert [as_text(value) for value in (3.0, 0.1 + 0.2, 1e15, True, None)] == [
        "3",
        "0.3",
        "1000000000000000.0",
        "yes",
        "",
    ]
