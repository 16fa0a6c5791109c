"""Rupiah for an invoice in dollars, recorded on a phone: the open invoices follow currency, amount and rate."""

import re
from decimal import Decimal
from typing import Any

import pytest

from niaga.core import clock
from niaga.invoicing.models import InvoiceBalance
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.payments.models import Payment
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_customer, make_issued_invoice, make_product, make_world


def exporter() -> tuple[World, Any]:
    """A company with an invoice of 100 dollars."""
    world = make_world(charges_tax=False)
    shared: dict[str, Any] = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    choose_currencies(currencies=["USD"], rate_days=7, **shared)
    today = clock.today(at=clock.now(), zone=world.branch.zone)
    rates = [NewExchangeRate("USD", Decimal(16_000), day) for day in {NOW.date(), today}]
    write_exchange_rates(rates=rates, source="JISDOR", **shared)
    for bank, number, currency in (("BCA", "0881234567", "IDR"), ("Mandiri", "1410098765432", "USD")):
        keep_bank_account(bank=bank, number=number, currency=currency, holder="PT Uji", **shared)
    buyer = make_customer(world, name="Straits Gourmet", currency="USD")
    tea = make_product(world, stock=10)
    line = LineInput(product_id=tea.id, quantity=Decimal(1), unit_price=Decimal(100))
    return world, make_issued_invoice(world, [line], customer=buyer)


@pytest.mark.parametrize("width", [360, 1280])
def test_rupiah_are_recorded_for_dollars_by_the_bank_s_rate(open_page: Any, width: int) -> None:
    world, invoice = exporter()
    page = open_page(f"/payments/new?customer={invoice.customer_id}", by=world.owner, width=width, comes_back=True)
    share = page.locator(f"#share-{invoice.id}")

    assert (page.input_value("[name=amount]"), share.input_value()) == ("100,00", "100,00")
    page.select_option("[name=currency]", "IDR")
    page.wait_for_selector("#bank-account option:checked:has-text('BCA')", state="attached")
    page.fill("[name=amount]", "820000")
    page.keyboard.press("Tab")
    page.wait_for_selector("#open-invoices:has-text('= Rp 820.000')")
    assert share.input_value() == "51,25"

    page.fill("#rate-USD", "16")
    page.click("#payment-form button.go[type=submit]")
    page.wait_for_selector("[data-field=rate-USD] [role=alert]")
    assert page.input_value("[name=amount]") == "820000"
    page.fill("#rate-USD", "16400")
    page.keyboard.press("Tab")
    page.wait_for_function("key => document.getElementById(key).value === '50,00'", arg=f"share-{invoice.id}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("#payment-form button.go[type=submit]")
    page.wait_for_url(re.compile(r"/payments/[0-9a-f-]{36}$"))
    page.wait_for_selector("text=1 USD = 16.400")

    payment, balance = Payment.objects.get(), InvoiceBalance.objects.get()
    assert (payment.currency, payment.allocated, balance.allocated) == ("IDR", 820_000, 50)
