"""What a design may say, and what comes of it on paper."""

import io
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from niaga.core.rules.placeholders import fill_placeholders, unknown_placeholders
from niaga.documents.rules.choose_template import Scope, choose_template
from niaga.documents.rules.compare_designs import design_changes
from niaga.documents.rules.paper_design import PaperColumn, PaperDesign, SignatureBox
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS, Layout, Sheet, Tongue
from niaga.documents.rules.print_document import PrintKind, PrintSignature
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.rules.read_design import read_design
from niaga.documents.services.render_pdf import render_pdf, render_preview
from niaga.documents.tests.makers import HOSTILE, D, make_print_document, make_print_statement
from niaga.documents.tests.test_render_pdf import image, text_of

K = PrintKind


def faults_of(data: Any, kind: PrintKind = K.INVOICE) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in read_design(kind, data)[1]]


def payload(design: PaperDesign, kind: PrintKind = K.INVOICE, language: str = "id", **facts: Any) -> dict[str, Any]:
    return print_payload(kind=kind, document=make_print_document(**facts), language=language, design=design)


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_a_design_comes_back_from_its_data_as_it_was(kind: PrintKind) -> None:
    usual = PaperDesign()
    own = replace(usual, columns=usual.shown_columns(kind), texts={"title": {"id": "{{customer.name}}"}})

    assert read_design(kind, {}) == (usual, [])
    assert read_design(kind, usual.as_data()) == (usual, [])
    assert read_design(kind, own.as_data()) == (own, [])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"accent": "red; evil"}, ("accent", "not_a_colour")),
        ({"accent": "#ffee00"}, ("accent", "too_pale")),
        ({"layout": "../x"}, ("layout", "not_a_choice")),
        ({"sheet": "roll_80"}, ("sheet", "not_for_this_kind")),
        ({"margin": 31}, ("margin", "out_of_bounds")),
        ({"margin": True}, ("margin", "out_of_bounds")),
        ({"typst": "#read"}, ("design", "unknown_setting")),
        ({"columns": [{"key": "amount"}]}, ("columns", "main_column_missing")),
        ({"columns": [{"key": "item"}, {"key": "cost"}]}, ("columns", "unknown_column")),
        ({"columns": [{"key": "item"}, {"key": "item"}]}, ("columns", "twice")),
        ({"columns": [{"key": "item", "share": 60}, {"key": "sku", "share": 60}]}, ("columns", "too_wide")),
        ({"columns": "item"}, ("columns", "not_a_list")),
        ({"blocks": ["script"]}, ("blocks", "unknown_block")),
        ({"signatures": [{}] * 5}, ("signatures", "too_many")),
        ({"texts": {"title": {"id": "T" * 61}}}, ("text_title_id", "too_long")),
        ({"texts": {"terms": {"en": "a\u0000b"}}}, ("text_terms_en", "control_characters")),
        ({"texts": {"terms": {"en": "{{customer.__class__}}"}}}, ("text_terms_en", "unknown_placeholder")),
        ({"texts": {"terms": {"en": "{{valid_until}}"}}}, ("text_terms_en", "unknown_placeholder")),
    ],
)
def test_what_cannot_be_is_named_by_its_field(data: Any, fault: tuple[str, str]) -> None:
    assert fault in faults_of(data)


def test_a_receipt_may_go_on_a_roll() -> None:
    assert faults_of({"sheet": "roll_58"}, K.RECEIPT) == []


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["layout", "accent", "margin", "columns", "blocks", "signatures", "texts", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["key", "title", "id", "share"]) | st.text(), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    )
)
def test_whatever_comes_from_outside_is_read_or_named_and_never_fails(data: Any) -> None:
    design, _faults = read_design(K.INVOICE, data)

    assert read_design(K.INVOICE, design.as_data()) == (design, [])


@pytest.mark.parametrize(
    "text",
    ["{{total.__class__}}", "{{ customer['name'] }}", "{{total", "total}}", "{{{{total}}}}", "{{Total}}", "{{}}"],
)
def test_what_only_looks_like_a_placeholder_is_told(text: str) -> None:
    assert unknown_placeholders(text, {"total"})


def test_what_was_filled_in_is_not_read_again() -> None:
    values = {"customer.name": '{{total}} #read("/etc/passwd")', "total": "Rp 1"}

    assert fill_placeholders("Yth. {{customer.name}}", values) == 'Yth. {{total}} #read("/etc/passwd")'
    assert unknown_placeholders("{{customer.name}} { } {{ total }}", values) == []


def test_the_most_particular_default_holds() -> None:
    defaults = {Scope.COMPANY: "a", Scope.BRANCH: "b", Scope.CHANNEL: "c", Scope.CUSTOMER: "d"}

    assert choose_template(defaults) == "d"
    assert choose_template({Scope.COMPANY: "a", Scope.BRANCH: "b"}) == "b"
    assert choose_template({}) is None


def test_columns_stand_as_chosen_and_what_has_one_is_not_told_twice() -> None:
    columns = (
        PaperColumn("sku", 15), PaperColumn("item", id="Nama barang"), PaperColumn("quantity"), PaperColumn("unit"),
    )  # fmt: skip

    made = payload(replace(PaperDesign(), columns=columns))

    assert [one["label"] for one in made["columns"]] == ["SKU", "Nama barang", "Jumlah", "Satuan"]
    assert [one["width"] for one in made["columns"]] == ["15%", "1fr", "auto", "auto"]
    coffee = made["rows"][1]["cells"]
    assert [one["text"] for one in coffee] == ["KOP-0112", "Kopi robusta 1 kg", "120", "kg"]
    assert coffee[1]["sub"] == []
    assert made["rows"][0]["amount"] == ""  # no column of amounts to stand in


def test_a_paper_of_two_languages_says_all_in_both() -> None:
    texts = {"closing": {"id": "Terima kasih, {{customer.name}}", "en": "Thank you, {{customer.name}}"}}

    made = payload(replace(PaperDesign(), tongue=Tongue.BOTH, texts=texts))

    assert made["title"] == "Faktur / Invoice"
    assert made["closing"] == "Terima kasih, Toko Makmur Jaya\nThank you, Toko Makmur Jaya"
    assert made["in_words"]["text"].count("\n") == 1


def test_a_title_of_invoices_is_not_one_of_down_payments() -> None:
    design = replace(PaperDesign(), texts={"title": {"id": "Nota"}})

    assert payload(design)["title"] == "Nota"
    assert payload(design, K.DOWN_PAYMENT_INVOICE)["title"] == "Faktur Uang Muka"


def test_blocks_can_be_left_out_and_ordered_but_never_the_tax_remarks() -> None:
    design = replace(PaperDesign(), blocks=("signatures", "closing"))

    made = payload(design, tax_remarks=("PPN tidak dipungut.",), note="Catatan", terms_text="Syarat")

    assert [one for one in made["order"] if one in ("signatures", "closing")] == ["signatures", "closing"]
    assert "texts" in made["order"]
    assert (made["banks"], made["in_words"], made["stamp_place"]) == (None, None, None)
    assert [one["text"] for one in [*made["beside"], *made["blocks"]]] == ["PPN tidak dipungut."]


def test_who_has_signed_stays_on_the_paper() -> None:
    design = replace(PaperDesign(), signatures=(SignatureBox(id="Hormat kami", name="Budi"),))
    signed = (PrintSignature("sign_seller"), PrintSignature("sign_customer", "Sri", image(), "24 Nov 2026"))

    boxes = payload(design, signatures=signed)["signatures"]

    assert [(one["label"], one["name"], one["image"]) for one in boxes] == [
        ("Hormat kami", "Budi", ""), ("Disetujui oleh", "Sri", "sign-1.img")
    ]  # fmt: skip


def test_two_designs_are_compared_setting_by_setting() -> None:
    after = replace(PaperDesign(), accent="#123456", texts={"closing": {"id": "Salam"}})

    assert design_changes(PaperDesign(), after) == [
        ("accent", "#0b6b66", "#123456"), ("text_closing_id", "", "Salam")
    ]  # fmt: skip


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("sheet", [Sheet.A4, Sheet.A5, Sheet.CONTINUOUS_HALF])
def test_every_layout_prints_hostile_text_as_text_on_every_sheet(layout: Layout, sheet: Sheet) -> None:
    texts = {name: {"id": HOSTILE} for name in ("introduction", "closing", "terms", "footer")}
    design = replace(PaperDesign(), layout=layout, sheet=sheet, texts=texts)
    document = make_print_document(logo=image())

    text = text_of(render_pdf(kind=K.INVOICE, data=document, language="id", design=design))

    assert "#pagebreak()" in text
    assert "11.641.680" in text


def test_a_receipt_on_a_roll_is_one_long_narrow_page() -> None:
    design = replace(PaperDesign(), sheet=Sheet.ROLL_80)
    document = make_print_document(received=D(5000), logo=image(), statement=make_print_statement())

    pdf = render_pdf(kind=K.RECEIPT, data=document, language="id", design=design)

    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) == 1
        assert round(opened[0].get_width()) == 227  # 80 mm in points
    assert "Lima ribu rupiah" in text_of(pdf)


def test_a_preview_is_pictures_of_the_first_pages() -> None:
    document = make_print_document()
    many = replace(document, lines=document.lines * 60)

    preview = render_preview(kind=K.INVOICE, data=many, language="id", design=PaperDesign())

    assert (len(preview.pages), preview.count > 3) == (3, True)
    assert all(io.BytesIO(page).read(4) == b"\x89PNG" for page in preview.pages)
