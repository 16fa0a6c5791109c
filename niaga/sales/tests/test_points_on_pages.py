"""Points where documents are written and read: the field, what fits, what was and will be earned."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.sales.models import OrderLineInvoice
from niaga.sales.services.settle_points import settle_points
from niaga.sales.tests.test_points import give, of, shop
from tests.makers import NOW, make_issued_invoice, make_order

pytestmark = pytest.mark.django_db


def look(world: Any, address: str) -> str:
    client = Client()
    client.force_login(world.owner)
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def typed(world: Any, customer: Any, product: Any, points: str) -> dict[str, str]:
    """The sums under the grid while points are typed."""
    client = Client()
    client.force_login(world.owner)
    line = {"key": "1", "kind": "item", "product": str(product.id), "quantity": "1"}
    body = {"lines": [line], "fields": {"customer": str(customer.id), "points": points}}
    answer = client.post(reverse("sales:grid_preview"), body, content_type="application/json").json()
    return {total["label"]: total["value"] for total in answer["totals"]}


def test_the_field_of_points_tells_all_there_are_and_is_hidden_from_who_has_none():
    world, customer, _coffee = shop()
    address = f"/orders/new?customer={customer.id}"

    before = look(world, address)
    give(world, customer, 1500)
    after = look(world, address)
    set_programme(
        company_id=world.company.id, programme=NewProgramme(name="Poin", is_on=False), by=world.owner, at=NOW
    )  # fmt: skip
    switched_off = look(world, address)

    assert 'name="points"' not in before
    assert 'data-fill="1.500"' in after
    assert "Dari 1.500 poin, senilai Rp\u00a0150.000." in after
    assert 'name="points"' not in switched_off


def test_more_points_than_fit_are_said_while_they_are_typed():
    world, customer, coffee = shop(most_percent=Decimal(50))
    give(world, customer, 800)

    fits = typed(world, customer, coffee, "300")
    too_many = typed(world, customer, coffee, "800")
    no_number = typed(world, customer, coffee, "banyak")

    assert fits["Poin dipakai (300)"] == "-30.000"
    assert "Poin" not in fits
    assert too_many["Poin"] == "paling banyak 500 di sini"
    assert not any(label.startswith("Poin") for label in no_number)


def test_an_order_says_what_it_will_earn_and_its_invoice_what_it_earned():
    world, customer, coffee = shop()
    order = make_order(world, of(coffee, 2), customer=customer)

    promised = look(world, f"/orders/{order.id}")
    invoice = make_issued_invoice(world, of(coffee, 3), customer=customer)
    settle_points(invoice_id=invoice.id, at=NOW)
    billed = look(world, f"/invoices/{invoice.id}")
    done = OrderLineInvoice.objects.filter(invoice_line__invoice_id=invoice.id).values_list("order_line__order_id")
    closed = look(world, f"/orders/{done[0][0]}")

    assert "Akan mendapat 20 poin saat difakturkan." in promised
    assert "Mendapat 30 poin." in billed
    assert "Fakturnya mendapat 30 poin." in closed
    assert "Akan mendapat" not in closed
