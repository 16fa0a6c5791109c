"""What is on the paper, without making paper."""

import json
from datetime import date
from decimal import Decimal

import pytest
from barcode.ean import EAN13

from niaga.documents.rules.bar_code import bars_of
from niaga.documents.rules.paper_design import PaperColumn, PaperDesign
from niaga.documents.rules.print_document import (
    PrintAllocation,
    PrintKind,
    PrintLine,
    PrintMovement,
    PrintParty,
    PrintStatement,
    PrintTax,
    PrintTotals,
    Stamp,
)
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.rules.print_texts import TEXTS
from niaga.documents.rules.printable import printable
from niaga.documents.rules.sample_document import sample_document
from niaga.documents.tests.makers import HOSTILE, make_print_document

D = Decimal
NBSP = "\u00a0"


def labels(payload: dict) -> list[str]:
    return [column["label"] for column in payload["columns"]]


def sums(payload: dict) -> list[tuple[str, str]]:
    return [(row["label"], row["value"].replace(NBSP, " ")) for row in payload["totals"]]


def test_both_languages_have_every_word() -> None:
    assert TEXTS["id"].keys() == TEXTS["en"].keys()
    assert {str(kind) for kind in PrintKind} <= TEXTS["id"].keys()
    assert all(text.strip() for words in TEXTS.values() for text in words.values())


def test_an_invoice_says_its_tax_bases_and_its_words() -> None:
    payload = print_payload(kind=PrintKind.INVOICE, document=make_print_document(), language="id")

    assert payload["title"] == "Faktur"
    assert labels(payload) == ["#", "Barang / jasa", "Jumlah", "Harga", "Diskon", "Subtotal"]
    assert sums(payload) == [
        ("Subtotal", "10.488.000"),
        ("DPP nilai lain (11/12)", "9.614.000"),
        (f"PPN 12{NBSP}%", "1.153.680"),
        ("Total", "Rp 11.641.680"),
    ]
    assert (
        payload["in_words"]["text"] == "Sebelas juta enam ratus empat puluh satu ribu enam ratus delapan puluh rupiah"
    )
    assert [row[1] for row in payload["instalments"]["rows"]] == ["24 Des 2026", "23 Jan 2027"]
    assert payload["company"]["lines"][-1] == "NPWP 01.312.166.0-091.000"


def test_an_english_invoice_is_english_throughout() -> None:
    payload = print_payload(kind=PrintKind.INVOICE, document=make_print_document(), language="en")

    assert payload["title"] == "Invoice"
    assert sums(payload)[1:3] == [("Other tax base (11/12)", "9,614,000"), ("PPN 12%", "1,153,680")]
    assert payload["in_words"]["text"].endswith("six hundred eighty rupiah")


def test_the_discount_column_is_there_only_when_a_line_has_one() -> None:
    plain = PrintLine("Gula", quantity=D(1), unit="sak", unit_price=D(742000), amount=D(742000))

    payload = print_payload(kind=PrintKind.QUOTATION, document=make_print_document(lines=(plain,)), language="id")

    assert "Diskon" not in labels(payload)


def test_an_optional_line_stands_in_brackets_and_outside_its_sections_sum() -> None:
    payload = print_payload(kind=PrintKind.QUOTATION, document=make_print_document(), language="id")

    section, _coffee, note, training = payload["rows"]
    assert (section["type"], section["amount"]) == ("section", "10.488.000")
    assert note == {"type": "note", "text": "Harga berlaku di Surabaya."}
    assert training["muted"]
    assert training["cells"][1]["tag"] == "Opsional"
    assert training["cells"][-1]["text"] == "(2.500.000)"


def test_a_price_with_tax_shows_the_tax_it_holds_and_the_rounding() -> None:
    totals = PrintTotals(
        D(5000),
        D(5000),
        taxes=(PrintTax(D(12), D(4504), D(495), other_base=D(4129)),),
        prices_include_tax=True,
        rounding=D(1),
    )

    payload = print_payload(kind=PrintKind.INVOICE, document=make_print_document(totals=totals), language="id")

    assert sums(payload) == [
        ("Subtotal", "5.000"),
        ("DPP", "4.504"),
        ("DPP nilai lain (11/12)", "4.129"),
        (f"Termasuk PPN 12{NBSP}%", "495"),
        ("Pembulatan", "1"),
        ("Total", "Rp 5.000"),
    ]


def test_what_was_paid_and_invoiced_before_leaves_the_balance() -> None:
    totals = PrintTotals(D(1000), D(1000), down_payment=D(300), paid=D(200))

    payload = print_payload(kind=PrintKind.INVOICE, document=make_print_document(totals=totals), language="id")

    assert sums(payload)[-3:] == [("Uang muka", "-300"), ("Sudah dibayar", "-200"), ("Sisa tagihan", "Rp 500")]


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (PrintKind.DELIVERY_NOTE, ["#", "Barang / jasa", "Dipesan", "Dikirim"]),
        (PrintKind.PICK_LIST, ["#", "Lokasi", "Barang / jasa", "Tersedia", "Ambil", "Diambil"]),
    ],
)
def test_goods_papers_carry_no_prices(kind: PrintKind, columns: list[str]) -> None:
    goods = PrintLine("Kopi", quantity=D(3), unit="kg", ordered=D(5), place="A-01", available=D(9))

    payload = print_payload(kind=kind, document=make_print_document(lines=(goods,), banks=()), language="id")

    assert labels(payload) == columns
    assert payload["totals"] == []
    assert payload["in_words"] is None


def test_a_receipt_says_what_was_received_and_what_it_settles() -> None:
    document = make_print_document(
        received=D(5000000),
        allocations=(
            PrintAllocation("INV-1", D(4000000), date(2026, 11, 1), D(0)),
            PrintAllocation("", D(1000000)),
        ),
    )

    payload = print_payload(kind=PrintKind.RECEIPT, document=document, language="id")

    assert payload["hero"]["value"] == f"Rp{NBSP}5.000.000"
    assert payload["in_words"]["text"] == "Lima juta rupiah"
    assert [row["cells"][0]["text"] for row in payload["rows"]] == ["INV-1", "Uang muka (belum dialokasikan)"]
    assert payload["banks"] is None


def test_hostile_text_loses_its_marks_and_keeps_its_letters() -> None:
    text = printable(HOSTILE)

    assert '#let x = panic("boom")\n<script>alert(1)</script>' in text
    assert not {"\u202e", "\u0000", "\u0007"} & set(text)
    assert max(len(word) for word in text.replace("\u200b", " ").split()) <= 25
    assert text.replace("\u200b", "").count("W") == 300


def test_only_web_addresses_become_links_and_only_when_a_design_wants_them() -> None:
    coded = PaperDesign(blocks=("link",))
    script, good = (make_print_document(public_url=url) for url in ("javascript:alert(1)", "https://niaga.example/l/x"))
    kind = PrintKind.QUOTATION

    assert print_payload(kind=kind, document=script, language="id", design=coded)["link"] is None
    assert print_payload(kind=kind, document=good, language="id", design=coded)["link"]["url"] == good.public_url
    assert print_payload(kind=kind, document=good, language="id")["link"] is None


def test_the_payload_is_json_and_the_stamp_is_translated() -> None:
    document = make_print_document(stamp=Stamp.PAID)

    payload = print_payload(kind=PrintKind.INVOICE, document=document, language="id")

    json.dumps(payload)
    assert payload["stamp"] == "LUNAS"
    assert payload["look"]["accent"] == "#0b6b66"


def test_a_statement_goes_from_opening_to_closing_balance() -> None:
    moved = (
        PrintMovement(date(2026, 11, 2), "invoice", "INV-1", D(500), D(1500), date(2026, 12, 2)),
        PrintMovement(date(2026, 11, 3), "payment", "PAY-1", D(-200), D(1300), None, HOSTILE),
    )
    statement = PrintStatement(
        since=date(2026, 11, 1), until=date(2026, 11, 30), opening=D(1000), debits=D(500), credits=D(-200),
        closing=D(1300), movements=moved, ages={"not_due": D(1300), "advance": D(0)},
    )  # fmt: skip
    payload = print_payload(kind=PrintKind.STATEMENT, document=make_print_document(statement=statement), language="en")

    assert payload["title"] == "Statement of Account"
    assert [[cell["text"] for cell in row["cells"]][1:] for row in payload["rows"]] == [
        ["Opening balance", "", "", "1,000"], ["Invoice INV-1", "500", "", "1,500"],
        ["Payment PAY-1", "", "200", "1,300"],
    ]  # fmt: skip
    assert sums(payload) == [
        ("Opening balance", "1,000"), ("Charges", "500"), ("Payments and credits", "-200"),
        ("Closing balance", "Rp 1,300"),
    ]  # fmt: skip
    assert payload["instalments"]["rows"] == [["Not yet due", "", "1,300"]]


def test_a_line_that_leaves_on_another_day_says_so_below_its_name() -> None:
    document = make_print_document(lines=(PrintLine("Kopi", quantity=D(2), delivery_date=date(2026, 12, 4)),))

    payload = print_payload(kind=PrintKind.ORDER_CONFIRMATION, document=document, language="id")

    assert payload["rows"][0]["cells"][1]["sub"] == ["Rencana kirim: 4 Des 2026"]


def test_the_bars_of_a_code_are_those_a_scanner_reads() -> None:
    ean, own = bars_of("8991234567891"), bars_of("KOP-01")

    assert ean is not None
    assert own is not None
    assert (ean.width, own.width) == (29.38, 30.94)  # 95 and 101 modules with their white at both sides
    assert ean.svg.count(b"v26") == EAN13("8991234567891").build()[0].count("1")
    assert [bars_of(code) for code in ("", "kode é", "x" * 40, "a\nb")] == [None] * 4  # told in figures alone


def test_the_bar_code_is_a_column_of_the_delivery_note_for_who_wants_it() -> None:
    document = sample_document(
        PrintKind.DELIVERY_NOTE, company=PrintParty("PT Uji"), logo=None, foot="", banks=(), currency="IDR",
        day=date(2026, 11, 23), language="id",
    )  # fmt: skip
    wanted = PaperDesign(columns=(PaperColumn("barcode"), PaperColumn("item"), PaperColumn("quantity")))

    usual = print_payload(kind=PrintKind.DELIVERY_NOTE, document=document, language="id")
    chosen = print_payload(kind=PrintKind.DELIVERY_NOTE, document=document, language="id", design=wanted)

    assert "barcode" not in {one["key"] for one in usual["columns"]}
    assert [one["key"] for one in chosen["columns"]] == ["barcode", "item", "quantity"]
    cells = [row["cells"][0] for row in chosen["rows"] if row["type"] == "item"]
    assert [(one["text"], one["picture"][-4:]) for one in cells[:2]] == [
        ("8991234567891", ".svg"), ("GUL-0040-SAK", ".svg"),
    ]  # fmt: skip
    assert cells[2] == {"text": "", "sub": [], "tag": "", "picture": ""}  # freight has none
