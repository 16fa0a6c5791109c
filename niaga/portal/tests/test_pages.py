"""What a customer sees of their own, that nothing of another's is there, and what each page costs."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.portal.tests.visits import invited
from niaga.returns.tests.shop import make_return, make_sold_order
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from tests.makers import World, make_customer, make_payment, make_product, make_world

pytestmark = pytest.mark.django_db

COSTS = {
    "/home": 17, "/invoices": 10, "/invoices?show=all": 10, "/payments": 8, "/statement": 14, "/orders": 8,
    "/quotations": 8, "/returns": 8, "/cases": 8, "/profile": 12,
}  # fmt: skip
"""Statements at most, however much there is."""


def bought(world: World) -> tuple[SalesOrder, UUID]:
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(2))])
    return order, order.lines.get().invoices.get().invoice_line.invoice_id


def addresses(order: SalesOrder, invoice_id: UUID) -> list[str]:
    delivery = order.lines.get().deliveries.get().delivery_line.delivery_id
    return [
        f"/invoices/{invoice_id}", f"/invoices/{invoice_id}/pdf", f"/invoices/{invoice_id}/payment",
        f"/invoices/{invoice_id}/dispute", f"/orders/{order.pk}", f"/orders/{order.pk}/return",
        f"/deliveries/{delivery}",
    ]  # fmt: skip


def test_every_page_shows_the_customer_what_is_theirs_in_a_fixed_number_of_statements() -> None:
    world = make_world()
    order, invoice_id = bought(world)
    payment, rma = make_payment(world, order.customer_id, 1000), make_return(world, order, 1)
    browser = invited(world, order.customer)
    ours = [
        *addresses(order, invoice_id), f"/payments/{payment.pk}/receipt", f"/returns/{rma.pk}",
        "/statement?export=csv", "/statement?export=pdf&currency=IDR",
    ]  # fmt: skip

    shown = {page: browser.get(f"/portal{page}").status_code for page in ours}
    wrong = []
    for page, most in COSTS.items():
        with CaptureQueriesContext(connection) as spent:
            answer = browser.get(f"/portal{page}")
        if answer.status_code != 200 or len(spent) > most:
            wrong.append(f"{page} {answer.status_code} {len(spent)}")

    assert set(shown.values()) == {200}, shown
    assert wrong == []
    assert order.number in browser.get("/portal/orders").content.decode()


def test_what_is_another_customers_is_not_there() -> None:
    world = make_world()
    order, invoice_id = bought(world)
    payment, rma = make_payment(world, order.customer_id, 1000), make_return(world, order, 1)
    stranger = invited(world, make_customer(world), "lain@toko.example")

    pages = [*addresses(order, invoice_id), f"/payments/{payment.pk}/receipt", f"/returns/{rma.pk}"]
    seen = {page: stranger.get(f"/portal{page}").status_code for page in pages}
    sent = {page: stranger.post(f"/portal{page}", {}).status_code for page in pages}
    lists = "".join(stranger.get(f"/portal{page}").content.decode() for page in COSTS)

    assert set(seen.values()) == {404}, seen
    assert set(sent.values()) <= {404, 405}, sent
    assert order.number not in lists
    assert "INV-" not in lists


def test_a_customer_of_another_company_is_not_there_either() -> None:
    order, invoice_id = bought(make_world())
    other = make_world()
    stranger = invited(other, make_customer(other), "lain@toko.example")

    assert {stranger.get(f"/portal{page}").status_code for page in addresses(order, invoice_id)} == {404}
