"""Points where documents are written and read: the field, what fits, what was and will be earned."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from niaga.documents.rules.print_payload import print_payload
from niaga.invoicing.queries.paper import invoice_paper
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.organization.services.create_token import create_token
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.sales.models import OrderLineInvoice
from niaga.sales.services.settle_points import settle_points
from niaga.sales.tests.test_points import give, of, shop
from tests.makers import NOW, make_issued_invoice, make_order, make_quotation

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

    assert fits["Poin dipakai: 300 poin"] == "-30.000"
    assert "Poin" not in fits
    assert too_many["Poin"] == "paling banyak 500 di sini"
    assert not any(label.startswith("Poin") for label in no_number)


def test_points_are_a_line_of_their_own_on_every_page_paper_and_over_the_api():
    world, customer, coffee = shop()
    give(world, customer, 1500)
    how: dict[str, Any] = {"customer": customer, "points": 1200, "discount_amount": Decimal(5_000)}
    invoice = make_issued_invoice(world, of(coffee, 2), **how)
    order_id = OrderLineInvoice.objects.values_list("order_line__order_id", flat=True).get()
    quotation = make_quotation(world, of(coffee, 2), customer=customer, points=300)
    link = share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW)

    for page in (
        look(world, f"/orders/{order_id}"),
        look(world, f"/invoices/{invoice.id}"),
        look(world, urlsplit(link).path),
    ):
        assert "Poin dipakai: 1.200 poin" in page
        assert "-120.000" in page
        assert "-5.000" in page
    assert "Poin dipakai: 300 poin" in look(world, f"/quotations/{quotation.id}")
    for language, words in (("id", "Poin dipakai: 1.200 poin"), ("en", "Points used: 1,200 points")):
        paper = invoice_paper(subject_id=invoice.id, by=world.owner, language=language, variant="")
        sums = print_payload(kind=paper.kind, document=paper.data, language=language)["totals"]
        assert [row["label"] for row in sums][1:3] == ["Diskon" if language == "id" else "Discount", words]
    token = create_token(user_id=world.owner.id, name="prog", by=world.owner, at=NOW)
    told = Client().get(f"/api/v1/invoices/{invoice.id}", HTTP_AUTHORIZATION=f"Bearer {token.text}").json()
    assert (told["points_used"], told["points_amount"], told["discount_amount"]) == (1200, "120000", "5000")
    assert (told["lines"][0]["points_discount"], told["lines"][0]["document_discount"]) == ("120000", "125000")
    subtotal, discount, paid, net = (
        Decimal(told[name]) for name in ("subtotal", "discount_amount", "points_amount", "net")
    )
    assert subtotal - discount - paid == net


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
