"""The QRIS code on a printed invoice: with what was open as it was drawn, and no sign that anything was paid."""

from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp

from niaga.documents.services.print_paper import print_paper
from niaga.documents.tests.test_templates import choose, make_template, publish
from niaga.invoicing.models import Invoice
from niaga.payments.models import Payment
from niaga.payments.rules.qris import made_dynamic, read_qris
from niaga.payments.services.set_qris import set_qris
from niaga.payments.tests.test_payment_requests import billed, open_of
from niaga.payments.tests.test_qris import code
from tests.makers import NOW, World, make_payment, make_world

pytestmark = pytest.mark.django_db


def printed(world: World, invoice: Invoice) -> tuple[str, list[str]]:
    """The words of its first page, and the codes that a scanner finds on it."""
    content = print_paper(kind="invoice", subject_id=invoice.id, by=world.owner, at=NOW, language="id").content
    with pypdfium2.PdfDocument(content) as opened:
        page = opened[0]
        words = page.get_textpage().get_text_range().replace("\r\n", " ").replace("\xa0", " ")
        picture = page.render(scale=3).to_pil().convert("L")
    return words, [one.text for one in zxingcpp.read_barcodes(picture)]


def with_code(world: World) -> None:
    set_qris(company_id=world.company.id, text=code(), by=world.owner, at=NOW)
    template = make_template(world, "invoice", blocks=["terms", "qris", "signatures"])
    publish(world, template)
    choose(world, template, "invoice")


def test_the_code_on_the_paper_has_the_open_amount_and_says_so() -> None:
    world = make_world()
    with_code(world)
    invoice = billed(world)
    make_payment(world, invoice.customer_id, 22_000, invoices=[(invoice.id, None)])

    words, codes = printed(world, invoice)

    assert codes == [made_dynamic(read_qris(code()), Decimal(200_000)).text()]
    assert "Rp 200.000" in words
    assert "KOPI NUSANTARA" in words
    assert "23 Nov 2026" in words
    assert (open_of(invoice), Payment.objects.count()) == (200_000, 1)


def test_nothing_is_drawn_where_nothing_is_open_or_no_template_asks_for_it() -> None:
    world = make_world()
    plain = billed(world)
    set_qris(company_id=world.company.id, text=code(), by=world.owner, at=NOW)
    assert printed(world, plain)[1] == []
    with_code(world)
    paid = billed(world)
    make_payment(world, paid.customer_id, paid.total, invoices=[(paid.id, None)])

    words, codes = printed(world, paid)

    assert codes == []
    assert "QRIS" not in words
