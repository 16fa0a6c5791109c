"""What sales earn, by whom and what: always the ledger's own revenue and cost, to the last rupiah."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.db.models import Sum
from django.test import Client

from niaga.analytics.queries.margins import Wanted, margin_sums, margins
from niaga.core.errors import Forbidden
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.organization.queries.branches import channels
from niaga.organization.services.create_token import create_token
from niaga.returns.tests.shop import make_return, make_sold_order, settle, take_in
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from tests.makers import (
    NOW,
    World,
    make_bundle,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_product,
    make_shipped_order,
    make_user,
    make_world,
    signed_in,
)
from tests.scenarios.foreign_books import exporter, line, rated

pytestmark = pytest.mark.django_db

D = Decimal
DAY = date(2026, 11, 23)
PERIOD = Wanted(DAY - timedelta(days=30), DAY + timedelta(days=30))
GROUPS: tuple[Any, ...] = ("customer", "product", "category", "salesperson", "branch", "channel", "month")


def stocked(world: World, cost: int, **facts: Any) -> Any:
    """A product, with 1,000 of it on hand at a cost."""
    product = make_product(world, **facts)
    receive_goods(
        branch_id=world.branch.id, by=world.owner, at=NOW,
        items=[ReceiptItem(D(1000), product_id=product.id, unit_cost=D(cost))],
    )  # fmt: skip
    return product


def ledger(world: World) -> tuple[Decimal, Decimal]:
    """Revenue and cost of sales of all time."""
    rows = JournalLine.objects.filter(entry__company_id=world.company.id)
    found = dict(rows.values_list("role").annotate(Sum("amount")))
    return -found.get("revenue", D(0)), found.get("cost_of_sales", D(0))


def check_identity(world: World) -> None:
    revenue, cost = ledger(world)
    for group in GROUPS:
        rows = list(margins(by=world.owner, group=group, wanted=PERIOD))
        assert (sum(row.revenue for row in rows), sum(row.cost for row in rows)) == (revenue, cost), group
        assert all(row.margin == row.revenue - row.cost for row in rows)
    assert margin_sums(by=world.owner, wanted=PERIOD) == {"revenue": revenue, "cost": cost}


def earned(world: World, group: Any, wanted: Wanted = PERIOD) -> dict[str, tuple[Decimal, Decimal]]:
    return {row.name: (row.revenue, row.cost) for row in margins(by=world.owner, group=group, wanted=wanted)}


def test_each_line_earns_by_its_product_and_customer() -> None:
    world = make_world()
    coffee, tea = stocked(world, 61_000, name="Kopi"), stocked(world, 40_000, name="Teh")
    shop = make_customer(world, name="Toko Satu")
    make_issued_invoice(world, [line(coffee, "10"), line(tea, "4")], customer=shop)
    make_issued_invoice(world, [line(tea, "1")], customer=make_customer(world, name="Toko Dua"))

    assert earned(world, "product") == {"Kopi": (D(1_000_000), D(610_000)), "Teh": (D(500_000), D(200_000))}
    assert earned(world, "customer") == {
        "Toko Satu": (D(1_400_000), D(770_000)), "Toko Dua": (D(100_000), D(40_000))
    }  # fmt: skip
    assert earned(world, "product", Wanted(DAY, DAY, customer_id=shop.id))["Teh"] == (D(400_000), D(160_000))
    assert earned(world, "product", Wanted(DAY - timedelta(days=9), DAY - timedelta(days=1))) == {}
    [first, *_rest] = margins(by=world.owner, group="product", wanted=PERIOD).order_by("name")
    assert (first.margin, first.percent, first.currency) == (D(390_000), D(39), "IDR")
    check_identity(world)


def test_a_channel_earns_what_its_orders_billed_and_moved() -> None:
    world = make_world()
    coffee = stocked(world, 61_000, name="Kopi")
    [web, *_others] = channels(by=world.owner)
    make_issued_invoice(world, [line(coffee, "10")], channel_id=web.pk)
    make_issued_invoice(world, [line(coffee, "1")])

    told = earned(world, "channel")
    [narrowed] = margins(by=world.owner, group="product", wanted=Wanted(DAY, DAY, channel_id=web.pk))

    assert told == {web.name: (D(1_000_000), D(610_000)), "": (D(100_000), D(61_000))}
    assert (narrowed.revenue, narrowed.cost) == (D(1_000_000), D(610_000))


def test_a_bundles_cost_is_the_bundles_and_what_came_back_is_taken_off() -> None:
    world = make_world()
    coffee = stocked(world, 61_000, name="Kopi")
    parcel = make_bundle(world, {coffee.id: 2}, name="Parsel", price=D(250_000))
    order = make_sold_order(world, [line(parcel, "3")])

    assert earned(world, "product") == {"Parsel": (D(750_000), D(366_000))}

    settle(world, take_in(world, make_return(world, make_sold_order(world, [line(coffee, "5")]), 2)))

    assert earned(world, "product")["Kopi"] == (D(300_000), D(183_000))
    assert order.lines.count() == 1
    check_identity(world)


def test_down_payments_are_no_revenue_until_the_goods_are_billed() -> None:
    world = make_world()
    coffee = stocked(world, 61_000, name="Kopi")
    order = make_confirmed_order(world, [line(coffee, "10")])
    ahead = invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW)
    issue_invoice(invoice_id=ahead, by=world.owner, at=NOW)

    assert earned(world, "product") == {}

    rest = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    issue_invoice(invoice_id=rest, by=world.owner, at=NOW)

    assert earned(world, "product") == {"Kopi": (D(1_000_000), D(0))}
    check_identity(world)


@pytest.mark.parametrize("seed", [1, 20261128])
def test_over_drawn_deeds_the_report_is_the_ledger(seed: int) -> None:
    dice = random.Random(seed)
    world = exporter()
    rated(world, ("USD", "16437.77"))
    products = [
        stocked(world, dice.randrange(20_000, 90_000), price=D(dice.randrange(95_000, 180_000))) for _n in range(3)
    ]
    customers = [make_customer(world), make_customer(world, currency="USD")]
    for _deed in range(9):
        lines = [line(dice.choice(products), str(dice.randrange(1, 9))) for _line in range(dice.randrange(1, 4))]
        customer = dice.choice(customers)
        deed = dice.choice(("sold", "returned", "credited", "ahead", "shipped"))
        if deed == "returned":
            order = make_sold_order(world, lines, customer=customer)
            settle(world, take_in(world, make_return(world, order, 1)))
        elif deed == "credited":
            invoice = make_issued_invoice(world, lines, customer=customer)
            first = invoice.lines.order_by("position")[0]
            part = {first.id: first.quantity / 3} if dice.random() < 0.5 else None
            note = credit_invoice(
                invoice_id=invoice.id, reason="Rusak", by=world.owner, at=NOW,
                quantities=part and {key: round(value, 3) for key, value in part.items()},
            )  # fmt: skip
            issue_invoice(invoice_id=note, by=world.owner, at=NOW)
        elif deed == "ahead":
            order = make_confirmed_order(world, lines, customer=customer)
            ahead = invoice_down_payment(order_id=order.id, percent=D(dice.randrange(10, 60)), by=world.owner, at=NOW)
            issue_invoice(invoice_id=ahead, by=world.owner, at=NOW)
            rest = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
            issue_invoice(invoice_id=rest, by=world.owner, at=NOW)
        elif deed == "shipped":
            make_shipped_order(world, lines, customer=customer)
        else:
            make_issued_invoice(world, lines, customer=customer)

    check_identity(world)


def test_who_may_not_see_costs_sees_no_margins() -> None:
    world = make_world()
    seller, admin = make_user(world.company, "salesperson"), make_user(world.company, "sales_admin")

    for person in (seller, admin):
        with pytest.raises(Forbidden):
            margins(by=person, group="product", wanted=PERIOD)
    assert signed_in(world, "salesperson").get("/margins").status_code == 403


def test_the_page_narrows_drills_and_exports() -> None:
    world = make_world()
    coffee = stocked(world, 61_000, name="Kopi robusta")
    invoice = make_issued_invoice(world, [line(coffee, "10")], customer=make_customer(world, name="Toko Satu"))
    client = signed_in(world)
    days = "date_from=2026-11-01&date_to=2026-11-30"

    page = client.get(f"/margins?by=customer&{days}").content.decode().replace("\xa0", " ")
    assert "Toko Satu" in page
    assert "390.000" in page
    assert "39,0" in page
    assert f"by=product&amp;customer={invoice.customer_id}" in page
    drilled = client.get(f"/margins?by=product&customer={invoice.customer_id}&{days}").content.decode()
    assert "Kopi robusta" in drilled
    none = client.get(f"/margins?by=product&customer={world.branch.id}&{days}").content.decode()
    assert "Kopi robusta" not in none
    told = client.get(f"/margins?by=product&{days}&export=csv")
    assert b"Kopi robusta" in b"".join(told.streaming_content)
    assert client.get("/margins?by=month&date_from=rubbish").status_code == 200


def test_a_program_reads_margins_with_their_sums() -> None:
    world = make_world()
    make_issued_invoice(world, [line(stocked(world, 61_000, name="Kopi"), "10")])
    token = create_token(user_id=world.owner.pk, name="uji", by=world.owner, at=NOW)

    answer = Client().get(
        "/api/v1/margins?by=product&since=2026-11-01&until=2026-11-30",
        headers={"authorization": f"Bearer {token.text}"},
    )

    told = orjson.loads(answer.content)
    assert answer.status_code == 200, told
    assert (told["currency"], D(told["revenue"]), D(told["cost"])) == ("IDR", D(1_000_000), D(610_000))
    assert (told["items"][0]["name"], D(told["items"][0]["percent"])) == ("Kopi", D(39))
