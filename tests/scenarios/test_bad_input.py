"""What people and programs get wrong: a clear answer at the field, nothing half-written, and the sale goes on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.parties.services.save_group import save_group
from niaga.pricing.errors import BadRules
from niaga.pricing.models import PriceListRule, Promotion
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.rules.replay import replay
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.sales.errors import BadLines
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.makers import NOW, World, log_in, make_customer, make_order, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def deed(world: World) -> dict[str, Any]:
    return {"company_id": world.company.id, "by": world.owner, "at": NOW}


def given(world: World, price_list: Any, *rules: NewRule) -> None:
    set_rules(price_list_id=price_list.id, rules=list(rules), by=world.owner, at=NOW)


def line_of(order: SalesOrder) -> SalesOrderLine:
    """The order's only line, which must follow from its own steps."""
    line = SalesOrderLine.objects.get(order_id=order.id)
    assert replay(line.steps, order.currency).amount == line.amount
    return line


def reasons(line: SalesOrderLine) -> list[tuple[str, str]]:
    return [(step["code"], step["reason"]) for step in line.steps if step.get("reason")]


def test_lists_that_would_stand_on_each_other_are_refused_at_the_base_and_sales_go_on_by_the_list_as_it_was() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    retail, dealer, agent = (
        create_price_list(code=name, name=name, priority=place, **deed(world))
        for place, name in enumerate(("Eceran", "Agen", "Sub-agen"))
    )
    given(world, retail, NewRule(basis="price", percent=D(-5)))
    given(world, dealer, NewRule(basis="list", base_list_id=retail.id, percent=D(-10)))
    given(world, agent, NewRule(basis="list", base_list_id=dealer.id, percent=D(-10)))

    with pytest.raises(BadRules) as refusal:
        given(world, retail, NewRule(basis="list", base_list_id=agent.id))

    assert [(line["line"], line["field"]) for line in refusal.value.lines] == [(1, "base_list_id")]
    assert PriceListRule.objects.get(price_list=retail).percent == -5
    assert line_of(make_order(world, [LineInput(product_id=coffee.id)])).unit_price == 76_950


def test_lists_with_overlapping_days_never_stop_a_sale_and_the_loser_is_named_with_its_reason() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    for name, price, first in (("November", 90_000, date(2026, 11, 1)), ("Akhir tahun", 88_000, date(2026, 11, 20))):
        made = create_price_list(code=name, name=name, valid_from=first, valid_to=date(2026, 12, 31), **deed(world))
        set_prices(price_list_id=made.id, prices=[NewPrice(D(price), coffee.id)], by=world.owner, at=NOW)

    lines = [line_of(make_order(world, [LineInput(product_id=coffee.id)])) for _turn in range(3)]

    assert {line.unit_price for line in lines} == {88_000}
    assert {tuple(reasons(line)) for line in lines} == {(("list_entry_lost", "dearer"),)}


def test_a_rule_that_would_make_a_price_negative_loses_and_a_promotion_stops_at_nothing() -> None:
    world = make_world()
    coffee, spoon = make_product(world, price=D(100_000)), make_product(world, price=D(2_000))
    cheap = create_price_list(code="MURAH", name="Murah", **deed(world))
    given(world, cheap, NewRule(basis="price", surcharge=D(-5_000)))
    five_off = NewPromotion(
        name="Potong 5.000", kind="amount", tiers=((D(0), D(5_000)),), scopes=(NewScope(product_id=spoon.id),)
    )
    create_promotion(promotion=five_off, **deed(world))

    whole, small = (line_of(make_order(world, [LineInput(product_id=one.id)])) for one in (coffee, spoon))

    assert (whole.amount, small.list_price, small.amount) == (95_000, 2_000, 0)
    assert ("list_entry_lost", "below_zero") in reasons(small)


def test_a_gift_that_is_out_of_stock_waits_for_goods_while_what_was_bought_is_shipped() -> None:
    world = make_world()
    coffee, mug = make_product(world, price=D(100_000), stock=5), make_product(world, name="Cangkir", price=D(25_000))
    gift = NewPromotion(
        name="Cangkir", kind="gift", tiers=((D(200_000), D(1)),), scopes=(NewScope(),), gift_product_id=mug.id
    )
    create_promotion(promotion=gift, **deed(world))
    order = make_order(world, [LineInput(product_id=coffee.id, quantity=D(2))])

    confirm_order(order_id=order.id, by=world.owner, at=NOW, shortage="backorder")
    ship_order_delivery(delivery_id=deliver_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    shipped = SalesOrderLine.objects.filter(order=order).order_by("position").values_list("quantity", "shipped")
    assert list(shipped) == [(2, 2), (1, 0)]


def test_an_order_at_a_hundred_percent_off_goes_all_the_way_to_an_invoice_over_nothing() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000), stock=5)
    order = make_order(world, [LineInput(product_id=coffee.id, quantity=D(2), discount_percent=D(100))])

    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=deliver_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    invoice = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    assert (invoice.status, invoice.net, invoice.tax, invoice.total) == ("issued", 0, 0, 0)
    page = log_in(world.owner).get(f"/invoices/{invoice.id}")
    assert page.status_code == 200
    with pytest.raises(BadLines) as refusal:
        make_order(world, [LineInput(product_id=coffee.id, discount_percent=D("100.01"))])
    assert [(line["field"], line["code"]) for line in refusal.value.lines] == [("discount_percent", "not_a_percentage")]


def test_fractions_are_refused_where_a_unit_is_whole_and_exact_where_it_is_weighed() -> None:
    world = make_world()
    mug, rice = make_product(world, price=D(25_000)), make_product(world, price=D(13_333), unit="kg")

    with pytest.raises(BadLines) as refusal:
        make_order(world, [LineInput(product_id=rice.id), LineInput(product_id=mug.id, quantity=D("1.5"))])

    assert [(line["line"], line["field"]) for line in refusal.value.lines] == [(2, "quantity")]
    assert not SalesOrder.objects.exists()
    assert line_of(make_order(world, [LineInput(product_id=rice.id, quantity=D("1.25"))])).amount == 16_666


def test_formulas_and_markup_in_names_stay_words_on_pages_and_in_exports() -> None:
    world = make_world()
    name = '=HYPERLINK("http://x")<script>alert(1)</script>{{ 7*7 }}'
    offer = NewPromotion(name=name, kind="percent", tiers=((D(0), D(10)),), scopes=(NewScope(),))
    create_promotion(promotion=offer, **deed(world))
    coffee = make_product(world, price=D(100_000))
    browser = log_in(world.owner)

    order = make_order(world, [LineInput(product_id=coffee.id)])

    pages = [f"/promotions/{Promotion.objects.get().id}", "/promotions", f"/orders/{order.id}"]
    shown = [browser.get(page).content.decode() for page in pages]
    assert not any("<script>alert(1)" in page for page in shown)
    assert all("{{ 7*7 }}" in page for page in shown[:2])
    export = b"".join(browser.get("/promotions?export=csv")).decode("utf-8-sig")
    assert "\"'=HYPERLINK" in export
    assert line_of(order).amount == 90_000


def test_every_field_that_is_wrong_is_named_at_once_and_nothing_is_written() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    group = save_group(code="G", name="Grosir", **deed(world))
    lines = [
        LineInput(product_id=coffee.id, quantity=D(-1)),
        LineInput(product_id=coffee.id, unit="peti"),
        LineInput(sku="TIDAK-ADA"),
    ]

    with pytest.raises(BadLines) as refusal:
        make_order(world, lines, customer=make_customer(world, group_id=group.id))

    assert [(line["line"], line["field"]) for line in refusal.value.lines] == [
        (1, "quantity"), (2, "unit"), (3, "product"),
    ]  # fmt: skip
    assert (SalesOrder.objects.count(), Invoice.objects.count()) == (0, 0)
