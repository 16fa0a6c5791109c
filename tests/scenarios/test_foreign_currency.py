"""An export sale in dollars from the quotation to the bank, with what the rate gained and lost; and what stands in its
way: a rate that is missing or too old, a currency that is not sold in, a limit in rupiah."""

import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.queries.figures import invoiced_by_day, overdue_invoices
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.organization.errors import CurrencyNotSold, RateMissing
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.parties.services.set_credit import set_credit
from niaga.payments.queries.figures import collected_by_day
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.pricing.rules.replay import replay
from niaga.sales.errors import CreditExceeded, PricesChanged
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.queries.approval_facts import facts_of
from niaga.sales.queries.figures import booked_by_day
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.draft_quotation import QuotationDetails
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.update_order import update_order
from niaga.sales.services.update_quotation import update_quotation
from tests.makers import NOW, log_in, make_customer, make_order, make_product, make_quotation
from tests.promises import broken_promises
from tests.scenarios.foreign_books import DAY, D, balances, exporter, exposure, journal, line, paid, rated

pytestmark = pytest.mark.django_db


def test_an_export_in_dollars_gains_and_loses_by_the_rate_of_each_day() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "16500"), day=DAY + timedelta(days=10))
    rated(world, ("USD", "15800"), day=DAY + timedelta(days=20))
    buyer = make_customer(world, currency="USD")
    coffee = make_product(world, kind="service", price=D(400_000))

    quotation = make_quotation(world, [line(coffee, "40")], customer=buyer)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW, name="Ms Lee")
    order = confirm_order(order_id=order.id, by=world.owner, at=NOW)
    stored = SalesOrder.objects.get(pk=order.pk)

    assert (quotation.currency, quotation.total) == ("USD", D(1000))
    assert (stored.exchange_rate, stored.base_total, stored.exposure) == (D(16_000), D(16_000_000), D(16_000_000))
    assert exposure(buyer.id) == (D(16_000_000), D(0), D(0))

    invoice = issue_invoice(
        invoice_id=invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW), by=world.owner, at=NOW
    )

    assert (invoice.exchange_rate, invoice.base_total) == (D(16_000), D(16_000_000))
    assert journal(invoice.id) == [{"receivable": D(16_000_000), "revenue": D(-16_000_000)}]
    assert exposure(buyer.id) == (D(0), D(16_000_000), D(0))

    first = paid(world, buyer.id, "600", on=DAY + timedelta(days=10))
    second = paid(world, buyer.id, "500", on=DAY + timedelta(days=20))

    assert journal(first.id) == [
        {"bank": D(9_900_000), "receivable": D(-9_600_000), "exchange_gain": D(-300_000)}
    ]  # 600 at 16,500, owed at 16,000
    assert journal(second.id) == [
        {"bank": D(7_900_000), "receivable": D(-6_400_000), "advances": D(-1_580_000), "exchange_loss": D(80_000)}
    ]  # 400 settle, 100 stay with us
    assert exposure(buyer.id) == (D(0), D(0), D(1_580_000))
    told = JournalLine.objects.filter(entry__source_id=second.id).values_list("role", "document_amount")
    assert dict(told) == {"bank": D(500), "receivable": D(-400), "advances": D(-100), "exchange_loss": None}
    head = JournalEntry.objects.get(source_id=second.id)
    assert (head.currency, head.document_currency) == ("IDR", "USD")
    assert broken_promises() == []

    reverse_payment(payment_id=first.id, reason="Bank error", by=world.owner, at=NOW + timedelta(days=21))

    assert journal(first.id)[1] == {"bank": D(-9_900_000), "receivable": D(9_600_000), "exchange_gain": D(300_000)}
    assert exposure(buyer.id) == (D(0), D(9_600_000), D(1_580_000))
    assert broken_promises() == []


def test_prices_are_converted_by_the_rate_of_the_day_and_prove_it() -> None:
    world = exporter()
    rated(world, ("USD", "16450.5"), day=DAY - timedelta(days=2))
    tea = make_product(world, kind="service", price=D(100_000), cost=D(60_000))

    quotation = make_quotation(world, [line(tea, "3"), line(tea, "2", unit_price=D("7.5"))], currency="USD")
    own, typed = QuotationLine.objects.filter(quotation=quotation).order_by("position")

    assert (own.unit_price, own.unit_cost, typed.unit_price) == (D("6.078843"), D("3.647306"), D("7.5"))
    assert [step["code"] for step in own.steps][:2] == ["converted", "gross"]
    assert own.steps[0] | {"value": "6.078843", "rate": "16450.5000000000"} == own.steps[0]
    assert (own.steps[0]["on"], own.steps[0]["currency"]) == ("2026-11-21", "IDR")
    assert replay(own.steps, "USD").unit_price == own.unit_price
    assert (quotation.exchange_rate, quotation.total, quotation.base_total) == (D("16450.5"), D("33.24"), D(546_815))


def test_without_a_rate_of_the_day_the_rate_is_asked_for_and_nothing_is_written() -> None:
    world = exporter()
    rated(world, ("USD", "16000"), day=DAY - timedelta(days=8))
    tea = make_product(world, kind="service", price=D(100_000))

    with pytest.raises(RateMissing) as refusal:
        make_order(world, [line(tea)], currency="USD")

    assert (refusal.value.field, refusal.value.facts["currency"], refusal.value.facts["on"]) == (
        "currency", "USD", "2026-11-23",
    )  # fmt: skip
    assert "USD" in str(refusal.value.message)
    assert not SalesOrder.objects.exists()


def test_a_draft_that_converts_nothing_goes_on_without_a_rate_but_binds_nobody() -> None:
    world = exporter()
    tea = make_product(world, kind="service", price=D(100_000))
    order = make_order(world, [line(tea, "2", unit_price=D("6.25"))], currency="USD")

    with pytest.raises(RateMissing):
        confirm_order(order_id=order.id, by=world.owner, at=NOW)
    stored = SalesOrder.objects.get(pk=order.pk)

    assert (stored.status, stored.total, stored.exchange_rate, stored.base_total) == ("draft", D("12.5"), None, None)
    assert exposure(order.customer_id) == (D(0), D(0), D(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        SalesOrder.objects.filter(pk=order.pk).update(status="confirmed")

    rated(world, ("USD", "16000"))
    assert confirm_order(order_id=order.id, by=world.owner, at=NOW).exposure == D(200_000)


def test_an_order_that_waited_is_asked_about_when_the_rate_moved() -> None:
    world = exporter()
    rated(world, ("USD", "16000"), day=DAY - timedelta(days=1))
    tea = make_product(world, kind="service", price=D(160_000))
    order = make_order(world, [line(tea)], currency="USD")
    rated(world, ("USD", "17000"))

    with pytest.raises(PricesChanged) as refusal:
        confirm_order(order_id=order.id, by=world.owner, at=NOW)

    assert [(one["old"], one["new"]) for one in refusal.value.lines] == [(D(10), D("9.411765"))]
    assert SalesOrder.objects.get(pk=order.pk).status == "draft"


def test_only_currencies_that_the_company_sells_in_are_taken() -> None:
    world = exporter("USD")
    rated(world, ("USD", "16000"), ("EUR", "18000"))
    tea = make_product(world, kind="service", price=D(160_000))

    with pytest.raises(CurrencyNotSold) as refusal:
        make_quotation(world, [line(tea)], currency="EUR")

    assert refusal.value.field == "currency"
    assert not Quotation.objects.exists()
    of_euros = make_customer(world, currency="EUR")
    assert make_quotation(world, [line(tea)], customer=of_euros).currency == "IDR"


def test_changing_the_currency_of_a_draft_prices_it_anew() -> None:
    world = exporter("USD", "JPY", "KWD")
    rated(world, ("USD", "16000"), ("JPY", "106.5"), ("KWD", "53000"))
    tea = make_product(world, kind="service", price=D(123_456))
    order = make_order(world, [line(tea, "3")])
    quotation = make_quotation(world, [line(tea, "3")])
    seen = {}

    for currency in ("USD", "JPY", "KWD", "IDR"):
        saved = update_order(
            order_id=order.id, version=None, lines=[line(tea, "3")], details=OrderDetails(currency=currency),
            by=world.owner, at=NOW,
        )  # fmt: skip
        seen[currency] = (saved.total, saved.base_total, SalesOrderLine.objects.get(order=order).unit_price)
        offered = update_quotation(
            quotation_id=quotation.id, version=None, lines=[line(tea, "3")],
            details=QuotationDetails(currency=currency), by=world.owner, at=NOW,
        )  # fmt: skip
        assert (offered.total, offered.base_total) == seen[currency][:2]

    assert seen == {
        "USD": (D("23.15"), D(370_400), D("7.716")),
        "JPY": (D(3478), D(370_407), D("1159.211268")),
        "KWD": (D("6.988"), D(370_364), D("2.329358")),
        "IDR": (D(370_368), D(370_368), D(123_456)),
    }


def test_a_limit_in_rupiah_holds_for_dollars() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    buyer = make_customer(world)
    set_credit(customer_id=buyer.id, limit=D(1_600_000), on_hold=False, by=world.owner, at=NOW)
    tea = make_product(world, kind="service", price=D(160_000))
    within = make_order(world, [line(tea, "10")], customer=buyer, currency="USD")
    above = make_order(world, [line(tea, "1")], customer=buyer, currency="USD")
    confirm_order(order_id=within.id, by=world.owner, at=NOW)

    with pytest.raises(CreditExceeded) as refusal:
        confirm_order(order_id=above.id, by=world.owner, at=NOW)

    assert (refusal.value.facts["exposure"], refusal.value.facts["over_by"]) == (D(1_600_000), D(160_000))
    assert SalesOrder.objects.get(pk=above.pk).status == "draft"
    assert exposure(buyer.id) == (D(1_600_000), D(0), D(0))


def test_what_was_paid_ahead_is_revenue_at_the_rate_of_then() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    later = NOW + timedelta(days=5)
    rated(world, ("USD", "17000"), day=DAY + timedelta(days=5))
    buyer = make_customer(world, currency="USD")
    tea = make_product(world, kind="service", price=D(1_600_000))
    order = make_order(world, [line(tea, "10")], customer=buyer)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)

    ahead = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW), by=world.owner,
        at=NOW,
    )  # fmt: skip
    final = issue_invoice(
        invoice_id=invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=later), by=world.owner,
        at=later,
    )  # fmt: skip

    assert journal(ahead.id) == [{"receivable": D(4_800_000), "advances": D(-4_800_000)}]
    assert (final.total, final.base_total, final.advance_base) == (D(700), D(11_900_000), D(4_800_000))
    assert journal(final.id) == [{"receivable": D(11_900_000), "revenue": D(-16_700_000), "advances": D(4_800_000)}]
    assert exposure(buyer.id) == (D(0), D(16_700_000), D(0))
    assert broken_promises() == []


def test_a_credit_note_takes_the_rate_of_its_invoice_back_and_settles_another_with_the_difference() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "17000"), day=DAY + timedelta(days=5))
    later = NOW + timedelta(days=5)
    buyer = make_customer(world, currency="USD")
    tea = make_product(world, kind="service", price=D(1_600_000))

    def billed(at: Any) -> Invoice:
        order = make_order(world, [line(tea, unit_price=D(100))], customer=buyer)
        confirm_order(order_id=order.id, by=world.owner, at=at)
        draft = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=at)
        return issue_invoice(invoice_id=draft, by=world.owner, at=at)

    old, new = billed(NOW), billed(later)
    paid(world, buyer.id, "100", invoices=[(old.id, None)])
    draft = credit_invoice(invoice_id=old.id, reason="Broken", by=world.owner, at=later)
    note = issue_invoice(invoice_id=draft, by=world.owner, at=later)

    assert (note.exchange_rate, note.base_total) == (D(16_000), D(1_600_000))
    assert journal(note.id) == [{"receivable": D(-1_600_000), "revenue": D(1_600_000)}]

    allocate_credit(credit_note_id=note.id, invoice_id=new.id, amount=D(40), by=world.owner, at=later)

    assert journal(note.id)[1] == {"receivable": D(-40_000), "exchange_loss": D(40_000)}
    assert exposure(buyer.id) == (D(0), D(60_000) + D(0), D(0))
    assert broken_promises() == []

    allocate_credit(credit_note_id=note.id, invoice_id=new.id, amount=D(-40), by=world.owner, at=later)

    assert journal(note.id)[2] == {"receivable": D(40_000), "exchange_loss": D(-40_000)}
    assert exposure(buyer.id) == (D(0), D(100_000), D(0))
    assert broken_promises() == []


def test_figures_are_in_the_company_s_own_currency() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    buyer = make_customer(world)
    tea = make_product(world, kind="service", price=D(160_000))
    for currency in ("USD", "IDR"):
        order = make_order(world, [line(tea, "10")], customer=buyer, currency=currency)
        confirm_order(order_id=order.id, by=world.owner, at=NOW)
        draft = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
        issue_invoice(invoice_id=draft, by=world.owner, at=NOW)
    paid(world, buyer.id, "25")

    asked: dict[str, Any] = {"by": world.owner, "start": DAY, "end": DAY}

    assert booked_by_day(**asked) == {DAY: (D(3_200_000), 2)}
    assert invoiced_by_day(**asked) == {DAY: (D(3_200_000), 2, 0)}
    assert collected_by_day(**asked) == {DAY: (D(400_000), 1)}
    owed = overdue_invoices(by=world.owner, today=DAY + timedelta(days=365))
    assert sorted(one.open for one in owed) == [D(1_200_000), D(1_600_000)]


def test_however_a_sum_is_settled_the_books_end_to_the_last_rupiah() -> None:
    """Random rates, amounts and settlements: after each the promises hold; when all is paid the receivable is nothing,
    and what was received is what was sold and what the rates gave."""
    draw = Random(20261127)
    world = exporter("USD", "JPY", "KWD")
    for code, middle in (("USD", 16_000), ("JPY", 107), ("KWD", 52_000)):
        for ahead in range(8):
            rate = D(middle) * (1 + D(draw.randint(-500, 500)) / 10_000) + D(draw.randint(0, 999)) / 1000
            rated(world, (code, str(rate)), day=DAY + timedelta(days=ahead))
    tea = make_product(world, kind="service", price=D(987_654))
    step = {"USD": D("0.01"), "JPY": D(1), "KWD": D("0.001")}

    for currency in ("USD", "JPY", "KWD"):
        buyer = make_customer(world, currency=currency)
        order = make_order(
            world, [line(tea, str(draw.randint(1, 9))), line(tea, discount_percent=D("7.3"))], customer=buyer
        )
        confirm_order(order_id=order.id, by=world.owner, at=NOW)
        draft = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
        invoice = issue_invoice(invoice_id=draft, by=world.owner, at=NOW)
        left = invoice.total
        payments = []
        for ahead in range(6):
            part = left if ahead == 5 else (left * draw.randint(10, 40) / 100).quantize(step[currency])
            left -= part
            on = DAY + timedelta(days=ahead)
            early = draw.random() < 0.5
            payments.append(paid(world, buyer.id, str(part), currency=currency, on=on, invoices=[] if early else None))
            if early:
                at = NOW + timedelta(days=ahead + 1)
                some = (part / 3).quantize(step[currency])
                allocate_advance(payment_id=payments[-1].id, invoice_id=invoice.id, amount=some, by=world.owner, at=at)
                allocate_advance(payment_id=payments[-1].id, invoice_id=invoice.id, by=world.owner, at=at)
        again = payments[draw.randrange(6)]
        reverse_payment(payment_id=again.id, reason="Again", by=world.owner, at=NOW + timedelta(days=7))
        assert broken_promises() == []
        paid(world, buyer.id, str(again.amount), currency=currency, on=DAY + timedelta(days=7))
        balance = InvoiceBalance.objects.get(invoice=invoice)
        assert (balance.allocated, balance.base_allocated) == (balance.total, balance.base_total)
        assert exposure(buyer.id) == (D(0), D(0), D(0))

    stands = balances(world)
    assert stands.keys() <= {"bank", "revenue", "exchange_gain", "exchange_loss", "exchange_rounding"}
    assert sum(stands.values()) == 0
    assert broken_promises() == []


def test_what_is_added_to_a_promise_is_converted_at_the_rate_of_the_promise() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "20000"), day=DAY + timedelta(days=3))
    tea = make_product(world, kind="service", price=D(160_000))
    rice = make_product(world, kind="service", price=D(80_000))
    order = make_order(world, [line(tea, "2")], currency="USD")
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    [stored] = SalesOrderLine.objects.filter(order=order)

    amend_order(
        order_id=order.id, version=None, lines=[line(tea, "2", id=stored.id), line(rice, "3")], by=world.owner,
        at=NOW + timedelta(days=3),
    )  # fmt: skip
    amended = SalesOrder.objects.get(pk=order.pk)
    kept, new = SalesOrderLine.objects.filter(order=order).order_by("position")

    assert (amended.total, amended.exchange_rate, amended.base_total) == (D(35), D(16_000), D(560_000))
    assert (amended.exposure, exposure(order.customer_id)[0]) == (D(560_000), D(560_000))
    assert [one.steps[0]["code"] for one in (kept, new)] == ["converted", "converted"]
    assert [replay(one.steps, "USD").unit_price for one in (kept, new)] == [D(10), D(5)]
    assert broken_promises() == []


def test_an_approval_rule_in_rupiah_is_about_dollars_too() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    tea = make_product(world, kind="service", price=D(160_000))
    big, small = (make_order(world, [line(tea, count)], currency="USD") for count in ("100", "99"))

    def facts(order: SalesOrder) -> dict[str, Any]:
        return facts_of(SalesOrder.objects.get(pk=order.pk), today=DAY)

    assert (facts(big)["order_value"], facts(big)["currency"]) == (D(16_000_000), "IDR")
    assert (facts(small)["order_value"], facts(small)["currency"]) == (D(15_840_000), "IDR")


def test_a_form_without_a_rate_asks_at_the_currency_and_shows_where_to_write_it() -> None:
    world = exporter()
    tea = make_product(world, kind="service", price=D(160_000))
    buyer = make_customer(world)
    browser = log_in(world.owner)
    grid = json.dumps([{"key": "1", "kind": "item", "product": str(tea.id), "quantity": "1"}])
    sent = {"customer": str(buyer.id), "currency": "USD", "lines": grid}

    answer = browser.post("/quotations/new", sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "/settings/currencies/rates?day=" in page
    assert "USD" in page
    assert not Quotation.objects.exists()
    choose_currencies(company_id=world.company.id, currencies=[], rate_days=7, by=world.owner, at=NOW)
    assert 'name="currency"' not in log_in(world.owner).get("/quotations/new").content.decode()
