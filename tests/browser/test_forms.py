"""Forms that let people choose: contact, places, discounts, in a real browser."""

import re
from typing import Any

from niaga.core.clock import now
from niaga.parties.models import Address
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.sales.models import Quotation
from tests.makers import make_customer, make_product, make_world


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
    page.click("text=Kirim >> nth=0")
    assert page.input_value("#send-to") == "budi@makmur.example"
