"""What a customer is shown to pay before there is an invoice."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.documents.registry import papers
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Invoice
from niaga.ledger.models import JournalEntry
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.parties.models import TimelineEntry
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import ProForma, SalesOrder
from niaga.sales.queries.documents import order_lines
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.make_pro_forma import make_pro_forma
from niaga.sales.services.send_pro_forma import send_pro_forma
from niaga.sales.services.share_pro_forma import share_pro_forma
from tests.makers import (
    NOW,
    log_in,
    make_confirmed_order,
    make_customer,
    make_order,
    make_product,
    make_quotation,
    make_stock,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_world()


def make_line(world, quantity=100):
    product = make_product(world, price=Decimal(92_000))
    make_stock(world, {product.id: Decimal(1_000)})
    return LineInput(product_id=product.id, quantity=Decimal(quantity))


def paper_of(made, language="id"):
    paper = papers.get("pro_forma")(subject_id=made.id, by=SYSTEM, language=language, variant="")
    return print_payload(kind=paper.kind, document=paper.data, language=language)


def test_a_pro_forma_shows_the_orders_own_figures_and_posts_nothing(world):
    shared = {"by": world.owner, "at": NOW}
    keep_bank_account(company_id=world.company.id, bank="BCA", number="0881234567", holder="PT Uji", **shared)
    keep_bank_account(
        company_id=world.company.id, bank="DBS", number="777888999", holder="PT Uji", currency="USD", **shared
    )
    order = make_order(world, [make_line(world)])
    entries = JournalEntry.objects.count()

    made = make_pro_forma(order_id=order.id, **shared)

    assert (made.number, made.total, made.pay_now) == (f"{order.number}-P1", order.total, order.total)
    assert made.valid_until == made.date + timedelta(days=14)
    assert (JournalEntry.objects.count(), Invoice.objects.count()) == (entries, 0)
    for language, words in (("id", "Bukan faktur pajak dan bukan tagihan"), ("en", "No tax invoice and no claim")):
        told = paper_of(made, language)
        assert told["title"] == "Proforma Invoice"
        assert told["notice"].startswith(words)
        assert [bank["bank"] for bank in told["banks"]["rows"]] == ["BCA"]
    assert {row["label"] for row in paper_of(made)["totals"]} >= {"Total", "Dibayar sekarang"}
    assert ["No. pesanan", order.number] in paper_of(made)["facts"]


def test_a_down_payment_is_asked_for_to_the_rupiah_that_its_invoice_claims(world):
    line = make_line(world, 7)
    order = make_confirmed_order(world, [line, make_line(world, 3)])

    made = make_pro_forma(order_id=order.id, percent=Decimal("33.3"), by=world.owner, at=NOW)
    invoice_id = invoice_down_payment(order_id=order.id, percent=Decimal("33.3"), by=world.owner, at=NOW)

    assert made.pay_now == Invoice.objects.get(pk=invoice_id).total
    totals = {row["label"]: row["value"].replace("\u00a0", " ") for row in paper_of(made)["totals"]}
    assert totals["Dibayar sekarang"].startswith("Rp ")
    with pytest.raises(WrongState):  # it is billed now
        make_pro_forma(order_id=order.id, by=world.owner, at=NOW)
    assert ProForma.objects.count() == 1


def test_the_next_one_says_what_it_replaces_and_the_kept_pdf_stays_as_it_was(world):
    order = make_confirmed_order(world, [make_line(world)])
    shared = {"by": world.owner, "at": NOW}
    first = make_pro_forma(order_id=order.id, **shared)
    kept = {
        language: print_paper(kind="pro_forma", subject_id=first.id, language=language, **shared).content
        for language in ("id", "en")
    }
    line = order_lines(order_id=order.id)[0]
    amend_order(
        order_id=order.id, version=None, reason="Kurang", **shared,
        lines=[LineInput(id=line.id, product_id=line.product_id, quantity=Decimal(60))],
    )  # fmt: skip

    with pytest.raises(WrongState):  # of an order that changed it goes nowhere
        share_pro_forma(pro_forma_id=first.id, **shared)
    second = make_pro_forma(order_id=order.id, **shared)

    assert (second.number, second.replaces_id) == (f"{order.number}-P2", first.id)
    assert ["Menggantikan", first.number] in paper_of(second)["facts"]
    assert second.total == SalesOrder.objects.get(pk=order.id).total < first.total
    for language, content in kept.items():
        again = print_paper(kind="pro_forma", subject_id=first.id, language=language, **shared)
        assert again.content == content
        assert again.name == f"{first.number}.pdf"
    with pytest.raises(WrongState):
        send_pro_forma(pro_forma_id=first.id, to=["sari@example.com"], **shared)
    assert Email.objects.count() == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        ProForma.objects.filter(pk=first.id).update(total=1)


def test_it_is_mailed_with_words_link_and_pdf_and_told_on_the_timeline(world):
    customer = make_customer(world, name="Toko Makmur", language="en")
    quotation = make_quotation(world, [make_line(world)], customer=customer)
    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    made = make_pro_forma(order_id=order.id, percent=Decimal(50), by=world.owner, at=NOW)

    with translation.override("id"):
        email_id = send_pro_forma(pro_forma_id=made.id, to=["sari@example.com"], by=world.owner, at=NOW)

    email = Email.objects.get(pk=email_id)
    assert email.subject.startswith(f"Pro-forma {made.number} from ")
    assert "no tax invoice and no claim" in email.text
    assert [one.name for one in email.files.all()] == [f"{made.number}.pdf"]
    assert TimelineEntry.objects.filter(kind="order.pro_forma_sent", number=made.number).count() == 1
    address = re.search(r"https?://\S+/l/\S+", email.text).group()
    opened = Client(headers={"User-Agent": "Mozilla/5.0"}).get(urlsplit(address).path)
    assert opened.status_code == 200
    page = log_in(world.owner).get(f"/orders/{order.id}").content.decode()
    assert page.count(made.number) >= 3
    assert "Dibuka pelanggan" in page or "Opened by the customer" in page


def test_the_customers_page_tells_banks_only_while_it_holds(world):
    shared = {"by": world.owner, "at": NOW}
    keep_bank_account(company_id=world.company.id, bank="BCA", number="0881234567", holder="PT Uji", **shared)
    order = make_confirmed_order(world, [make_line(world)])
    first = make_pro_forma(order_id=order.id, **shared)
    path = urlsplit(share_pro_forma(pro_forma_id=first.id, **shared)).path

    open_page, pdf = Client().get(path), Client().get(f"{path}/pdf")
    second = make_pro_forma(order_id=order.id, percent=Decimal(10), **shared)
    replaced, no_pdf = Client().get(path), Client().get(f"{path}/pdf")

    assert "0881234567" in open_page.content.decode()
    with pikepdf.open(io.BytesIO(b"".join(pdf.streaming_content) if pdf.streaming else pdf.content)) as read:
        assert len(read.pages) == 1
    assert second.number in replaced.content.decode()
    assert "0881234567" not in replaced.content.decode()
    assert no_pdf.status_code == 404


def test_what_is_billed_ended_or_out_of_range_is_refused(world):
    shared = {"by": world.owner, "at": NOW}
    ended, billed, open_order = (make_confirmed_order(world, [make_line(world)]) for _turn in range(3))
    cancel_order(order_id=ended.id, reason="Batal", **shared)
    invoice_order(order_id=billed.id, basis="ordered", **shared)

    for order in (ended, billed):
        with pytest.raises(WrongState):
            make_pro_forma(order_id=order.id, **shared)
    for asked in (
        {"percent": Decimal(101)},
        {"percent": Decimal(10), "amount": Decimal(10)},
        {"amount": Decimal(0)},
        {"valid_until": NOW.date() - timedelta(days=1)},
        {"valid_until": NOW.date() + timedelta(days=400)},
    ):
        with pytest.raises(Invalid):
            make_pro_forma(order_id=open_order.id, **asked, **shared)
    with pytest.raises(OverInvoicing):
        make_pro_forma(order_id=open_order.id, amount=open_order.total + 1, **shared)
    assert ProForma.objects.count() == 0


def test_who_may_not_send_orders_makes_and_hands_over_none(world):
    order = make_confirmed_order(world, [make_line(world)])
    made = make_pro_forma(order_id=order.id, by=world.owner, at=NOW)
    finance = make_user(world.company, "finance")

    for deed in (
        lambda: make_pro_forma(order_id=order.id, by=finance, at=NOW),
        lambda: send_pro_forma(pro_forma_id=made.id, to=["sari@example.com"], by=finance, at=NOW),
        lambda: share_pro_forma(pro_forma_id=made.id, by=finance, at=NOW),
    ):
        with pytest.raises(Forbidden):
            deed()
    page = log_in(finance).get(f"/orders/{order.id}").content.decode()
    assert made.number in page
    assert "send-pro-forma" not in page
    assert ProForma.objects.count() == 1


def test_the_api_makes_lists_shares_and_tells_the_state(world):
    order = make_confirmed_order(world, [make_line(world)])
    token = create_token(user_id=world.owner.id, name="api", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    address = f"/api/v1/orders/{order.id}/pro-formas"

    made = api.post(address, {"percent": "25", "valid_until": "2026-12-01"}, content_type="application/json")
    again = api.post(address, {}, content_type="application/json")
    first, listed = api.get(made["Location"]).json(), api.get(address).json()["items"]
    link = api.post(f"/api/v1/pro-formas/{again.json()['id']}/links", {}, content_type="application/json")
    sent = api.post(
        f"/api/v1/pro-formas/{again.json()['id']}/sending",
        {"to": ["sari@example.com"]},
        content_type="application/json",
    )
    late = api.post(f"/api/v1/pro-formas/{first['id']}/links", {}, content_type="application/json")

    assert (made.status_code, again.status_code, link.status_code, sent.status_code) == (201, 201, 201, 200)
    assert Decimal(made.json()["pay_now"]) * 4 == order.total
    assert (first["state"], again.json()["state"], first["valid_until"]) == ("replaced", "valid", "2026-12-01")
    assert [one["number"] for one in listed] == [f"{order.number}-P2", f"{order.number}-P1"]
    assert listed[0]["replaces_id"] == first["id"]
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_a_collector_is_asked_only_for_what_it_pays_to_us(world):
    collector = make_customer(world)
    save_tax_treatment(
        customer_id=collector.id, valid_from=date(2026, 1, 1), transaction_code="02", note="Bendahara",
        by=world.owner, at=NOW,
    )  # fmt: skip
    order = make_confirmed_order(world, [make_line(world)], customer=collector)
    tax = sum(line.tax for line in order_lines(order_id=order.id))

    whole = make_pro_forma(order_id=order.id, by=world.owner, at=NOW)
    half = make_pro_forma(order_id=order.id, percent=Decimal(50), by=world.owner, at=NOW)
    invoice_id = invoice_down_payment(order_id=order.id, percent=Decimal(50), by=world.owner, at=NOW)

    assert (whole.tax_by_buyer, whole.pay_now) == (tax, order.total - tax)
    assert half.pay_now == Invoice.objects.get(pk=invoice_id).payable
    labels = [row["label"] for row in paper_of(half)["totals"]]
    assert labels[-3:] == ["Pajak disetor pembeli ke negara", "Sisa, ditagih kemudian", "Dibayar sekarang"]


def test_a_draft_that_needs_a_yes_has_no_pro_forma_before_it(world):
    step = {"mode": "any", "approvers": [{"seat": "user", "key": str(world.owner.id)}], "hours": None, "then": ""}
    above = {"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "10"}]}
    save_rule(
        company_id=world.company.id, details=RuleDetails(name="Diskon", steps=[step], condition=above),
        by=world.owner, at=NOW,
    )  # fmt: skip
    line = make_line(world)
    cheap = LineInput(product_id=line.product_id, quantity=Decimal(1), discount_percent=Decimal(20))

    with pytest.raises(ApprovalNeeded):
        make_pro_forma(order_id=make_order(world, [cheap]).id, by=world.owner, at=NOW)
    assert ProForma.objects.count() == 0
    make_pro_forma(order_id=make_order(world, [line]).id, by=world.owner, at=NOW)
    assert ProForma.objects.count() == 1
