"""A newcomer's first sale in a real browser: offer, yes, promise, goods, claim, money.

With `NIAGA_PICTURES=docs/screens` the pictures of the docs are drawn on the way.
"""

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.payments.models import Payment
from niaga.sales.models import SalesOrder
from tests.makers import make_customer, make_product, make_world


def _picture(page: Any, name: str) -> None:
    folder = os.environ.get("NIAGA_PICTURES")
    if folder:
        page.wait_for_timeout(600)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def _pictures_elsewhere(page: Any, order_page: str) -> None:
    """The same sale in the dark, and in one hand."""
    page.emulate_media(color_scheme="dark")
    page.goto(order_page)
    _picture(page, "9-order-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    _picture(page, "10-order-phone")


def _next_step(page: Any) -> None:
    """Press the page's one primary button, and the one of the dialog that it may open."""
    button = page.locator(".acts .btn.go:visible").first
    dialog = button.get_attribute("data-dialog")
    button.click()
    if dialog:
        page.locator(f"#{dialog}[open]").locator(".btn.go, button[type=submit]").last.click()


def test_a_newcomer_goes_from_an_offer_to_money_in_the_bank(open_page: Any) -> None:
    world = make_world()
    make_customer(world, name="Toko Makmur Jaya")
    make_product(world, name="Kopi robusta sangrai 1 kg", sku="KOP-0112", price=Decimal(92_000), stock=400)
    make_product(world, name="Beras premium 25 kg", sku="BER-0025", price=Decimal(371_000), stock=342)
    page = open_page("/", by=world.owner)
    _picture(page, "1-home")

    page.keyboard.press("n")
    page.wait_for_url("**/quotations/new")
    page.focus("#id_customer_text")
    page.keyboard.type("makmur")
    page.wait_for_selector("#id_customer_options [role=option]")
    page.keyboard.press("Enter")
    page.focus(".og-seek")
    for typed, quantity in (("kopi", "120"), ("ber", "18")):
        page.keyboard.type(typed)
        page.wait_for_selector(".og-add .options [role=option]")
        _picture(page, f"2-typing-{typed}")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-cell=quantity]:focus")
        page.keyboard.type(quantity)
        for _cell in range(3):
            page.keyboard.press("Enter")
        page.wait_for_selector(".og-seek:focus")
    # 120 x 92,000 + 18 x 371,000 = 17,718,000, and 11 % of it
    page.wait_for_selector(".total .sum:has-text('19.666.980')")
    page.locator("[data-save]").press("Enter")
    page.wait_for_url(re.compile(r"/quotations/[0-9a-f-]{36}$"))
    _next_step(page)
    page.wait_for_selector("text=Jadikan pesanan")
    _picture(page, "3-quotation-sent")

    _next_step(page)
    page.wait_for_url("**/orders/*")
    order_page = page.url
    _next_step(page)
    page.wait_for_selector("text=Kirim barang")
    _picture(page, "4-order-confirmed")
    _next_step(page)
    page.wait_for_url("**/deliveries/*")
    _next_step(page)
    page.wait_for_selector("text=Catat penerimaan")
    _picture(page, "5-delivery-shipped")

    page.goto(order_page)
    _next_step(page)
    page.wait_for_url("**/invoices/*")
    _next_step(page)
    page.wait_for_selector("text=Catat pembayaran")
    _picture(page, "6-invoice-issued")
    _next_step(page)
    page.wait_for_url("**/payments/new*")
    _picture(page, "7-payment")
    page.locator("main button[type=submit].go, main .form-foot .btn.go").last.click()
    page.wait_for_url(re.compile(r"/payments/[0-9a-f-]{36}$"))
    _picture(page, "8-payment-recorded")
    _pictures_elsewhere(page, order_page)

    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.total) == (f"INV-{invoice.date.year}-00001", Decimal(19_666_980))
    assert InvoiceBalance.objects.get().settled_at is not None
    assert Payment.objects.get().amount == Decimal(19_666_980)
    assert SalesOrder.objects.get().delivery_progress == "done"
