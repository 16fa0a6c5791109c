"""The last price and the price history of a product, as the order grid and the API tell them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from niaga.core.clock import now
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.parties.models import Customer
from niaga.parties.services.save_group import save_group
from niaga.sales.queries.price_history import last_prices, price_history
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.send_quotation import send_quotation
from tests.makers import (
    NOW,
    World,
    log_in,
    make_confirmed_order,
    make_customer,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def sold(world: World, customer: Any, product: Any, price: int, **facts: Any) -> Any:
    line = LineInput(product_id=product.id, quantity=Decimal(2), unit_price=Decimal(price), **facts)
    return make_confirmed_order(world, [line], customer=customer)


def test_the_last_price_is_the_latest_promised_one_after_every_discount(django_assert_num_queries):
    world = make_world()
    customer, product = make_customer(world), make_product(world, stock=99)
    sold(world, customer, product, 90_000)
    latest = sold(world, customer, product, 100_000, discount_percent=Decimal(10))
    other = make_product(world, stock=99)
    sold(world, customer, other, 50_000)

    with django_assert_num_queries(1):
        found = last_prices(customer_id=customer.id, product_ids=[product.id, other.id], by=world.owner)

    one = found[product.id]["pcs"]
    assert (one.net_price, one.price, one.number) == (Decimal(90_000), Decimal(100_000), latest.number)
    assert found[other.id]["pcs"].net_price == Decimal(50_000)


def test_the_history_tells_offers_and_orders_the_newest_first_with_who_sold():
    world = make_world()
    customer, product = make_customer(world), make_product(world, stock=99)
    offer = make_quotation(world, [LineInput(product_id=product.id, unit_price=Decimal(95_000))], customer=customer)
    make_quotation(world, [LineInput(product_id=product.id, unit_price=Decimal(1))], customer=customer)
    send_quotation(quotation_id=offer.id, by=world.owner, at=NOW)
    order = sold(world, customer, product, 90_000)

    told = price_history(
        customer_id=customer.id, group_id=None, product_id=product.id, today=TODAY, by=world.owner
    ).prices

    assert {(one.kind, one.number, one.net_price) for one in told} == {
        ("order", order.number, Decimal(90_000)), ("quotation", offer.number, Decimal(95_000))
    }  # fmt: skip
    assert {one.who for one in told} == {world.owner.name}


def test_a_range_of_the_group_leaves_the_customer_out_and_holds_what_the_reader_may_see():
    world = make_world()
    product = make_product(world, stock=99)
    group = save_group(company_id=world.company.id, code="G1", name="Grosir", by=SYSTEM, at=NOW)
    mine, one, two = (make_customer(world, group_id=group.id) for _n in range(3))
    sold(world, mine, product, 10_000)
    sold(world, one, product, 80_000)
    sold(world, two, product, 85_000)
    facts = {"customer_id": mine.id, "group_id": group.id, "product_id": product.id, "today": TODAY}

    whole = price_history(**facts, by=world.owner).group
    own = price_history(**facts, by=make_user(world.company, "salesperson"))
    later = price_history(**{**facts, "today": TODAY + timedelta(days=400)}, by=world.owner).group

    panel = log_in(world.owner).get(f"{reverse('sales:grid_history')}?customer={mine.id}&product={product.id}&unit=pcs")
    assert "2 pelanggan lain di “Grosir” mendapat Rp" in panel.content.decode()
    assert whole is not None
    assert (whole.lowest, whole.highest, whole.customers) == (Decimal(80_000), Decimal(85_000), 2)
    assert (own.group, own.prices) == (None, [])
    assert later is None


def test_the_grid_tells_the_last_price_of_every_line_with_its_document(django_assert_max_num_queries):
    world = make_world()
    customer = make_customer(world)
    products = [make_product(world, stock=99) for _n in range(12)]
    order = make_confirmed_order(
        world, [LineInput(product_id=one.id, unit_price=Decimal(77_000)) for one in products], customer=customer
    )
    browser = log_in(world.owner)
    lines = [{"key": str(n), "kind": "item", "product": str(one.id), "quantity": "1"} for n, one in enumerate(products)]

    def asked(rows: list[dict[str, str]]) -> Any:
        body = orjson.dumps({"lines": rows, "fields": {"customer": str(customer.id)}})
        return browser.post(reverse("sales:grid_preview"), body, content_type="application/json").json()

    asked(lines[:1])
    with django_assert_max_num_queries(12):
        answer = asked(lines)

    assert answer["lines"]["11"]["last"] == "Rp\N{NO-BREAK SPACE}77.000 / pcs · 23 Nov 2026"
    assert answer["lines"]["11"]["last_url"] == f"/orders/{order.id}"
    panel = browser.get(answer["lines"]["11"]["history"])
    assert order.number in panel.content.decode()
    assert 'data-use-price="77.000"' in panel.content.decode()


def test_nobody_reads_the_prices_of_a_customer_they_may_not_see():
    world, other = make_world(), make_world()
    customer, product = make_customer(world), make_product(world, stock=9)
    sold(world, customer, product, 90_000)
    query = f"?customer={customer.id}&product={product.id}"

    assert log_in(other.owner).get(reverse("sales:grid_history") + query).status_code == 404
    stranger = make_user(world.company, "salesperson")
    assert log_in(stranger).get(reverse("sales:grid_history") + query).status_code == 404
    assert Customer.objects.filter(pk=customer.id).exists()


def test_an_order_that_is_amended_tells_what_was_paid_before_it():
    world = make_world()
    customer, product = make_customer(world), make_product(world, stock=99)
    earlier = sold(world, customer, product, 90_000)
    order = sold(world, customer, product, 80_000)

    found = last_prices(customer_id=customer.id, product_ids=[product.id], by=world.owner, but_for=order.id)

    assert found[product.id]["pcs"].number == earlier.number


def test_the_api_tells_the_history_and_needs_a_product():
    world = make_world()
    customer, product = make_customer(world), make_product(world, stock=9)
    order = sold(world, customer, product, 90_000, discount_percent=Decimal(10))
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    address = f"/api/v1/customers/{customer.id}/price-history"

    told = api.get(f"{address}?product={product.id}").json()

    [one] = told["prices"]
    assert (one["number"], one["price"], one["net_price"]) == (order.number, "90000", "81000")
    assert told["group"] is None
    assert api.get(address).json()["field"] == "product"
    line_id = order.lines.get().id
    why = api.get(f"/api/v1/orders/{order.id}/lines/{line_id}/why").json()
    assert (why["agrees"], why["steps"][-1]["code"]) == (True, "tax")
