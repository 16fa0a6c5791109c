"""Real PDFs by the real processes. No database."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from niaga.documents.rules.print_document import PrintKind, PrintLine, PrintSignature
from niaga.documents.services import render_pdf as rendering
from niaga.documents.services.render_pdf import PdfFailed, render_pdf
from niaga.documents.tests.makers import HOSTILE, make_print_document, make_print_exchange, make_print_statement

D = Decimal


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def image() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 100), (11, 107, 102)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", list(PrintKind))
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_is_printed_in_both_languages(kind: PrintKind, language: str) -> None:
    pdf = render_pdf(
        kind=kind, language=language,
        data=make_print_document(
            logo=image(), received=D(1000), statement=make_print_statement(), exchange=make_print_exchange()
        ),
    )  # fmt: skip

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
        assert "/OpenAction" not in opened.Root
        with opened.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"


def test_the_paper_says_the_title_the_total_and_the_page() -> None:
    text = text_of(render_pdf(kind="invoice", data=make_print_document(), language="id"))

    for expected in ("Faktur", "INV-2026-00297", "11.641.680", "DPP nilai lain", "Halaman 1 dari 1", "Terbilang"):
        assert expected in text


def test_the_same_document_is_the_same_bytes() -> None:
    document = make_print_document()

    assert render_pdf(kind="invoice", data=document, language="id") == render_pdf(
        kind="invoice", data=document, language="id"
    )


def test_hostile_text_comes_out_as_text() -> None:
    lines = (
        PrintLine(HOSTILE, sku=HOSTILE, detail=HOSTILE, quantity=D("123456789.123456"), unit="#u", amount=D(1)),
        PrintLine(HOSTILE, kind="section"),
        PrintLine(HOSTILE, kind="note"),
    )
    document = make_print_document(
        lines=lines,
        note=HOSTILE,
        terms_text=HOSTILE,
        foot=HOSTILE,
        salesperson=HOSTILE,
        facts=((HOSTILE, HOSTILE),),
        signatures=(PrintSignature("sign_seller", HOSTILE),),
    )

    text = text_of(render_pdf(kind="invoice", data=document, language="id"))

    assert '#let x = panic("boom")' in text
    assert "<script>alert(1)</script>" in text
    assert "#pagebreak()" in text


def test_a_thousand_lines_repeat_their_head_on_every_page() -> None:
    lines = tuple(
        PrintLine(f"Barang {n}", sku=f"SKU-{n}", quantity=D(n), unit="pcs", unit_price=D(1000), amount=D(n * 1000))
        for n in range(1, 1001)
    )

    pages = pages_of(render_pdf(kind="invoice", data=make_print_document(lines=lines), language="id"))

    assert len(pages) > 30
    assert all("Barang / jasa" in page for page in pages[:-1])
    assert f"Halaman {len(pages)} dari {len(pages)}" in pages[-1]


def test_a_thousand_lines_with_pictures_hold_each_picture_once() -> None:
    pictures = [_picture(shade) for shade in range(50)]
    line = make_print_document().lines[1]
    lines = tuple(replace(line, picture=pictures[n % 50]) for n in range(1000))

    pdf = render_pdf(kind="quotation", data=make_print_document(lines=lines), language="id")

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown = [one for one in opened.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
    assert len(shown) == 50


def _picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (192, 144), (shade * 5, 80, 120)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_is_printed() -> None:
    document = make_print_document()
    lines = tuple(replace(document.lines[1], description=f"Barang {n}") for n in range(5000))

    started = time.monotonic()
    with pytest.raises(PdfFailed):
        render_pdf(kind="invoice", data=replace(document, lines=lines), language="id", seconds=0.3)

    assert time.monotonic() - started < 3
    assert render_pdf(kind="invoice", data=document, language="id").startswith(b"%PDF")


def test_a_killed_process_is_replaced() -> None:
    document = make_print_document()
    render_pdf(kind="invoice", data=document, language="id")
    for worker in list(rendering._pool._free):
        worker.process.kill()

    assert render_pdf(kind="invoice", data=document, language="id").startswith(b"%PDF")


def test_a_broken_image_is_a_named_failure() -> None:
    with pytest.raises(PdfFailed):
        render_pdf(kind="invoice", data=make_print_document(logo=b"not an image"), language="id")


def test_several_threads_share_the_processes() -> None:
    document = make_print_document()

    with ThreadPoolExecutor(4) as threads:
        pdfs = list(threads.map(lambda n: render_pdf(kind="invoice", data=document, language="id"), range(12)))

    assert len(set(pdfs)) == 1
    assert len(rendering._pool._free) <= rendering.WORKERS
