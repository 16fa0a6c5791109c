"""What customers tell: it waits for a person, moves no money, and is answered once."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from niaga.core.clock import now
from niaga.documents.models import Attachment
from niaga.invoicing.models import Dispute, Invoice, InvoiceBalance
from niaga.invoicing.services.settle_dispute import settle_dispute
from niaga.messaging.models import Email
from niaga.payments.models import Payment
from niaga.portal.models import CaseNote, PortalCase
from niaga.portal.services.end_case import end_case
from niaga.portal.services.end_with_dispute import end_with_dispute
from niaga.portal.services.end_with_payment import end_with_payment
from niaga.portal.tests.visits import invited
from niaga.sales.rules.lines import LineInput
from tests.makers import World, log_in, make_customer, make_issued_invoice, make_payment, make_product, make_world

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def owing(world: World) -> tuple[Invoice, Client]:
    """An invoice of 222,000, and a browser of its customer."""
    lines = [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(2))]
    invoice = make_issued_invoice(world, lines, customer=make_customer(world))
    return invoice, invited(world, invoice.customer)


def told(browser: Client, invoice_id: UUID, **facts: object) -> object:
    facts = {"amount": "222.000", "paid_on": (now() - timedelta(days=1)).date().isoformat(), **facts}
    return browser.post(f"/portal/invoices/{invoice_id}/payment", facts)


def test_a_told_payment_waits_with_its_proof_and_pays_nothing() -> None:
    world = make_world()
    invoice, browser = owing(world)

    answer = told(browser, invoice.pk, files=SimpleUploadedFile("bukti.png", PNG), text="Dari BCA")
    again = told(browser, invoice.pk)
    page = browser.get(f"/portal/invoices/{invoice.pk}").content.decode()

    case = PortalCase.objects.get()
    assert (answer.status_code, again.status_code) == (303, 422)  # type: ignore[attr-defined]
    assert (case.status, case.amount, case.invoice_id) == ("open", Decimal(222_000), invoice.pk)
    assert (InvoiceBalance.objects.get(invoice=invoice).allocated, Payment.objects.count()) == (0, 0)
    assert Attachment.objects.filter(subject_id=case.pk, purpose="proof").count() == 1
    assert "Pembayaran dilaporkan" in page
    assert "Lunas" not in page


@pytest.mark.parametrize("facts", [{"amount": "0"}, {"amount": "-5"}, {"amount": "1e99"}, {"paid_on": "2099-01-01"},
                                   {"paid_on": "x"}, {"amount": "1,234"}])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(facts: dict[str, str]) -> None:
    invoice, browser = owing(make_world())

    assert told(browser, invoice.pk, **facts).status_code == 422  # type: ignore[attr-defined]
    assert PortalCase.objects.count() == 0


def test_a_file_that_is_no_picture_and_no_pdf_is_refused_whole() -> None:
    invoice, browser = owing(make_world())

    answer = told(browser, invoice.pk, files=SimpleUploadedFile("bukti.png", b"MZ\x90<script>"))

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert (PortalCase.objects.count(), Attachment.objects.filter(purpose="proof").count()) == (0, 0)


def test_the_office_records_the_money_and_the_invoice_is_paid() -> None:
    world = make_world()
    invoice, browser = owing(world)
    told(browser, invoice.pk)
    case = PortalCase.objects.get()
    office = log_in(world.owner)

    shown = office.get(f"/portal-cases/{case.pk}").content.decode()
    answer = office.post(f"/portal-cases/{case.pk}/payment", {"amount": "222.000", "paid_on": "2026-11-24"})

    case.refresh_from_db()
    assert (answer.status_code, case.status, case.payment.amount) == (303, "settled", Decimal(222_000))
    assert InvoiceBalance.objects.get(invoice=invoice).allocated == Decimal(222_000)
    assert invoice.number in shown


def test_money_that_comes_by_itself_ends_what_was_told_once() -> None:
    world = make_world()
    invoice, browser = owing(world)
    told(browser, invoice.pk)
    payment = make_payment(world, invoice.customer_id, 222_000)
    facts = {"payment_id": payment.pk, "customer_id": invoice.customer_id, "at": now()}

    first, again = end_with_payment(**facts), end_with_payment(**facts)

    case = PortalCase.objects.get()
    assert (first, again, case.status, case.payment_id) == ([case.pk], [], "settled", payment.pk)


def test_a_payment_of_another_customer_settles_nothing_and_an_ended_case_stays() -> None:
    world = make_world()
    invoice, browser = owing(world)
    told(browser, invoice.pk)
    case = PortalCase.objects.get()
    other = make_payment(world, make_customer(world).pk, 5)
    office = log_in(world.owner)

    refused = office.post(f"/portal-cases/{case.pk}/end", {"payment": str(other.pk)})
    office.post(f"/portal-cases/{case.pk}/end", {"outcome": "declined", "text": "Tidak ada"})

    assert refused.status_code == 404
    assert PortalCase.objects.get().status == "declined"
    with pytest.raises(DatabaseError), transaction.atomic():
        PortalCase.objects.update(status="settled")


def test_a_dispute_stops_reminders_is_talked_over_and_ends_with_the_invoices_own() -> None:
    world = make_world()
    invoice, browser = owing(world)
    line = invoice.lines.get()

    answer = browser.post(
        f"/portal/invoices/{invoice.pk}/dispute",
        {"line": str(line.pk), "reason": "damaged", "text": "Pecah <b>dua</b>", "amount": "111.000"},
    )
    case = PortalCase.objects.get()
    mails = Email.objects.count()
    log_in(world.owner).post(f"/portal-cases/{case.pk}/answer", {"text": "Kami periksa"})
    browser.post(f"/portal/cases/{case.pk}", {"text": "Terima kasih"})
    dispute = Dispute.objects.get(invoice=invoice)
    settle_dispute(dispute_id=dispute.pk, settlement="Nota kredit dibuat", by=world.owner, at=now())
    ended, again = (end_with_dispute(dispute_id=dispute.pk, by=world.owner.pk, at=now()) for _turn in range(2))
    page = browser.get(f"/portal/cases/{case.pk}").content.decode()

    assert answer.status_code == 303
    assert (dispute.amount, dispute.raised_by_name) == (Decimal(111_000), "Sari")
    assert (ended, again) == ([case.pk], [])
    texts = list(CaseNote.objects.order_by("at", "id").values_list("text", flat=True))
    assert texts == ["Pecah <b>dua</b>", "Kami periksa", "Terima kasih", "Nota kredit dibuat"]
    assert "&lt;b&gt;dua" in page
    assert Email.objects.count() == mails + 2


def test_another_customers_case_and_its_files_are_not_there() -> None:
    world = make_world()
    invoice, browser = owing(world)
    told(browser, invoice.pk, files=SimpleUploadedFile("bukti.png", PNG))
    case, file = PortalCase.objects.get(), Attachment.objects.get(purpose="proof")
    stranger = invited(world, make_customer(world), "lain@toko.example")

    assert browser.get(f"/portal/files/{file.pk}").status_code == 200
    assert stranger.get(f"/portal/files/{file.pk}").status_code == 404
    assert stranger.get(f"/portal/cases/{case.pk}").status_code == 404
    assert stranger.post(f"/portal/cases/{case.pk}", {"text": "Hai"}).status_code == 404
    assert CaseNote.objects.count() == 0


def test_declining_needs_a_word() -> None:
    world = make_world()
    invoice, browser = owing(world)
    told(browser, invoice.pk)
    case = PortalCase.objects.get()

    with pytest.raises(Exception, match=r"Tuliskan|Write"):
        end_case(case_id=case.pk, outcome="declined", text=" ", name="A", by=world.owner, at=now())
    assert PortalCase.objects.get().status == "open"
