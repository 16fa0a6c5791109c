"""A promotion from its form to the orders that have it: where it was used, for whose eyes, and what comes back."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.services.create_token import create_token
from niaga.pricing.models import Coupon, Promotion
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.agree_discount import agree_discount
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    World,
    log_in,
    make_accepted_order,
    make_confirmed_order,
    make_customer,
    make_product,
    make_user,
    make_world,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
PLAIN: dict[str, Any] = {"kind": "percent", "tiers": ((Decimal(0), Decimal(10)),)}


def opened(world: World, **facts: Any) -> Promotion:
    return create_promotion(
        company_id=world.company.id, promotion=NewPromotion(**{**PLAIN, **facts}), by=world.owner, at=NOW
    )


def uses(user: Any, promotion: Promotion) -> list[tuple[str, str]]:
    token = create_token(user_id=user.id, name="test", by=user, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    answer = api.get(f"/api/v1/promotions/{promotion.id}/uses")
    return [(one["number"], one["amount"]) for one in answer.json()["items"]]


def test_an_order_with_a_coupon_is_told_on_the_promotions_page_to_who_may_see_the_order() -> None:
    world = make_world()
    promotion = opened(world, name="Merdeka", by_coupon=True, most_uses=2)
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], by=world.owner, at=NOW)
    coffee = make_product(world, stock=100, price=Decimal(100_000))
    seller = make_user(world.company, "salesperson")
    customer = make_customer(world, salesperson_id=seller.id)
    lines = [LineInput(product_id=coffee.id, quantity=Decimal(2))]

    order = make_confirmed_order(world, lines, customer=customer, coupon_codes=["merdeka"])
    page = log_in(world.owner).get(f"/promotions/{promotion.id}").content.decode()
    theirs = log_in(seller).get(f"/promotions/{promotion.id}").content.decode()

    used = page.partition('id="uses"')[2].partition("</section>")[0]
    assert f'href="/orders/{order.id}"' in used
    assert order.number in used
    assert "20.000" in used
    assert uses(world.owner, promotion) == [(order.number, "20000")]
    assert Coupon.objects.get().uses == 1
    mine = order.salesperson_id == seller.id
    assert (order.number in theirs.partition('id="uses"')[2]) is mine
    assert bool(uses(seller, promotion)) is mine
    assert broken_promises() == []


def test_cancelling_gives_the_use_back_and_the_page_forgets_it() -> None:
    world = make_world()
    promotion = opened(world, name="Sekali", most_uses=1)
    coffee = make_product(world, stock=100, price=Decimal(100_000))
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(1))])

    before = uses(world.owner, promotion)
    cancel_order(order_id=order.id, reason="Salah pesan", by=world.owner, at=NOW)
    after = uses(world.owner, promotion)
    again = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(1))])

    assert (before, after) == ([(order.number, "10000")], [])
    assert uses(world.owner, promotion) == [(again.number, "10000")]
    assert broken_promises() == []


def test_an_agreed_discount_holds_on_the_customers_orders_and_on_nobody_elses() -> None:
    world = make_world()
    customer, other = make_customer(world), make_customer(world)
    coffee = make_product(world, stock=100, price=Decimal(100_000))
    agree_discount(
        customer_id=customer.id, discount=NewPromotion(name="Kontrak 7", **PLAIN), by=world.owner, at=NOW,
        contract=[("kontrak.txt", b"Kontrak 7")],
    )  # fmt: skip
    lines = [LineInput(product_id=coffee.id, quantity=Decimal(1))]

    subtotals = [make_confirmed_order(world, lines, customer=one).subtotal for one in (customer, other)]

    assert subtotals == [90_000, 100_000]
    assert "Kontrak 7" in log_in(world.owner).get(f"/customers/{customer.id}").content.decode()
    assert "Kontrak 7" not in log_in(world.owner).get(f"/customers/{other.id}").content.decode()
    assert broken_promises() == []


def test_the_page_names_the_offer_and_the_invoice_of_an_order_too() -> None:
    world = make_world()
    promotion = opened(world, name="Merdeka")
    coffee = make_product(world, stock=100, price=Decimal(100_000))
    order = make_accepted_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))])
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    invoice_id = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)

    page = log_in(world.owner).get(f"/promotions/{promotion.id}").content.decode()

    used = page.partition('id="uses"')[2].partition("</section>")[0]
    assert order.number in used
    assert order.quotation is not None
    assert order.quotation.number in used
    assert Invoice.objects.get().number in used
