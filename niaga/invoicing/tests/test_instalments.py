"""An invoice to be paid in parts: which part is due when, what a payment covers, what the customer is told."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from niaga.invoicing.models import Invoice, InvoiceDue
from niaga.invoicing.queries.invoices import get_invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.send_invoice import send_invoice
from niaga.messaging.models import Email
from niaga.parties.models import PaymentTerm
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    World,
    log_in,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_shipped_order,
    make_world,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
THIRTY, SIXTY = TODAY + timedelta(days=30), TODAY + timedelta(days=60)


def term(world: World, *parts: Part, name: str = "40/60") -> PaymentTerm:
    return save_payment_term(
        company_id=world.company.id, code=name[:8], name=name, parts=list(parts), by=world.owner, at=NOW
    )


def invoice_in_parts(world: World) -> Invoice:
    """Rp 1.110.000: 40 % after thirty days, 60 % after sixty."""
    halves = term(world, Part(Decimal(40), 30), Part(Decimal(60), 60))
    customer = make_customer(world, name="Toko Makmur", payment_term_id=halves.id)
    product = make_product(world, stock=10)
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(10))], customer=customer)


def seen(world: World, invoice: Invoice, *, days: int) -> tuple[str, date | None, Decimal]:
    found = get_invoice(invoice_id=invoice.id, by=world.owner, today=TODAY + timedelta(days=days))
    return found.payment_state, found.next_due, found.open  # type: ignore[attr-defined]


def test_each_part_has_its_day_and_together_they_are_the_total() -> None:
    world = make_world()

    invoice = invoice_in_parts(world)

    assert list(InvoiceDue.objects.order_by("position").values_list("due_date", "amount")) == [
        (THIRTY, Decimal(444_000)), (SIXTY, Decimal(666_000)),
    ]  # fmt: skip
    assert invoice.due_date == SIXTY


def test_a_part_that_is_paid_moves_the_day_to_the_next_one() -> None:
    world = make_world()
    invoice = invoice_in_parts(world)

    before = [seen(world, invoice, days=days) for days in (30, 31)]
    make_payment(world, invoice.customer_id, Decimal(444_000))
    after = [seen(world, invoice, days=days) for days in (31, 60, 61)]
    make_payment(world, invoice.customer_id, Decimal(666_000))
    paid = seen(world, invoice, days=61)

    assert before == [("unpaid", THIRTY, Decimal(1_110_000)), ("overdue", THIRTY, Decimal(1_110_000))]
    assert [(state, due) for state, due, _open in after] == [
        ("partial", SIXTY), ("partial", SIXTY), ("overdue", SIXTY),
    ]  # fmt: skip
    assert (paid[0], paid[2]) == ("paid", Decimal(0))


def test_a_payment_of_less_than_a_part_leaves_it_due() -> None:
    world = make_world()
    invoice = invoice_in_parts(world)

    make_payment(world, invoice.customer_id, Decimal(443_999))

    assert seen(world, invoice, days=30)[:2] == ("partial", THIRTY)
    assert seen(world, invoice, days=31)[:2] == ("overdue", THIRTY)


def test_the_mail_names_every_part_with_its_day() -> None:
    world = make_world()
    invoice = invoice_in_parts(world)

    send_invoice(invoice_id=invoice.id, to=["sari@example.com"], by=world.owner, at=NOW)

    text = Email.objects.get().text.replace("\xa0", " ")
    assert "Rp 444.000 paling lambat 23 Desember 2026; Rp 666.000 paling lambat 22 Januari 2027" in text


def test_the_mail_of_an_invoice_in_one_part_names_its_day() -> None:
    world = make_world()
    once = term(world, Part(Decimal(100), 14), name="14 hari")
    customer = make_customer(world, payment_term_id=once.id)
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=1).id)], customer=customer)

    send_invoice(invoice_id=invoice.id, to=["sari@example.com"], by=world.owner, at=NOW)

    assert "Mohon dibayar paling lambat 7 Desember 2026." in Email.objects.get().text


def test_at_the_end_of_a_month_means_of_the_month_it_is_issued_in() -> None:
    world = make_world()
    month_end = term(world, Part(Decimal(100), 10, end_of_month=True), name="Akhir bulan + 10")
    customer = make_customer(world, payment_term_id=month_end.id)

    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=1).id)], customer=customer)

    assert invoice.due_date == date(2026, 12, 10)


def test_on_the_page_a_draft_gets_another_payment_term() -> None:
    world = make_world()
    other = term(world, Part(Decimal(50), 7), Part(Decimal(50), 14), name="Dua kali")
    order = make_shipped_order(world, [LineInput(product_id=make_product(world, stock=1).id)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    client = log_in(world.owner)

    page = client.get(f"/invoices/{invoice_id}").content.decode()
    words = {"note": "Terima kasih", "payment_term": str(other.id), "version": "1"}
    saved = client.post(f"/invoices/{invoice_id}/edit", words)
    kept = client.post(f"/invoices/{invoice_id}/edit", {"note": "Terima kasih", "payment_term": "", "version": "2"})
    wrong = client.post(f"/invoices/{invoice_id}/edit", {"payment_term": "besok"}, headers={"HX-Request": "true"})
    strange = client.post(f"/invoices/{invoice_id}/edit", {"payment_term": str(uuid4())})

    assert f'<option value="{other.id}">Dua kali</option>' in page
    assert (saved.status_code, kept.status_code, wrong.status_code, strange.status_code) == (303, 303, 422, 404)
    issued = issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    assert (issued.term_name, issued.note) == ("Dua kali", "Terima kasih")
    assert InvoiceDue.objects.count() == 2


def test_the_page_shows_each_part_and_what_is_open_of_it() -> None:
    world = make_world()
    invoice = invoice_in_parts(world)
    make_payment(world, invoice.customer_id, Decimal(500_000))

    page = log_in(world.owner).get(f"/invoices/{invoice.id}").content.decode()

    assert "444.000" in page
    assert "sisa Rp 610.000" in page.replace("\xa0", " ")
