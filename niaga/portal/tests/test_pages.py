"""What a customer sees of their own, and what each page costs."""

from decimal import Decimal

import pytest

from niaga.portal.tests.visits import invited
from niaga.returns.tests.shop import make_sold_order
from niaga.sales.rules.lines import LineInput
from tests.makers import make_customer, make_product, make_world

pytestmark = pytest.mark.django_db


def test_pages_walk() -> None:
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(2))])
    browser = invited(world, order.customer)
    invoice_id = order.lines.get().invoices.get().invoice_line.invoice_id
    for page in ("", "/home", "/invoices", "/invoices?show=all", f"/invoices/{invoice_id}", f"/invoices/{invoice_id}/pdf",
                 f"/invoices/{invoice_id}/payment", f"/invoices/{invoice_id}/dispute", "/payments", "/statement",
                 "/statement?export=csv", "/statement?export=pdf&currency=IDR", "/orders", f"/orders/{order.pk}", f"/orders/{order.pk}/return",
                 "/quotations", "/returns", "/cases", "/profile"):
        answer = browser.get(f"/portal{page}")
        assert answer.status_code == 200, (page, answer.status_code)
