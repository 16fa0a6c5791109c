"""What a bill's pages say of its lines, for the seller and for the customer."""

from decimal import Decimal

import pytest
from django.test import Client

from niaga.invoicing.services.share_invoice import share_invoice
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, make_bundle, make_issued_invoice, make_product, make_world

pytestmark = pytest.mark.django_db


def test_a_bill_says_what_was_taken_off_and_what_is_in_a_bundle():
    world = make_world()
    coffee = make_product(world, name="Kopi", price=Decimal(92_000), stock=100)
    basket = make_bundle(world, {coffee.id: 2}, price=Decimal(150_000))
    lines = [
        LineInput(product_id=coffee.id, quantity=Decimal(3), discount_amount=Decimal(5_000)),
        LineInput(product_id=basket.id, quantity=Decimal(1), discount_percent=Decimal(10)),
    ]
    invoice = make_issued_invoice(world, lines)
    link = "/l/" + share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW).rsplit("/", 1)[1]
    seller = Client()
    seller.force_login(world.owner)

    customers = Client().get(link).content.decode()
    own = seller.get(f"/invoices/{invoice.id}").content.decode()

    assert "− 5.000" in customers
    assert "− 10" in customers
    assert "Berisi 2" in customers
    assert "Berisi 2" in own


def test_a_bills_page_names_the_seller_at_head_and_foot():
    world = make_world(phone="0317654321", email="halo@uji.example")
    coffee = make_product(world, stock=100)
    invoice = make_issued_invoice(world, [LineInput(product_id=coffee.id, quantity=Decimal(3))])
    link = "/l/" + share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW).rsplit("/", 1)[1]

    page = Client().get(link).content.decode()

    assert f"{world.company.name} · 0317654321 · halo@uji.example" in page
