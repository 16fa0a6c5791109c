"""Money that came in another currency than the invoice's: rupiah for dollars, dollars for rupiah, euros for dollars, by
the day's rates or by the bank's own; what the rate gained or lost, and what taking back puts back."""

import json
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from niaga.core.errors import Invalid
from niaga.invoicing.models import Allocation, Invoice, InvoiceBalance
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.errors import CurrencyNotSold, RateMissing, RateUnlikely
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.payments.errors import AllocatedTooMuch
from niaga.payments.models import Payment
from niaga.payments.queries.paper import payment_paper
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, log_in, make_confirmed_order, make_customer, make_product
from tests.promises import broken_promises
from tests.scenarios.foreign_books import DAY, D, balances, exporter, exposure, journal, line, paid, rated

pytestmark = pytest.mark.django_db


def billed(world: World, amount: str, *, currency: str = "USD", customer: Any = None) -> Invoice:
    """An issued invoice of so much."""
    tea = make_product(world, kind="service", price=D(1_600_000))
    order = make_confirmed_order(
        world, [line(tea, unit_price=D(amount))], currency=currency, **({"customer": customer} if customer else {})
    )
    draft = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    return issue_invoice(invoice_id=draft, by=world.owner, at=NOW)


def settled(invoice: Invoice) -> tuple[Decimal, Decimal]:
    balance = InvoiceBalance.objects.get(invoice=invoice)
    return balance.allocated, balance.base_allocated


def test_rupiah_pay_an_invoice_in_dollars_by_the_day_s_rate_and_are_taken_back() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    later = DAY + timedelta(days=5)
    rated(world, ("USD", "16500"), day=later)

    payment = paid(world, invoice.customer_id, "1700000", currency="IDR", on=later, invoices=[(invoice.id, None)])

    assert (payment.allocated, payment.base_amount, payment.exchange_rate) == (D(1_650_000), D(1_700_000), D(1))
    assert settled(invoice) == (D(100), D(1_600_000))
    [share] = Allocation.objects.all()
    assert (share.amount, share.source_currency, share.source_amount, share.exchange_rate) == (
        D(100), "IDR", D(1_650_000), D(16_500),
    )  # fmt: skip
    assert journal(payment.id) == [
        {"bank": D(1_700_000), "receivable": D(-1_600_000), "advances": D(-50_000), "exchange_gain": D(-50_000)}
    ]
    assert exposure(invoice.customer_id) == (D(0), D(0), D(50_000))
    assert broken_promises() == []

    reverse_payment(payment_id=payment.id, reason="Bank error", by=world.owner, at=NOW + timedelta(days=6))

    assert balances(world) == {"receivable": D(1_600_000), "revenue": D(-1_600_000)}
    assert settled(invoice) == (D(0), D(0))
    assert exposure(invoice.customer_id) == (D(0), D(1_600_000), D(0))
    assert broken_promises() == []


def test_the_bank_s_own_rate_is_taken_and_kept() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice, other = billed(world, "100"), billed(world, "100000", currency="IDR")

    payment = paid(
        world, invoice.customer_id, "1641137", currency="IDR", invoices=[(invoice.id, None)],
        rates={"USD": D("16411.37")},
    )  # fmt: skip
    dollars = paid(world, other.customer_id, "6.10", invoices=[(other.id, D(100_000))], rates={"USD": D("16393.5")})

    assert (payment.allocated, settled(invoice)) == (D(1_641_137), (D(100), D(1_600_000)))
    assert Allocation.objects.get(source_id=payment.id).exchange_rate == D("16411.37")
    assert journal(payment.id)[0]["exchange_gain"] == D(-41_137)
    assert (dollars.exchange_rate, dollars.base_amount, dollars.allocated) == (D("16393.5"), D(100_000), D("6.10"))
    assert journal(dollars.id) == [{"bank": D(100_000), "receivable": D(-100_000)}]
    assert broken_promises() == []


def test_euros_pay_dollars_and_an_advance_in_dollars_pays_rupiah_later() -> None:
    world = exporter("USD", "EUR")
    rated(world, ("USD", "16000"), ("EUR", "18000"))
    buyer = make_customer(world)
    dollars, rupiah = billed(world, "100", customer=buyer), billed(world, "500000", currency="IDR", customer=buyer)

    euros = paid(world, buyer.id, "45", currency="EUR", invoices=[(dollars.id, None)])

    assert (settled(dollars), euros.allocated) == ((D("50.63"), D(810_080)), D(45))
    assert journal(euros.id) == [{"bank": D(810_000), "receivable": D(-810_080), "exchange_loss": D(80)}]

    ahead = paid(world, buyer.id, "40", invoices=[])
    rated(world, ("USD", "16400"), day=DAY + timedelta(days=3))
    at = NOW + timedelta(days=3)
    allocate_advance(payment_id=ahead.id, invoice_id=rupiah.id, by=world.owner, at=at)

    assert settled(rupiah) == (D(500_000), D(500_000))
    assert Payment.objects.get(pk=ahead.pk).allocated == D("30.49")
    assert journal(ahead.id)[1] == {"advances": D(487_840), "receivable": D(-500_000), "exchange_loss": D(12_160)}
    assert broken_promises() == []


def test_a_part_that_is_released_gives_back_its_part_of_the_money() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "90")
    rated(world, ("USD", "16333"), day=DAY + timedelta(days=1))
    payment = paid(
        world, invoice.customer_id, "1469970", currency="IDR", on=DAY + timedelta(days=1),
        invoices=[(invoice.id, D(90))],
    )  # fmt: skip
    at = NOW + timedelta(days=2)

    allocate_advance(payment_id=payment.id, invoice_id=invoice.id, amount=D(-30), by=world.owner, at=at)
    left = Payment.objects.get(pk=payment.pk)

    assert (left.amount - left.allocated, settled(invoice)) == (D(489_990), (D(60), D(960_000)))
    assert broken_promises() == []

    allocate_advance(payment_id=payment.id, invoice_id=invoice.id, amount=D(-60), by=world.owner, at=at)

    assert Payment.objects.get(pk=payment.pk).allocated == 0
    assert balances(world) == {
        "bank": D(1_469_970), "receivable": D(1_440_000), "revenue": D(-1_440_000), "advances": D(-1_469_970),
    }  # fmt: skip
    assert broken_promises() == []


@pytest.mark.parametrize(
    ("asked", "details", "error"),
    [
        (None, {}, RateMissing),
        (None, {"rates": {"USD": D("16.4")}}, RateUnlikely),
        (None, {"rates": {"USD": D(0)}}, RateUnlikely),
        (None, {"rates": {"USD": D(16_400), "EUR": D(18_000)}}, RateUnlikely),
        (D(101), {"rates": {"USD": D(16_400)}}, AllocatedTooMuch),
        (D("0.005"), {"rates": {"USD": D(16_400)}}, Invalid),
        (None, {"currency": "EUR"}, CurrencyNotSold),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(asked: Any, details: Any, error: Any) -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    late = DAY + timedelta(days=30)

    with pytest.raises(error):
        paid(world, invoice.customer_id, "5000000", on=late, invoices=[(invoice.id, asked)],
             **{"currency": "IDR", **details})  # fmt: skip

    assert not Payment.objects.exists()
    assert settled(invoice) == (D(0), D(0))
    assert broken_promises() == []


def test_money_in_a_currency_settles_by_itself_only_invoices_in_it() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")

    payment = paid(world, invoice.customer_id, "1600000", currency="IDR")

    assert (payment.allocated, settled(invoice)) == (D(0), (D(0), D(0)))


def test_the_api_takes_the_bank_s_rate_and_tells_both_amounts() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    token = create_token(user_id=world.owner.id, name="kasir", by=SYSTEM, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}", "Accept-Language": "en"})

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")

    day = {"date": DAY.isoformat()}
    refused = post("/payments", {"invoice_id": str(invoice.id), "amount": "1", "currency": "EUR"})
    unlikely = post(
        "/payments",
        {"invoice_id": str(invoice.id), "amount": "660000", "currency": "IDR", "rates": {"USD": "16.5"}, **day},
    )
    answer = post(
        "/payments",
        {"invoice_id": str(invoice.id), "amount": "660000", "currency": "IDR", "rates": {"USD": "16500"}, **day},
    )
    own = post("/payments", {"invoice_id": str(invoice.id), "amount": "10", **day})
    key = answer.json()["id"]
    released = post(f"/payments/{key}/allocations", {"invoice_id": str(invoice.id), "amount": "40", "release": True})
    again = post(
        f"/payments/{key}/allocations", {"invoice_id": str(invoice.id), "amount": "20", "rates": {"USD": "16000"}}
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "currency_not_sold")
    assert (unlikely.status_code, unlikely.json()["code"], unlikely.json()["field"]) == (422, "rate_unlikely", "rates")
    assert (answer.status_code, answer.json()["allocated"]) == (201, "660000")
    assert answer.json()["settles"] == [
        {"invoice_id": str(invoice.id), "number": invoice.number, "currency": "USD", "amount": "40", "taken": "660000",
         "exchange_rate": "16500"}
    ]  # fmt: skip
    assert (own.json()["currency"], own.json()["settles"][0]["amount"]) == ("USD", "10")
    assert (released.status_code, released.json()["settles"]) == (200, [])
    assert (again.json()["allocated"], again.json()["advance"]) == ("320000", "340000")
    assert broken_promises() == []


def test_however_currencies_are_mixed_the_books_end_to_the_last_unit() -> None:
    """Random invoices and payments in three currencies, used, released, reversed: after each deed the promises hold;
    when all is settled the receivable is nothing, and the advances are what payments have left."""
    draw = Random(20261127)
    codes = {"IDR": 1, "USD": 16_437, "KWD": 53_211, "JPY": 107}
    world = exporter("USD", "KWD", "JPY")
    for ahead in range(8):
        for code, middle in list(codes.items())[1:]:
            rate = D(middle) * (1 + D(draw.randint(-500, 500)) / 10_000) + D(draw.randint(0, 999)) / 1000
            rated(world, (code, str(rate)), day=DAY + timedelta(days=ahead))
    unit = {"IDR": D(1), "USD": D("0.01"), "KWD": D("0.001"), "JPY": D(1)}
    buyer = make_customer(world)
    invoices = []
    for code in codes:
        worth = D(draw.randint(900_000, 3_000_000)) / codes[code]
        invoices.append(billed(world, str(worth.quantize(unit[code])), currency=code, customer=buyer))

    payments = []
    for ahead in range(12):
        on = DAY + timedelta(days=ahead % 8)
        code = draw.choice(list(codes))
        amount = (D(draw.randint(100_000, 900_000)) / codes[code]).quantize(unit[code])
        chosen = [(one.id, None) for one in draw.sample(invoices, 2)] if draw.random() < 0.7 else []
        payments.append(paid(world, buyer.id, str(amount), currency=code, on=on, invoices=chosen))
    at = NOW + timedelta(days=7)
    for payment in draw.sample(payments, 4):
        for row in Allocation.objects.filter(source_id=payment.id, amount__gt=0)[:1]:
            code = row.invoice.currency
            some = (row.amount / 3).quantize(unit[code])
            if some:
                allocate_advance(payment_id=payment.id, invoice_id=row.invoice_id, amount=-some, by=world.owner, at=at)
    assert broken_promises() == []
    for payment in draw.sample(payments, 3):
        reverse_payment(payment_id=payment.id, reason="Again", by=world.owner, at=at)
    assert broken_promises() == []
    for invoice in invoices:
        if InvoiceBalance.objects.get(invoice=invoice).settled_at is None:
            code = draw.choice(list(codes))
            amount = (D(4_000_000) / codes[code]).quantize(unit[code])
            payments.append(paid(world, buyer.id, str(amount), currency=code, on=at.date(),
                                 invoices=[(invoice.id, None)]))  # fmt: skip

    stands = balances(world)
    kept = Payment.objects.filter(status="recorded").aggregate(a=Sum("base_amount"), b=Sum("base_allocated"))
    assert not InvoiceBalance.objects.filter(settled_at=None).exists()
    assert "receivable" not in stands
    assert stands.get("advances", D(0)) == kept["b"] - kept["a"]
    assert exposure(buyer.id) == (D(0), D(0), kept["a"] - kept["b"])
    assert broken_promises() == []


def test_the_page_turns_by_the_rate_that_is_typed_and_shows_both_amounts() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    browser = log_in(world.owner)
    asked = {"customer": str(invoice.customer_id), "currency": "IDR", "amount": "1.640.000", "date": DAY.isoformat()}

    plain = shown(browser.get("/payments/new", {"customer": str(invoice.customer_id), "invoice": str(invoice.id)}))
    card = shown(browser.get("/payments/new", asked, headers={"HX-Request": "true", "HX-Target": "open-invoices"}))
    typed = shown(
        browser.get(
            "/payments/new", {**asked, "rate-USD": "16.400"},
            headers={"HX-Request": "true", "HX-Target": "open-invoices"},
        )
    )  # fmt: skip

    assert ('value="USD" selected' in plain, 'value="100,00"' in plain) == (True, True)
    assert "Rp 40.000 melebihi" in card
    assert ('value="100,00"' in card, "= Rp 1.600.000" in card) == (True, True)
    assert ('value="16.400"' in typed, "= Rp 1.640.000" in typed) == (True, True)

    form = {
        **asked, "method": "transfer", "branch": str(world.branch.id), "rate-USD": "16.400", "spread": "1.640.000",
        "spread-USD": "16000.0000000000", f"invoice-{invoice.id}": "100,00",
    }  # fmt: skip
    saved = browser.post("/payments/new", form)
    payment = Payment.objects.get()
    page = shown(browser.get(saved["Location"]))
    claim = shown(browser.get(f"/invoices/{invoice.id}"))

    assert (saved.status_code, payment.allocated, payment.currency) == (303, D(1_640_000), "IDR")
    assert ("$ 100,00" in page, "Rp 1.640.000 · 1 USD = 16.400" in page) == (True, True)
    assert "Rp 1.640.000" in claim
    assert broken_promises() == []


def test_the_page_asks_for_a_rate_where_none_is_and_keeps_what_was_typed() -> None:
    world = exporter()
    rated(world, ("USD", "16000"), day=DAY - timedelta(days=3))
    invoice = billed(world, "100")
    rated(world, ("USD", "15900"), day=DAY - timedelta(days=60))
    choose_currencies(company_id=world.company.id, currencies=["USD"], rate_days=1, by=world.owner, at=NOW)
    browser = log_in(world.owner)
    form = {
        "customer": str(invoice.customer_id), "currency": "IDR", "amount": "820.000", "date": DAY.isoformat(),
        "method": "transfer", "branch": str(world.branch.id), "spread": "820.000", f"invoice-{invoice.id}": "50",
        "note": "Lewat Pak Budi",
    }  # fmt: skip

    asked = browser.post("/payments/new", form)
    far = browser.post("/payments/new", {**form, "rate-USD": "16,4"})
    done = browser.post("/payments/new", {**form, "rate-USD": "16.400"})

    assert (asked.status_code, far.status_code, done.status_code) == (422, 422, 303)
    for answer in (asked, far):
        text = shown(answer)
        assert 'data-field="rate-USD" data-invalid' in text
        assert ('value="50"' in text, "Lewat Pak Budi" in text) == (True, True)
    assert (Payment.objects.get().allocated, settled(invoice)[0]) == (D(820_000), D(50))


def test_an_advance_settles_an_invoice_in_another_currency_from_its_page() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    payment = paid(world, invoice.customer_id, "820000", currency="IDR", invoices=[])
    browser = log_in(world.owner)
    where = f"/payments/{payment.id}/allocation"

    offered = shown(browser.get(f"/payments/{payment.id}"))
    answer = browser.post(where, {"invoice": str(invoice.id), "rate-USD": "16.400"})
    released = browser.post(where, {"invoice": str(invoice.id), "amount": "50,00", "release": "1"})

    assert 'name="rate-USD"' in offered
    assert (answer.status_code, released.status_code) == (303, 303)
    assert [(row.amount, row.source_amount) for row in Allocation.objects.order_by("at", "id")] == [
        (D(50), D(820_000)), (D(-50), D(-820_000)),
    ]  # fmt: skip
    assert Payment.objects.get().allocated == 0
    assert broken_promises() == []


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_the_bank_account_follows_the_currency_and_a_wrong_one_is_told_at_its_field() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    facts: dict[str, Any] = {"company_id": world.company.id, "holder": "PT Uji", "by": world.owner, "at": NOW}
    rupiah = keep_bank_account(bank="BCA", number="0881234567", currency="IDR", **facts)
    dollars = keep_bank_account(bank="Mandiri", number="1410098765432", currency="USD", **facts)
    browser = log_in(world.owner)
    asked = {"customer": str(invoice.customer_id), "currency": "IDR", "amount": "16.000", "bank_account": str(dollars)}

    first = shown(browser.get("/payments/new", {"customer": str(invoice.customer_id)}))
    changed = shown(browser.get("/payments/new", asked, headers={"HX-Request": "true", "HX-Target": "open-invoices"}))
    wrong = browser.post(
        "/payments/new",
        {**asked, "date": DAY.isoformat(), "method": "transfer", "branch": str(world.branch.id), "spread": "16.000"},
    )

    assert f'value="{dollars}" selected' in first
    assert (f'value="{rupiah}" selected' in changed, str(dollars) in changed) == (True, False)
    assert wrong.status_code == 422
    assert 'data-field="bank_account" data-invalid' in shown(wrong)
    assert not Payment.objects.exists()


def test_the_receipt_tells_what_each_invoice_took_and_got() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    invoice = billed(world, "100")
    payment = paid(world, invoice.customer_id, "2000000", currency="IDR", invoices=[(invoice.id, None)])

    paper = payment_paper(subject_id=payment.id, by=world.owner, language="en", variant="")

    told = [(one.number.replace("\xa0", " "), one.amount) for one in paper.data.allocations]
    assert told == [(f"{invoice.number} · US$ 100.00", D(1_600_000)), ("", D(400_000))]
