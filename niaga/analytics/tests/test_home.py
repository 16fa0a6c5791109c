"""The start page: every role sees what is theirs, in few statements."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.analytics.queries.start_page import start_page
from niaga.core.clock import today
from niaga.invoicing.tests.test_late_fees import AFTER, charge, late, make_rule
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.stock.models import Warehouse
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.expect_receipt import expect_receipt
from tests.makers import (
    NOW,
    make_confirmed_order,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
DAY = today(at=NOW, zone="Asia/Jakarta")


def test_the_figures_are_what_was_booked_invoiced_and_collected():
    world = make_world()
    product = make_product(world, stock=100, price=Decimal(100_000))
    make_confirmed_order(world, [LineInput(sku=product.sku, quantity=Decimal(3))])
    invoice = make_issued_invoice(world, [LineInput(sku=product.sku, quantity=Decimal(2))])
    make_payment(world, invoice.customer_id, 22_000)

    page = start_page(by=world.owner, today=DAY)

    assert page.booked is not None
    assert page.invoiced is not None
    assert page.collected is not None
    assert page.to_ship is not None
    assert (page.booked.month, page.booked.number) == (Decimal(555_000), 2)
    assert (page.invoiced.today, page.invoiced.number) == (Decimal(222_000), 1)
    assert page.collected.month == Decimal(22_000)
    assert [order.total for order in page.to_ship.rows] == [Decimal(333_000)]
    assert page.days[DAY.day - 1] == (DAY, Decimal(555_000))


@pytest.mark.parametrize("role", sorted(STANDARD_ROLES))
def test_the_start_page_opens_for_every_role_within_fifteen_statements(role):
    world = make_world()
    client = Client()
    client.force_login(make_user(world.company, role, branch_id=world.branch.id))
    client.get("/")

    with CaptureQueriesContext(connection) as statements:
        answer = client.get("/")

    assert answer.status_code == 200
    assert len(statements) <= 15, [one["sql"][:90] for one in statements]


def test_who_keeps_the_stockroom_sees_goods_and_no_money():
    world = make_world()
    product = make_product(world, stock=100)
    order = make_confirmed_order(world, [LineInput(sku=product.sku, quantity=Decimal(3))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    expected = expect_receipt(
        warehouse_id=Warehouse.objects.get().id, supplier="CV Kebun", expected_date=DAY, by=world.owner, at=NOW,
        items=[StockItem(Decimal(50), product_id=product.id)],
    )  # fmt: skip

    page = start_page(by=make_user(world.company, "warehouse", branch_id=world.branch.id), today=DAY)

    assert page.to_leave is not None
    assert page.expected is not None
    assert page.to_ship is not None
    assert [one.id for one in page.to_leave.rows] == [delivery_id]
    assert [one.id for one in page.expected.rows] == [expected.id]
    assert [one.id for one in page.to_ship.rows] == [order.id]
    assert (page.booked, page.invoiced, page.collected, page.days) == (None, None, None, [])


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("salesperson", "/quotations/new"), ("owner", "/quotations/new"), ("cashier", "/orders/new"),
        ("finance", "/payments/new"), ("warehouse", "/stock/receipts/new"), ("driver", "/driving"),
    ],
)  # fmt: skip
def test_the_start_page_offers_what_the_role_most_likely_came_to_do(role, address):
    world = make_world()
    client = Client()
    client.force_login(make_user(world.company, role, branch_id=world.branch.id))

    page = client.get("/").content.decode()

    assert f'class="btn go " href="{address}"' in page


def test_a_person_without_a_company_is_told_whom_to_ask():
    world = make_world()
    user = make_user(world.company, "auditor")
    user.memberships.all().delete()
    client = Client()
    client.force_login(user)

    assert client.get("/").status_code == 200


def test_a_start_page_without_a_wide_card_leaves_no_hole_for_one():
    world = make_world()
    client = Client()
    client.force_login(make_user(world.company, "cashier", branch_id=world.branch.id))

    page = client.get("/").content.decode()

    assert '<div class="cols two">' in page
    assert '<div class="cols split">' not in page


def test_late_fees_are_invoiced_too_and_said_beside_the_figure():
    world = make_world()
    make_rule(world, issues=True)
    invoice = late(world)
    charge(invoice.customer_id)

    page = start_page(by=world.owner, today=AFTER.date())

    assert page.invoiced is not None
    assert page.fees == 38 * 1_998
    assert (page.invoiced.month, page.invoiced.number) == (page.fees, 1)
