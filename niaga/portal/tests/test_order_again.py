"""Customers order again what they ordered before: at today's prices, within limits, and only for themselves."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.messaging.models import Notice
from niaga.parties.services.set_credit import set_credit
from niaga.payments.tests.test_asked_refunds import with_rule
from niaga.portal.errors import BelowLeast, NothingOrdered, TooOften
from niaga.portal.models import PortalOrder
from niaga.portal.queries.again import offer_again
from niaga.portal.services import order_again as verb
from niaga.portal.services.order_again import AgainItem, Ordered, order_again
from niaga.portal.services.save_settings import save_settings
from niaga.portal.tests.visits import invited, visitor_of
from niaga.returns.tests.shop import make_sold_order
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.rules.lines import LineInput
from tests.makers import World, make_customer, make_product, make_user, make_world, signed_in
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


class Shop:
    """A customer who once bought two coffees of 100,000; six more lie there."""

    def __init__(self, takes: str = "order", **settings: Any) -> None:
        self.world: World = make_world()
        self.seller = make_user(self.world.company, "salesperson")
        self.customer = make_customer(self.world, salesperson_id=self.seller.id)
        self.coffee = make_product(self.world, name="Kopi", stock=8)
        self.secret = make_product(self.world, name="Mesin rahasia", stock=8)
        make_sold_order(self.world, [LineInput(product_id=self.coffee.id, quantity=D(2))], customer=self.customer)
        save_settings(
            company_id=self.world.company.id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
            takes_orders=takes, by=self.world.owner, at=now(), **settings,
        )  # fmt: skip
        self.browser = invited(self.world, self.customer, f"{self.world.company.pk}@toko.example")
        self.visitor = visitor_of(self.browser)

    def order(self, quantity: Any = 3, product: Any = None, **facts: Any) -> Ordered:
        item = AgainItem((product or self.coffee).id, self.coffee.unit.code, D(quantity))
        facts = {"wanted_on": None, "reference": "PO-77", "note": "", "items": [item], **facts}
        return order_again(visitor=self.visitor, at=facts.pop("at", now()), **facts)


def test_an_order_is_confirmed_at_the_price_of_today_where_nothing_stands_in_its_way() -> None:
    shop = Shop()
    shop.coffee.price = D(120_000)
    shop.coffee.save()

    made = shop.order(wanted_on=now().date() + timedelta(days=3))
    order = SalesOrder.objects.get(pk=made.id)
    line = order.lines.get()

    assert (made.kind, made.confirmed, order.status, order.customer_id) == (
        "order",
        True,
        "confirmed",
        shop.customer.id,
    )
    assert (line.unit_price, line.quantity, order.customer_reference) == (120_000, 3, "PO-77")
    assert (order.requested_date, order.planned_date) == (now().date() + timedelta(days=3),) * 2
    assert (order.salesperson_id, order.created_by) == (shop.seller.id, None)
    assert Notice.objects.filter(user_id=shop.seller.id, url=f"/orders/{order.id}").count() == 1
    assert broken_promises() == []


def test_what_stock_credit_or_an_approval_refuse_stays_a_draft_for_the_office() -> None:
    shop = Shop()
    asking = Shop()
    with_rule(asking.world, 100_000, "order_value")

    short = shop.order(50)
    set_credit(customer_id=shop.customer.id, limit=D(1), on_hold=False, by=shop.world.owner, at=now())
    over = shop.order(1)

    assert [(one.confirmed, SalesOrder.objects.get(pk=one.id).status) for one in (short, over, asking.order(1))] == [
        (False, "draft"), (False, "draft"), (False, "draft"),
    ]  # fmt: skip
    assert broken_promises() == []


def test_where_the_company_looks_first_it_becomes_a_draft_of_a_quotation() -> None:
    shop = Shop("request")

    made = shop.order(note="Tolong cepat", wanted_on=now().date())
    quotation = Quotation.objects.get(pk=made.id)

    assert (made.kind, quotation.status, quotation.customer_reference) == ("quotation", "draft", "PO-77")
    assert (quotation.note, quotation.requested_date) == ("Tolong cepat", now().date())
    assert PortalOrder.objects.get().quotation_id == quotation.id
    assert broken_promises() == []


def test_what_cannot_be_is_refused_and_nothing_is_written() -> None:
    shop = Shop(least_order=D(500_000))
    before = SalesOrder.objects.count()

    for wrong in (
        {"product": shop.secret}, {"quantity": 0}, {"quantity": "0.5"}, {"quantity": 10**9},
        {"wanted_on": now().date() - timedelta(days=1)},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            shop.order(**wrong)
    with pytest.raises(NothingOrdered):
        shop.order(items=[])
    with pytest.raises(BelowLeast):
        shop.order(2)

    assert SalesOrder.objects.count() == before
    assert not PortalOrder.objects.exists()


def test_nobody_orders_without_end_and_nobody_where_the_company_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop()
    monkeypatch.setattr(verb, "OF_HOUR", 2)
    shop.order(1)
    shop.order(1)
    with pytest.raises(TooOften):
        shop.order(1)
    assert shop.order(1, at=now() + timedelta(hours=2)).confirmed

    closed = Shop("off")
    with pytest.raises(NotFound):
        closed.order(1)
    assert closed.browser.get("/portal/order-again").status_code == 404
    assert "/portal/order-again" not in closed.browser.get("/portal/orders").content.decode()


def test_on_the_page_they_see_their_own_goods_only_and_order_once() -> None:
    shop = Shop(shows_stock=True)
    stranger = make_customer(shop.world)
    make_sold_order(shop.world, [LineInput(product_id=shop.secret.id)], customer=stranger)
    name = f"line-{shop.coffee.id}.{shop.coffee.unit.code}"

    page = shop.browser.get("/portal/order-again").content.decode()
    wrong = shop.browser.post("/portal/order-again", {name: "satu"})
    sent = shop.browser.post(
        "/portal/order-again", {name: "2", "reference": "PO-9", f"line-{shop.secret.id}.{shop.coffee.unit.code}": "1"}
    )
    order = SalesOrder.objects.get(customer_reference="PO-9")

    assert "Kopi" in page
    assert "100.000" in page
    assert "Mesin rahasia" not in page
    assert wrong.status_code == 422
    assert (sent.status_code, sent["Location"]) == (303, f"/portal/orders/{order.id}?said=ordered")
    assert [line.product_id for line in order.lines.all()] == [shop.coffee.id]
    filled = shop.browser.get(f"/portal/order-again?order={order.id}").content.decode()
    assert f'name="{name}" class="input num w-20" inputmode="decimal" maxlength="20" value="2"' in filled
    theirs = SalesOrder.objects.get(customer=stranger)
    assert shop.browser.get(f"/portal/order-again?order={theirs.id}").status_code == 404
    assert f"/portal/order-again?order={order.id}" in shop.browser.get(f"/portal/orders/{order.id}").content.decode()
    assert order.number in shop.browser.get("/portal/order-again").content.decode()


def test_the_offer_costs_the_same_however_much_there_is(django_assert_max_num_queries: Any) -> None:
    shop = Shop()
    more = [LineInput(product_id=make_product(shop.world, stock=1).id) for _n in range(12)]
    make_sold_order(shop.world, more, customer=shop.customer)

    with django_assert_max_num_queries(9):
        offer = offer_again(shop.visitor, shows_stock=True, at=now())

    assert len(offer.lines) == 13
    assert {one.is_there for one in offer.lines} == {True, False}


def test_the_office_sets_it_on_its_page() -> None:
    shop = Shop("off")
    browser = signed_in(shop.world)

    browser.post("/settings/portal", {"is_open": "on", "takes_orders": "request", "least_order": "250.000"})

    page = browser.get("/settings/portal").content.decode()
    assert 'value="request" selected' in page
    assert shop.browser.get("/portal/order-again").status_code == 200
