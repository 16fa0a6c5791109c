"""Bea meterai: which papers bear it, by which rule of the day, and the e-meterai that is put on them."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from niaga.core.errors import Forbidden, Invalid
from niaga.documents.errors import NoStampDuty, StampTaken
from niaga.documents.models import AffixedStamp
from niaga.documents.registry import papers
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.invoices import listed_invoices
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.stamp_invoice import stamp_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.organization.rules.stamp_duty import duty_by_law
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.payments.models import Payment
from niaga.payments.queries.payments import get_payment, listed_payments
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.stamp_payment import stamp_payment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    log_in,
    make_confirmed_order,
    make_customer,
    make_payment,
    make_product,
    make_stock,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
SERIAL = "KQ12AB7890CD3456EF12"


@pytest.fixture
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_world()


def paid(world, amount, customer=None):
    return make_payment(world, (customer or make_customer(world)).id, amount, invoices=[])


def payload_of(kind, subject_id, language="id"):
    paper = papers.get(kind)(subject_id=subject_id, by=SYSTEM, language=language, variant="")
    return print_payload(kind=paper.kind, document=paper.data, language=language)


def rules(world, **changes):
    facts = fiscal_setting(world.company.id, NOW.date())
    kept = {name: getattr(facts, name) for name in ("charges_tax", "prices_include_tax", "round_total_to")}
    set_fiscal_setting(company_id=world.company.id, by=world.owner, at=NOW, **kept, **changes)


def make_order_worth(world, price, **details):
    product = make_product(world, price=Decimal(price))
    make_stock(world, {product.id: Decimal(10)})
    return make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(1))], **details)


def test_a_receipt_over_more_than_five_million_bears_ten_thousand_and_exactly_five_million_is_free(world):
    free, bound = paid(world, 5_000_000), paid(world, 5_000_001)

    assert (free.stamp_duty, bound.stamp_duty) == (Decimal(0), Decimal(10_000))
    assert get_payment(payment_id=free.id, by=world.owner).stamp_state == "none"
    assert get_payment(payment_id=bound.id, by=world.owner).stamp_state == "due"
    assert payload_of("payment", free.id)["stamp_place"] is None
    place = payload_of("payment", bound.id)["stamp_place"]
    assert place == {"label": "Bea meterai Rp\u00a010.000", "text": "Tempat e-meterai"}
    printed = print_paper(kind="payment", subject_id=bound.id, by=world.owner, at=NOW, language="en")
    with pikepdf.open(io.BytesIO(printed.content)) as pdf:
        assert len(pdf.pages) == 1


def test_companies_elsewhere_start_without_it_and_the_law_has_its_day(time_machine):
    time_machine.move_to(NOW, tick=False)
    elsewhere = make_world(country="DE", currency="EUR", zone="Europe/Berlin")

    assert paid(elsewhere, 9_000_000).stamp_duty == 0
    assert duty_by_law(country="ID", currency="IDR", on=date(2020, 12, 31)) == (0, 0)
    assert duty_by_law(country="ID", currency="IDR", on=date(2021, 1, 1)) == (10_000, 5_000_000)


def test_a_new_rule_holds_from_its_day_and_moves_no_receipt(world):
    before = paid(world, 6_000_000)

    rules(world, valid_from=NOW.date(), stamp_duty=Decimal(12_000), stamp_duty_above=Decimal(7_000_000))
    small, large = paid(world, 6_000_000), paid(world, 8_000_000)
    rules(world, valid_from=NOW.date(), stamp_duty=Decimal(0))
    off = paid(world, 8_000_000)

    assert [one.stamp_duty for one in (before, small, large, off)] == [10_000, 0, 12_000, 0]
    assert get_payment(payment_id=before.id, by=world.owner).duty == 10_000
    with pytest.raises(Invalid):
        rules(world, valid_from=NOW.date(), stamp_duty=Decimal(-1))


def test_a_receipt_in_dollars_is_measured_in_rupiah(world):
    shared = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    choose_currencies(**shared, currencies=["USD"], rate_days=7)
    write_exchange_rates(**shared, rates=[NewExchangeRate("USD", Decimal(16_000), NOW.date())], source="JISDOR")

    def in_dollars(amount):
        return record_payment(
            customer_id=make_customer(world).id, branch_id=world.branch.id, invoices=[], by=world.owner, at=NOW,
            details=PaymentDetails(method="transfer", currency="USD", amount=Decimal(amount)),
        )  # fmt: skip

    assert in_dollars("312.50").stamp_duty == 0  # Rp 5,000,000 exactly
    assert in_dollars("312.51").stamp_duty == 10_000


def test_an_invoice_bears_it_only_for_the_down_payment_that_it_takes_off(world):
    plain = make_order_worth(world, 90_000_000)
    order = make_order_worth(world, 20_000_000)
    small = make_order_worth(world, 20_000_000)
    for one, amount in ((order, 5_000_001), (small, 5_000_000)):
        advance = invoice_down_payment(order_id=one.id, amount=Decimal(amount), by=world.owner, at=NOW)
        issue_invoice(invoice_id=advance, by=world.owner, at=NOW)

    bills = [
        issue_invoice(
            invoice_id=invoice_order(order_id=one.id, basis="ordered", by=world.owner, at=NOW), by=world.owner, at=NOW
        )
        for one in (plain, order, small)
    ]

    rows = Invoice.objects.order_by("number").values_list("kind", "stamp_duty")
    assert list(rows) == [
        ("down_payment", 0), ("down_payment", 0), ("invoice", 0), ("invoice", 10_000), ("invoice", 0),
    ]  # fmt: skip
    assert payload_of("invoice", bills[0].id)["stamp_place"] is None
    assert payload_of("invoice", bills[1].id)["stamp_place"]["label"] == "Bea meterai Rp\u00a010.000"
    due = listed_invoices(by=world.owner, today=NOW.date()).filter(stamp_state="due")
    assert list(due.values_list("pk", flat=True)) == [bills[1].id]
    assert stamp_invoice(invoice_id=bills[1].id, serial=SERIAL, by=world.owner, at=NOW) == SERIAL
    with pytest.raises(NoStampDuty):
        stamp_invoice(invoice_id=bills[0].id, serial=f"{SERIAL}9", by=world.owner, at=NOW)
    assert AffixedStamp.objects.count() == 1


def test_what_is_from_before_is_figured_and_not_changed(world):
    old = paid(world, 6_000_000)
    Payment.objects.filter(pk=old.id).update(stamp_duty=None)  # as it was recorded before the duty was kept

    rules(world, valid_from=date(2026, 11, 24), stamp_duty=Decimal(0))
    found = get_payment(payment_id=old.id, by=world.owner)

    assert (found.stamp_duty, found.duty, found.stamp_state) == (None, 10_000, "due")
    assert list(listed_payments(by=world.owner).filter(stamp_state="due").values_list("pk", flat=True)) == [old.id]


def test_affixing_is_a_deed_with_history_and_an_e_meterai_is_for_one_document(world):
    first, second = paid(world, 6_000_000), paid(world, 7_000_000)
    browser = log_in(world.owner)

    answer = browser.post(f"/payments/{first.id}/stamp", {"serial": " kq12ab-7890cd 3456ef12 "})
    with pytest.raises(StampTaken):
        stamp_payment(payment_id=second.id, serial=SERIAL, by=world.owner, at=NOW)
    with pytest.raises(Invalid):
        stamp_payment(payment_id=second.id, serial="1234", by=world.owner, at=NOW)

    assert answer.status_code == 303
    assert AffixedStamp.objects.values_list("subject_id", "serial", "duty").get() == (first.id, SERIAL, 10_000)
    assert payload_of("payment", first.id)["stamp_place"]["text"] == SERIAL
    page = browser.get(f"/payments/{first.id}").content.decode()
    assert page.count(SERIAL) >= 2  # the axis and the timeline
    assert "Rp\u00a010.000 · Perlu dibubuhkan" in browser.get(f"/payments/{second.id}").content.decode()
    listed = browser.get("/payments?stamp=affixed").content.decode()
    assert first.number in listed
    assert second.number not in listed
    stamp_payment(payment_id=first.id, serial=f"{SERIAL}X", by=world.owner, at=NOW)
    page = browser.get(f"/payments/{first.id}").content.decode()
    assert SERIAL in page.replace(f"{SERIAL}X", "")  # what stood there before


def test_who_may_not_record_payments_affixes_none_and_a_reversed_one_bears_none(world):
    payment = paid(world, 6_000_000)

    with pytest.raises(Forbidden):
        stamp_payment(payment_id=payment.id, serial=SERIAL, by=make_user(world.company, "auditor"), at=NOW)
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=NOW)
    with pytest.raises(NoStampDuty):
        stamp_payment(payment_id=payment.id, serial=SERIAL, by=world.owner, at=NOW)

    assert AffixedStamp.objects.count() == 0
