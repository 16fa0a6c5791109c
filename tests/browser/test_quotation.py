"""A quotation from the first key to the customer's signature, in a real browser."""

import re
from decimal import Decimal
from typing import Any

from niaga.core.clock import now
from niaga.sales.models import Quotation, QuotationAnswer, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from tests.makers import make_confirmed_order, make_customer, make_order, make_product, make_world


def test_a_quotation_is_written_and_saved_by_keyboard_alone(open_page: Any) -> None:
    world = make_world()
    make_customer(world, name="Toko Makmur Jaya")
    make_product(world, name="Kopi robusta sangrai", sku="KOP-0112", price=Decimal(98_000), stock=400)
    make_product(world, name="Beras premium 25 kg", sku="BER-0025", price=Decimal(371_000), stock=300)
    page = open_page("/quotations", by=world.owner)

    page.keyboard.press("n")
    page.wait_for_url("**/quotations/new")
    page.focus("#id_customer_text")
    page.keyboard.type("makmur")
    page.wait_for_selector("#id_customer_options [role=option]")
    page.keyboard.press("Enter")
    page.focus(".og-seek")
    for typed, keys in (("KOP-0112", ["1", "2", "0"]), ("beras", ["8"])):
        page.keyboard.type(typed)
        page.wait_for_selector(".og-add .options [role=option]")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-cell=quantity]:focus")
        page.keyboard.type("".join(keys))
        for _ in range(3):
            page.keyboard.press("Enter")
        page.wait_for_selector(".og-seek:focus")
    page.wait_for_selector(".total .sum:has-text('16.348.080')")
    page.locator("[data-save]").press("Enter")
    page.wait_for_url(re.compile(r"/quotations/[0-9a-f-]{36}$"))

    quotation = Quotation.objects.get()
    assert (quotation.total, quotation.customer.name) == (16_348_080, "Toko Makmur Jaya")
    assert "SQ-" in page.inner_text("h1")
    page.keyboard.press("s")
    page.locator("#send-quotation button[type=submit]").press("Enter")
    page.wait_for_selector("text=Jadikan pesanan")
    assert Quotation.objects.get().status == "sent"


def test_the_customer_chooses_signs_and_accepts_on_a_phone(open_page: Any) -> None:
    world = make_world()
    coffee, sugar = make_product(world, price=Decimal(100_000)), make_product(world, price=Decimal(50_000))
    quotation = draft_quotation(
        customer_id=make_customer(world).id, branch_id=world.branch.id, details=QuotationDetails(), by=world.owner,
        lines=[LineInput(product_id=coffee.id), LineInput(product_id=sugar.id, is_optional=True)], at=now(),
    )  # fmt: skip
    send_quotation(quotation_id=quotation.id, by=world.owner, at=now())
    link = share_quotation(quotation_id=quotation.id, by=world.owner, at=now())
    page = open_page("/l/" + link.rsplit("/", 1)[1], width=360)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("input[name=chosen]").check()
    page.wait_for_selector("#public-totals .sum:has-text('166.500')")
    page.fill("#name", "Ibu Sari")
    box = page.locator("[data-signature] canvas").bounding_box()
    page.locator("[data-signature]").scroll_into_view_if_needed()
    box = page.locator("[data-signature] canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 20, steps=8)
    page.mouse.up()
    page.locator("#accept button[type=submit]").click()
    page.wait_for_selector("text=Disetujui oleh Ibu Sari")

    assert SalesOrder.objects.get().total == 166_500
    assert QuotationAnswer.objects.get().signature_id is not None


def test_an_order_short_of_stock_is_confirmed_from_the_dialog(open_page: Any) -> None:
    world = make_world()
    product = make_product(world, stock=4)
    order = draft_order(
        customer_id=make_customer(world).id, branch_id=world.branch.id, details=OrderDetails(), by=world.owner,
        lines=[LineInput(product_id=product.id, quantity=Decimal(9))], at=now(),
    )  # fmt: skip
    page = open_page(f"/orders/{order.id}", by=world.owner)

    page.keyboard.press("c")
    page.wait_for_selector("text=4 dari 9 pcs tersedia")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=menunggu stok")

    order.refresh_from_db()
    assert order.status == "confirmed"


def test_what_the_customer_paid_before_is_a_key_away_and_taken_over_with_one_tap(open_page: Any) -> None:
    world = make_world()
    customer = make_customer(world, name="Toko Makmur Jaya")
    coffee = make_product(world, name="Kopi robusta sangrai", price=Decimal(98_000), stock=400)
    earlier = make_confirmed_order(
        world, [LineInput(product_id=coffee.id, discount_percent=Decimal(10))], customer=customer
    )
    draft = make_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))], customer=customer)
    page = open_page(f"/orders/{draft.id}/edit", by=world.owner)

    page.wait_for_selector("[data-history]:has-text('88.200')")
    page.focus("[data-cell=quantity]")
    page.keyboard.press("Alt+h")
    page.wait_for_selector(f"dialog a:has-text('{earlier.number}')")
    page.wait_for_selector("[data-use-price]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell=price]:focus")
    page.wait_for_selector(".sub:has-text('176.400')")
    page.click("[data-save]")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))

    [line] = SalesOrder.objects.get(pk=draft.id).lines.all()
    assert (line.unit_price, line.price_is_manual, line.amount) == (88_200, True, 176_400)
