"""What the customer sees and does with a quotation's link."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from PIL import Image, ImageDraw

from niaga.core.models import OutboxEvent
from niaga.documents.models import Attachment
from niaga.messaging.models import Email, Notice
from niaga.organization.services.change_company import change_company
from niaga.sales.models import Quotation, QuotationAnswer, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_quotation import cancel_quotation
from niaga.sales.services.mail_quotation import mail_quotation
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.tell_seller import tell_seller
from tests.makers import NOW, make_customer, make_product, make_quotation, make_world

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/130"}


@pytest.fixture(autouse=True)
def at_now(time_machine):
    cache.clear()
    time_machine.move_to(NOW, tick=False)


def signature() -> str:
    image = Image.new("RGBA", (720, 240))
    ImageDraw.Draw(image).line([(40, 120), (300, 60), (600, 180)], fill=(20, 20, 20, 255), width=5)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def an_offer(**customer):
    world = make_world()
    coffee, sugar, rice = (make_product(world, price=Decimal(price)) for price in (100_000, 50_000, 30_000))
    quotation = make_quotation(
        world,
        [
            LineInput(product_id=coffee.id, quantity=Decimal(2)),
            LineInput(product_id=sugar.id, is_optional=True),
            LineInput(product_id=rice.id, is_optional=True),
        ],
        customer=make_customer(world, **{"email": "sari@example.com", **customer}),
    )
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    link = share_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    return world, quotation, "/l/" + link.rsplit("/", 1)[1]


def test_the_customer_looks_and_the_seller_sees_it():
    world, quotation, link = an_offer()

    page = Client().get(link, **BROWSER)

    assert page.status_code == 200
    assert "Penawaran untuk" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert OutboxEvent.objects.filter(kind="QuotationChanged", payload__what="opened").count() == 1
    seller = Client()
    seller.force_login(world.owner)
    assert "Dibuka pelanggan" in seller.get(f"/quotations/{quotation.id}").content.decode()


def test_the_page_names_the_seller_as_the_paper_does():
    world, _quotation, link = an_offer()
    change_company(company_id=world.company.id, by=world.owner, at=NOW, name="Uji", legal_name="PT Uji Perkasa")

    page = Client().get(link, **BROWSER).content.decode()

    assert '<span class="seller"><b>PT Uji Perkasa</b></span>' in page
    assert "Anda memesan dari PT Uji Perkasa" in page


def test_the_page_speaks_the_customers_language():
    _world, _quotation, link = an_offer(language="en")

    assert "Quotation for" in Client().get(link, **BROWSER).content.decode()


def test_options_are_counted_by_the_server_and_nothing_is_written():
    _world, quotation, link = an_offer()
    sugar = QuotationLine.objects.get(quotation=quotation, position=2)

    answer = Client().post(f"{link}/totals", {"chosen": [str(sugar.id)]}, **BROWSER)

    assert "Rp\u00a0277.500" in answer.content.decode()  # 250,000 + 11 %
    assert Quotation.objects.get(pk=quotation.id).total == 222_000


def test_the_customer_chooses_signs_and_the_order_is_there():
    _world, quotation, link = an_offer()
    sugar = QuotationLine.objects.get(quotation=quotation, position=2)
    client = Client()

    answer = client.post(
        f"{link}/acceptance", {"name": "Ibu Sari", "signature": signature(), "chosen": [str(sugar.id)]}, **BROWSER
    )

    assert (answer.status_code, answer["Location"]) == (302, link)
    order = SalesOrder.objects.get(quotation=quotation)
    assert (order.total, SalesOrderLine.objects.filter(order=order).count()) == (277_500, 2)
    kept = QuotationAnswer.objects.get(quotation=quotation)
    assert (kept.name, kept.through_link, kept.by) == ("Ibu Sari", True, None)
    assert Attachment.objects.get(pk=kept.signature_id).purpose == "signature"
    assert "Disetujui oleh Ibu Sari" in client.get(link, **BROWSER).content.decode()


def test_who_accepts_twice_is_told_kindly_and_one_order_is_written():
    _world, quotation, link = an_offer()
    form = {"name": "Ibu Sari", "signature": signature()}
    Client().post(f"{link}/acceptance", form, **BROWSER)

    again = Client().post(f"{link}/acceptance", form, **BROWSER)

    assert again.status_code == 409
    assert "Disetujui oleh Ibu Sari" in again.content.decode()
    assert SalesOrder.objects.filter(quotation=quotation).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("days", "outcomes", "words", "orders"),
    [(0, [302, 409, 409, 409], "Disetujui oleh Ibu Sari", 1), (60, [409] * 4, "berlaku sampai", 0)],
)
def test_of_four_acceptances_at_once_through_the_link_one_is_taken_and_none_when_the_offer_is_over(
    time_machine, days, outcomes, words, orders
):
    _world, quotation, link = an_offer()
    time_machine.move_to(NOW + timedelta(days=days), tick=False)
    form = {"name": "Ibu Sari", "signature": signature()}

    def accept(_number: int) -> tuple[int, str]:
        try:
            answer = Client().post(f"{link}/acceptance", form, **BROWSER)
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(accept, range(4)))

    assert [status for status, _page in answers] == outcomes
    assert all(words in page for status, page in answers if status == 409)
    assert SalesOrder.objects.filter(quotation=quotation).count() == orders
    assert QuotationAnswer.objects.filter(quotation=quotation).count() == orders


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "signature": "yes"}, "Tulis nama Anda."),
        ({"name": "Ibu Sari", "signature": ""}, "Bubuhkan tanda tangan di kotak."),
        ({"name": "Ibu Sari", "signature": "data:image/png;base64,AAAA"}, ""),
        ({"name": "Ibu Sari", "signature": "data:text/html;base64,PGI+"}, "Bubuhkan tanda tangan di kotak."),
    ],
)
def test_without_name_or_signature_nothing_is_accepted(form, words):
    _world, quotation, link = an_offer()
    if form["signature"] == "yes":
        form = {**form, "signature": signature()}

    answer = Client().post(f"{link}/acceptance", form, **BROWSER)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Quotation.objects.get(pk=quotation.id).status == "sent"
    assert not Attachment.objects.exists()


def test_the_customer_declines_with_a_reason():
    world, quotation, link = an_offer()

    Client().post(f"{link}/decline", {"reason": "Terlalu mahal"}, **BROWSER)

    answer = QuotationAnswer.objects.get(quotation=quotation)
    assert (answer.accepted, answer.reason) == (False, "Terlalu mahal")
    assert "ditolak" in Client().get(link, **BROWSER).content.decode()
    seller = Client()
    seller.force_login(world.owner)
    assert "Terlalu mahal" in seller.get(f"/quotations/{quotation.id}").content.decode()


def test_an_offer_that_is_over_or_withdrawn_says_so_and_cannot_be_accepted(time_machine):
    world, quotation, link = an_offer()
    time_machine.move_to(NOW + timedelta(days=60), tick=False)

    page = Client().get(link, **BROWSER)
    refused = Client().post(f"{link}/acceptance", {"name": "Sari", "signature": signature()}, **BROWSER)

    assert "berlaku sampai" in page.content.decode()
    assert "canvas" not in page.content.decode()
    assert refused.status_code == 409
    time_machine.move_to(NOW, tick=False)
    cancel_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    assert "tidak berlaku lagi" in Client().get(link, **BROWSER).content.decode()
    assert SalesOrder.objects.count() == 0


def test_the_page_needs_the_forms_token_and_bears_no_hammering():
    _world, _quotation, link = an_offer()

    assert Client(enforce_csrf_checks=True).post(f"{link}/decline", {}, **BROWSER).status_code == 403
    answers = [Client().post(f"{link}/acceptance", {}, **BROWSER).status_code for _ in range(20)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_the_pdf_is_the_customers_too():
    _world, _quotation, link = an_offer()

    answer = Client().get(f"{link}/pdf", **BROWSER)

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert Client().get(f"{link}/nothing", **BROWSER).status_code == 404


def test_a_sent_quotation_is_mailed_once_with_its_pdf_and_a_link():
    world = make_world()
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id)], valid_until=date(2026, 12, 1))
    send_quotation(quotation_id=quotation.id, to=["sari@example.com"], message="Silakan, Bu.", by=world.owner, at=NOW)

    facts = {
        "quotation_id": quotation.id,
        "to": ["sari@example.com"],
        "message": "Silakan, Bu.",
        "sent_by": world.owner.id,
    }
    assert mail_quotation(**facts, sent_at=NOW, at=NOW)
    assert not mail_quotation(**facts, sent_at=NOW, at=NOW + timedelta(minutes=1))

    mail = Email.objects.get()
    assert (mail.to, mail.subject) == (["sari@example.com"], f"Penawaran {quotation.number} dari {world.company.name}")
    assert mail.text.startswith("Silakan, Bu.")
    assert "1 Des 2026" in mail.text
    [pdf] = mail.files.all()
    assert bytes(pdf.content).startswith(b"%PDF")
    link = next(word for word in mail.text.split() if "/l/" in word)
    assert Client().get("/l/" + link.rsplit("/", 1)[1], **BROWSER).status_code == 200


def test_the_sellers_bell_rings_when_the_customer_answers():
    world, quotation, _link = an_offer()

    tell_seller(quotation_id=quotation.id, what="accepted", but=None, at=NOW)
    tell_seller(quotation_id=quotation.id, what="accepted", but=world.owner.id, at=NOW)
    tell_seller(quotation_id=quotation.id, what="opened", but=None, at=NOW)

    notice = Notice.objects.get()
    assert (notice.user_id, notice.url) == (quotation.salesperson_id, f"/quotations/{quotation.id}")
