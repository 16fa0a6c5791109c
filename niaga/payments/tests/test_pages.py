"""Every page of invoices, payments and books answers, for who may, with a fixed number of statements."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.documents.models import IssuedPdf
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceLine
from niaga.invoicing.services.send_invoice import send_invoice
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.subscribers import invoice_issued
from niaga.ledger.services import close_period
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.payments.models import Payment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_shipped_order,
    make_world,
    signed_in,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
ASKS_FOR_INVOICES = {"headers": {"HX-Request": "true", "HX-Target": "open-invoices"}}


def program(world: World) -> Client:
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=NOW)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def plain(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def make_debt(world: World, quantity: int = 2, **details) -> Invoice:
    coffee = make_product(world, stock=quantity)
    return make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(quantity))], **details)


PAGES = ("/invoices", "/invoices/new", "/payments", "/payments/new", "/books", "/books/journal", "/books/months")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages_with_as_many_statements_for_many_rows(path: str):
    world = make_world()
    client = signed_in(world)
    keep_bank_account(company_id=world.company.id, bank="BCA", number="0123", holder="PT Uji", by=world.owner, at=NOW)
    make_payment(world, make_debt(world).customer_id, 1000)
    for language in ("en", "id"):
        assert client.get(path, headers={"Accept-Language": language}).status_code == 200
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _number in range(4):
        make_payment(world, make_debt(world).customer_id, 1000)
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) <= len(few)
    assert len(many) <= 15


@pytest.mark.parametrize("path", ["/invoices", "/payments", "/books/journal"])
def test_lists_are_exported(path: str):
    world = make_world()
    make_payment(world, make_debt(world).customer_id, 1000)

    answer = signed_in(world).get(f"{path}?export=csv")

    assert answer.status_code == 200
    assert b"2026" in b"".join(answer.streaming_content)


def test_an_invoice_is_written_issued_sent_and_paid_on_its_pages():
    world = make_world()
    customer = make_customer(world, email="toko@example.com")
    order = make_shipped_order(
        world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))], customer=customer
    )
    client = signed_in(world)

    answer = client.post("/invoices/new", {"order": str(order.pk), "basis": "delivered"})
    draft = Invoice.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/invoices/{draft.pk}")
    assert client.get(f"/invoices/{draft.pk}").status_code == 200
    client.post(f"/invoices/{draft.pk}/edit", {"note": "Terima kasih", "terms_text": "", "customer_reference": "PO 7"})
    client.post(f"/invoices/{draft.pk}/issuance")
    issued = Invoice.objects.get()
    assert (issued.number, issued.note) == ("INV-2026-00001", "Terima kasih")
    client.get(f"/invoices/{draft.pk}")
    with CaptureQueriesContext(connection) as shown:
        assert issued.number in client.get(f"/invoices/{issued.pk}").content.decode()
    assert len(shown) <= 26
    assert client.post(f"/invoices/{issued.pk}/sending", {"to": "toko@example.com"}).status_code == 303
    assert Email.objects.get().to == ["toko@example.com"]

    form = client.get(f"/payments/new?customer={customer.pk}&invoice={issued.pk}").content.decode()
    assert "555.000" in form
    paid = {
        "customer": str(customer.pk), "method": "cash", "date": "2026-11-23", "amount": "600.000",
        "branch": str(world.branch.pk), f"invoice-{issued.pk}": "555.000",
    }  # fmt: skip
    assert client.post("/payments/new", paid).status_code == 303
    payment = Payment.objects.get()
    assert (payment.amount, payment.allocated) == (600_000, 555_000)
    assert client.get(f"/payments/{payment.pk}").status_code == 200
    assert client.get(f"/paper/payment/{payment.pk}.pdf").status_code == 200
    assert broken_promises() == []


def test_a_credit_note_is_written_and_issued_on_its_pages():
    world = make_world()
    invoice = make_debt(world)
    line = InvoiceLine.objects.get()
    client = signed_in(world)

    client.post(f"/invoices/{invoice.pk}/credit", {f"line-{line.pk}": "1", "reason": "rusak", "bill_again": "1"})
    note = Invoice.objects.get(kind="credit_note")
    assert client.get(f"/invoices/{note.pk}").status_code == 200
    client.post(f"/invoices/{note.pk}/issuance")

    assert InvoiceBalance.objects.get(invoice=invoice).allocated == Decimal(111_000)
    assert client.get(f"/invoices/{invoice.pk}").status_code == 200
    assert client.get(f"/paper/invoice/{note.pk}.pdf").status_code == 200
    assert broken_promises() == []


def test_a_payment_is_released_used_and_taken_back_on_its_page():
    world = make_world()
    invoice = make_debt(world)
    payment = make_payment(world, invoice.customer_id, 300_000)
    client = signed_in(world)

    client.post(f"/payments/{payment.pk}/allocation", {"invoice": str(invoice.pk), "amount": "222.000", "release": "1"})
    assert Payment.objects.get().allocated == 0
    client.post(f"/payments/{payment.pk}/allocation", {"invoice": str(invoice.pk)})
    assert Payment.objects.get().allocated == 222_000
    answer = client.post(f"/payments/{payment.pk}/reversal", {"reason": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    client.post(f"/payments/{payment.pk}/reversal", {"reason": "giro kosong"})

    assert Payment.objects.get().status == "reversed"
    assert "giro kosong" in client.get(f"/payments/{payment.pk}").content.decode()
    assert broken_promises() == []


def test_a_draft_is_discarded_on_its_page_and_nobody_else_may():
    world = make_world()
    order = make_shipped_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)

    assert signed_in(world, "warehouse").post(f"/invoices/{invoice_id}/discard").status_code == 404
    assert Invoice.objects.get().status == "draft"
    signed_in(world).post(f"/invoices/{invoice_id}/discard")

    assert Invoice.objects.get().status == "discarded"
    assert broken_promises() == []


def test_the_customer_sees_the_invoice_by_its_link_alone():
    world = make_world()
    invoice = make_debt(world)
    address = share_invoice(invoice_id=invoice.pk, by=world.owner, at=NOW)
    path = address[address.index("/l/") :]

    page = Client().get(path)

    assert page.status_code == 200
    assert invoice.number in page.content.decode()
    assert Client().get(f"{path}/pdf").content[:5] == b"%PDF-"
    assert Client().get(f"/invoices/{invoice.pk}").status_code == 302


def test_the_pdf_of_an_issued_invoice_is_made_once_and_kept():
    world = make_world()
    invoice = make_debt(world)

    for _twice in range(2):
        invoice_issued({"subject_id": str(invoice.pk)})
    send_invoice(invoice_id=invoice.pk, to=["a@example.com"], by=world.owner, at=NOW)

    assert IssuedPdf.objects.count() == 1


def test_months_are_closed_and_opened_on_their_page_by_finance_alone():
    world = make_world()
    client = signed_in(world, "finance")

    assert client.get("/books").status_code == 200
    client.post("/books/months/change", {"month": "2026-11-01", "deed": "close"})
    assert "lock" in client.get("/books/months").content.decode()
    answer = client.post("/books/months/change", {"month": "abc"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    seller = signed_in(world, "salesperson")
    assert seller.get("/books").status_code == 403
    assert seller.post("/books/months/change", {"month": "2026-11-01", "deed": "open"}).status_code == 403


def test_typed_input_is_kept_when_a_payment_is_refused():
    world = make_world()
    invoice = make_debt(world)
    client = signed_in(world)
    typed = {
        "customer": str(invoice.customer_id), "method": "giro", "date": "2026-11-23", "amount": "100",
        "branch": str(world.branch.pk), "note": "<script>x</script>", f"invoice-{invoice.pk}": "50",
    }  # fmt: skip

    answer = client.post("/payments/new", typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;script&gt;" in page
    assert 'value="50"' in page
    assert not Payment.objects.exists()


def test_the_api_credits_settles_clears_and_takes_back():
    world = make_world()
    invoice = make_debt(world)
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})

    def post(path: str, body: dict) -> tuple[int, dict]:
        answer = client.post(f"/api/v1{path}", body, content_type="application/json")
        return answer.status_code, answer.json()

    line = InvoiceLine.objects.get()
    status, note = post(
        f"/invoices/{invoice.pk}/credit-notes",
        {"reason": "rusak", "lines": [{"line_id": str(line.pk), "quantity": "1"}]},
    )
    assert (status, note["total"], note["status"]) == (201, "111000", "draft")
    assert post(f"/invoices/{note['id']}/discarding", {})[1]["status"] == "discarded"
    status, giro = post(
        "/payments",
        {
            "customer_id": str(invoice.customer_id),
            "amount": "222000",
            "method": "giro",
            "reference": "BG 1",
            "invoices": [],
        },
    )
    assert post(f"/payments/{giro['id']}/allocations", {"invoice_id": str(invoice.pk)})[1]["allocated"] == "222000"
    assert post(f"/payments/{giro['id']}/clearing", {})[0] == 200
    assert post(f"/payments/{giro['id']}/clearing", {})[0] == 409
    assert post(f"/payments/{giro['id']}/reversal", {"reason": "ditolak"})[1]["status"] == "reversed"
    assert broken_promises() == []


def test_shares_nobody_touched_follow_an_amount_that_is_changed_and_sent_at_once():
    world = make_world()
    client = signed_in(world)
    first, second, third = make_debt(world), make_debt(world), make_debt(world)

    def pay(invoice: Invoice, amount: str, share: str) -> int:
        return client.post(
            "/payments/new",
            {
                "customer": invoice.customer_id, "method": "cash", "date": NOW.date(), "amount": amount,
                "branch": world.branch.id, "spread": "222.000", f"invoice-{invoice.id}": share,
            },
        ).status_code  # fmt: skip

    untouched = pay(first, "100000", "222.000")
    touched = pay(second, "100000", "150000")
    kept = pay(third, "222000", "50000")

    assert (untouched, touched, kept) == (303, 422, 303)
    settled = {one.customer_id: (one.amount, one.allocated) for one in Payment.objects.all()}
    assert settled == {first.customer_id: (100_000, 100_000), third.customer_id: (222_000, 50_000)}


def test_more_than_the_debt_becomes_an_advance_and_page_and_api_say_so():
    world = make_world()
    client, api = signed_in(world), program(world)
    first, second = make_debt(world), make_debt(world)

    shown = client.get("/payments/new", {"customer": first.customer_id, "amount": "300000"}, **ASKS_FOR_INVOICES)
    paid = client.post(
        "/payments/new",
        {
            "customer": first.customer_id, "method": "cash", "date": NOW.date(), "amount": "300000",
            "branch": world.branch.id, f"invoice-{first.id}": "222000",
        },
    )  # fmt: skip
    answer = api.post(
        "/api/v1/payments", {"customer_id": second.customer_id, "amount": "300000", "method": "cash"},
        content_type="application/json",
    )  # fmt: skip

    assert "Rp 78.000 melebihi sisa tagihan" in plain(shown)
    assert "Rp 78.000 melebihi yang dilunasi" in plain(client.get(paid["Location"]))
    assert (answer.status_code, answer.json()["allocated"], answer.json()["advance"]) == (201, "222000", "78000")
    assert {(one.amount, one.allocated) for one in Payment.objects.all()} == {(Decimal(300_000), Decimal(222_000))}


def test_a_closed_month_is_named_by_page_and_api_and_nothing_is_recorded():
    world = make_world()
    client, api = signed_in(world), program(world)
    invoice = make_debt(world)
    close_period(company_id=world.company.id, month=NOW.date(), by=world.owner, at=NOW)
    form = {
        "customer": invoice.customer_id, "method": "cash", "date": NOW.date(), "amount": "222000",
        "branch": str(world.branch.id), "note": "Titip Pak Budi", f"invoice-{invoice.id}": "222000",
    }  # fmt: skip

    page = client.post("/payments/new", form)
    answer = api.post(
        "/api/v1/payments", {"customer_id": invoice.customer_id, "amount": "222000", "method": "cash"},
        content_type="application/json", headers={"Accept-Language": "en"},
    )  # fmt: skip

    assert page.status_code == 422

    assert "Buku November 2026 sudah ditutup." in plain(page)
    assert "Titip Pak Budi" in plain(page)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "period_closed", "date")
    assert answer.json()["detail"].startswith("The books of November 2026 are closed.")
    assert not Payment.objects.exists()


def test_a_currency_that_is_not_sold_in_is_refused_by_the_api_and_nothing_is_recorded():
    world = make_world()
    invoice = make_debt(world)

    answer = program(world).post(
        "/api/v1/payments", {"invoice_id": invoice.id, "amount": "10", "currency": "USD"},
        content_type="application/json", headers={"Accept-Language": "en"},
    )  # fmt: skip

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (422, "currency_not_sold", "currency")
    assert problem["detail"].startswith("The company does not sell in this currency.")
    assert not Payment.objects.exists()
