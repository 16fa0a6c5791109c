"""Forms that let people choose: contact, places, discounts, in a real browser."""

import re
import time
from decimal import Decimal
from typing import Any

import pytest

from niaga.core.clock import now
from niaga.core.models import AuditEntry
from niaga.invoicing.models import Invoice
from niaga.organization.models import Channel, Company
from niaga.parties.models import Address
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.payments.models import Payment
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import Delivery
from tests.makers import make_customer, make_issued_invoice, make_product, make_user, make_world


def choose_customer(page: Any, name: str) -> None:
    page.focus("#id_customer_text")
    page.keyboard.type(name)
    page.wait_for_selector("#id_customer_options [role=option]")
    page.keyboard.press("Enter")


def add_product(page: Any, sku: str) -> None:
    page.focus(".og-seek")
    page.keyboard.type(sku)
    page.wait_for_selector(".og-add .options [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell=quantity]:focus")


def test_contact_and_places_follow_the_customer_and_new_ones_are_added_on_the_way(open_page: Any) -> None:
    world = make_world()
    customer = make_customer(world, name="Toko Makmur Jaya")
    make_product(world, sku="KOP-0112", stock=400)
    for label, street in (("Kantor", "Jl. Darmo 1"), ("Gudang", "Jl. Rungkut 9")):
        save_address(customer_id=customer.id, label=label, street=street, city="Surabaya", by=world.owner, at=now())
    save_contact(customer_id=customer.id, name="Ibu Sari", by=world.owner, at=now())
    page = open_page("/quotations/new", by=world.owner)

    assert page.locator("#id_contact").is_disabled()
    choose_customer(page, "makmur")
    page.wait_for_selector("#id_contact option:text-is('Ibu Sari'):checked", state="attached")
    page.click("text=Kontak baru…")
    page.fill("#person_name", "Pak Budi")
    page.fill("#person_email", "budi@makmur.example")
    page.locator("#new-contact button[type=submit]").dblclick()
    page.wait_for_selector("#id_contact option:text-is('Pak Budi'):checked", state="attached")
    page.select_option("#id_delivery_address", str(Address.objects.get(label="Gudang").id))
    add_product(page, "KOP-0112")
    page.reload()  # what was chosen is kept in the browser
    page.wait_for_selector("#id_contact option:text-is('Pak Budi'):checked", state="attached")
    page.wait_for_selector("#id_delivery_address option:has-text('Gudang'):checked", state="attached")
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile(r"/quotations/[0-9a-f-]{36}$"))

    quotation = Quotation.objects.get()
    assert (quotation.contact.name, quotation.delivery_address["label"]) == ("Pak Budi", "Gudang")
    assert customer.contacts.count() == 2
    page.click(".acts >> text=Kirim >> nth=0")
    assert page.input_value("#send-to") == "budi@makmur.example"


def test_a_day_half_typed_is_not_sent_as_none(open_page: Any) -> None:
    world = make_world()
    customer = make_customer(world, name="Toko Makmur Jaya")
    page = open_page("/payments/new", by=world.owner)
    choose_customer(page, "makmur")
    page.fill("#id_amount", "50.000")
    page.select_option("#id_method", "giro")
    page.fill("#id_reference", "G-0112")
    page.fill("#id_giro_bank", "BCA")
    page.focus("#id_giro_due_date")
    page.keyboard.type("12")
    page.locator("main button[type=submit].go").click()

    field = page.locator("[data-field=giro_due_date]")
    field.locator("text=Tanggal ini baru diketik sebagian").wait_for()
    assert field.locator("input:focus").count() == 1
    assert not Payment.objects.exists()

    page.fill("#id_giro_due_date", "2027-01-12")
    page.locator("main button[type=submit].go").click()
    page.wait_for_url(re.compile(r"/payments/[0-9a-f-]{36}$"))
    assert str(Payment.objects.get(customer=customer).giro_due_date) == "2027-01-12"


def test_every_deed_of_a_sale_happens_once_though_each_button_is_pressed_twice_on_a_slow_line(open_page: Any) -> None:
    world = make_world()
    make_customer(world, name="Toko Makmur Jaya")
    make_product(world, sku="KOP-0112", stock=400)
    page = open_page("/quotations/new", by=world.owner)

    def slowly(route: Any) -> None:
        if route.request.method == "POST" and "/grid/" not in route.request.url:
            time.sleep(0.3)
        route.continue_()

    page.route("**/*", slowly)

    def twice(selector: str, until: Any) -> None:
        """Press the button twice, and in the dialog that opens its button too."""
        page.locator(selector).first.dblclick()
        page.wait_for_timeout(400)
        dialog = page.locator("dialog[open] button[type=submit]")
        if dialog.count():
            dialog.last.dblclick()
        if isinstance(until, str) and not until.startswith("**"):
            page.wait_for_selector(f".acts .btn.go:visible:has-text('{until}')")
        else:
            page.wait_for_url(until)

    choose_customer(page, "makmur")
    add_product(page, "KOP-0112")
    twice("[data-save]", re.compile(r"/quotations/[0-9a-f-]{36}$"))
    twice(".acts .btn.go:visible", "Jadikan pesanan")
    twice(".acts .btn.go:visible", "**/orders/*")
    order = page.url
    twice(".acts .btn.go:visible", "Kirim barang")
    twice(".acts .btn.go:visible", "**/deliveries/*")
    twice(".acts .btn.go:visible", "Catat penerimaan")
    page.goto(order)
    twice(".acts .btn.go:visible", "**/invoices/*")
    twice(".acts .btn.go:visible", "Catat pembayaran")
    twice(".acts .btn.go:visible", "**/payments/new*")
    twice("main button[type=submit].go, main .form-foot .btn.go", re.compile(r"/payments/[0-9a-f-]{36}$"))
    page.goto(page.url.partition("/payments/")[0] + "/settings/channels/new")
    page.fill("#id_code", "KIOS")
    page.fill("#id_name", "Kios")
    twice(".form-foot .btn.go", "**/settings/channels")

    counts = {model.__name__: model.objects.count() for model in (Quotation, SalesOrder, Delivery, Invoice, Payment)}
    assert counts == {"Quotation": 1, "SalesOrder": 1, "Delivery": 1, "Invoice": 1, "Payment": 1}
    assert AuditEntry.objects.filter(subject_kind="quotation", verb="send").count() == 1
    assert Channel.objects.filter(code="KIOS").count() == 1


@pytest.mark.parametrize("again", ["double click", "second submit"])
def test_one_press_is_one_request_even_where_a_field_is_called_method(open_page: Any, again: str) -> None:
    world = make_world()
    coffee = make_product(world, stock=10)
    invoice = make_issued_invoice(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))])
    page = open_page(f"/payments/new?customer={invoice.customer_id}", by=world.owner)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    if again == "double click":
        page.locator("main button[type=submit].go").dblclick()
    else:
        page.evaluate("[0, 1].forEach(() => document.getElementById('payment-form').requestSubmit())")
    page.wait_for_url(re.compile(r"/payments/[0-9a-f-]{36}$"))
    page.wait_for_timeout(500)

    assert len(posts) == 1
    assert Payment.objects.get().amount == invoice.total


def test_what_a_colleague_saved_meanwhile_is_told_and_decided_in_the_page(open_page: Any) -> None:
    world = make_world()
    colleague = make_user(world.company, "owner", name="Budi Santoso")
    page = open_page("/settings/company", by=world.owner, comes_back=True)
    page.fill("#id_phone", "031 555 0100")
    other = open_page("/settings/company", by=colleague)
    other.fill("#id_city", "Malang")
    other.click(".form-foot .btn.go")
    other.wait_for_selector("text=Tersimpan")

    page.click(".form-foot .btn.go")
    page.wait_for_selector("text=Budi Santoso mengubah ini pada")

    assert (page.input_value("#id_phone"), page.input_value("#id_city")) == ("031 555 0100", "Malang")
    assert Company.objects.get(pk=world.company.id).phone == ""
    page.click(".form-foot .btn.go")
    page.wait_for_selector("text=Tersimpan")
    saved = Company.objects.get(pk=world.company.id)
    assert (saved.phone != "", saved.city) == (True, "Malang")
