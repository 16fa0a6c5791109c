"""The page that tells and proves why a line costs what it does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from niaga.invoicing.errors import NothingToCredit
from niaga.invoicing.models import InvoiceLine
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.why import why_invoice_line, why_order_line, why_quotation_line
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.take_prices import take_prices
from niaga.sales.services.update_order import update_order
from tests.makers import (
    NOW,
    World,
    log_in,
    make_confirmed_order,
    make_customer,
    make_order,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def listed(world: World, product: Any, name: str, price: int, **facts: Any) -> Any:
    found = create_price_list(
        company_id=world.company.id, code=name, name=name, currency="IDR", by=SYSTEM, at=NOW, **facts
    )
    set_prices(price_list_id=found.id, prices=[NewPrice(Decimal(price), product_id=product.id)], by=SYSTEM, at=NOW)
    return found


def only_line(order: Any) -> SalesOrderLine:
    return SalesOrderLine.objects.get(order_id=order.id, product_id__isnull=False)


def test_a_line_tells_what_won_what_lost_and_what_it_came_to_after_each_step():
    world = make_world()
    product = make_product(world, stock=99, cost=Decimal(60_000))
    listed(world, product, "Grosir", 90_000, priority=5)
    listed(world, product, "Umum", 95_000)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(2), discount_percent=Decimal(10))])

    why = why_order_line(order_id=order.id, line_id=only_line(order).id, by=world.owner)
    outside = why_order_line(order_id=order.id, line_id=only_line(order).id, by=world.owner, losers=False)

    assert [(step.code, step.value, step.unit, step.struck) for step in why.sheet.steps] == [
        ("list_price", "100.000", "pcs", False), ("list_entry_lost", "", "", True),
        ("list_entry", "90.000", "pcs", False),
        ("gross", "180.000", "", False), ("line_discount_percent", "162.000", "", False), ("tax", "179.820", "", False),
    ]  # fmt: skip
    assert (why.agrees, why.cost, why.margin) == (True, Decimal(120_000), Decimal(42_000))
    assert "list_entry_lost" not in {step.code for step in outside.sheet.steps}
    assert (outside.agrees, outside.cost, outside.margin) == (True, None, None)


def test_a_figure_that_does_not_follow_from_the_steps_is_found():
    world = make_world()
    order = make_order(world, [LineInput(product_id=make_product(world).id)])
    line = only_line(order)
    SalesOrderLine.objects.filter(pk=line.id).update(unit_price=Decimal(99_999))

    why = why_order_line(order_id=order.id, line_id=line.id, by=world.owner)

    assert (why.agrees, why.sheet.differs) == (False, "unit_price")


def test_steps_of_a_rule_that_is_not_known_here_are_told_plainly_and_prove_nothing():
    world = make_world()
    order = make_order(world, [LineInput(product_id=make_product(world).id)])
    line = only_line(order)
    line.steps.insert(1, {"code": "buy_two_get_one", "value": "100000"})
    SalesOrderLine.objects.filter(pk=line.id).update(steps=line.steps)

    why = why_order_line(order_id=order.id, line_id=line.id, by=world.owner)
    page = log_in(world.owner).get(reverse("sales:order_line_why", args=[order.id, line.id]))

    assert (why.agrees, why.sheet.steps[1].text) == (None, "Aturan lain, “buy two get one”")
    assert page.status_code == 200


def test_who_set_a_price_by_hand_stays_with_the_price_when_others_save():
    world = make_world()
    product, seller = make_product(world, stock=9), make_user(world.company, "sales_admin", name="Dewi")
    order = make_order(world, [LineInput(product_id=product.id, unit_price=Decimal(80_000))], by=seller)
    line = only_line(order)
    later = NOW + timedelta(hours=3)

    def saved(price: int) -> tuple[str, Any]:
        given = [LineInput(id=line.id, product_id=product.id, unit_price=Decimal(price))]
        update_order(order_id=order.id, version=None, lines=given, details=OrderDetails(), by=world.owner, at=later)
        take_prices(order_id=order.id, by=world.owner, at=later)
        why = why_order_line(order_id=order.id, line_id=line.id, by=world.owner)
        [step] = [one for one in why.sheet.steps if one.code == "manual_price"]
        return why.who(step), why.when(step)

    assert saved(80_000) == ("Dewi", NOW)
    assert saved(79_000) == (world.owner.name, later)


def test_prices_that_are_taken_anew_bring_their_own_steps():
    world = make_world()
    product = make_product(world, stock=9)
    order = make_order(world, [LineInput(product_id=product.id)])
    listed(world, product, "Grosir", 90_000)

    take_prices(order_id=order.id, by=world.owner, at=NOW)

    why = why_order_line(order_id=order.id, line_id=only_line(order).id, by=world.owner)
    assert (why.agrees, why.line.unit_price) == (True, Decimal(90_000))


def test_an_accepted_quotation_keeps_its_steps_on_the_order_and_on_parts_that_are_billed_and_credited():
    world = make_world()
    customer, product = make_customer(world), make_product(world, stock=99)
    quotation = make_quotation(
        world, [LineInput(product_id=product.id, quantity=Decimal(7), unit_price=Decimal(33_333))], customer=customer,
        discount_amount=Decimal(1_000),
    )  # fmt: skip
    offered = quotation.lines.get()
    assert why_quotation_line(quotation_id=quotation.id, line_id=offered.id, by=world.owner).agrees

    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW, name="Ibu Sari")
    promised = only_line(order)
    assert why_order_line(order_id=order.id, line_id=promised.id, by=world.owner).agrees

    invoice_id = invoice_order(
        order_id=make_shipped(order, world), quantities={promised.id: Decimal(3)}, by=world.owner, at=NOW
    )
    issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    billed = InvoiceLine.objects.get(invoice_id=invoice_id)
    why = why_invoice_line(invoice_id=invoice_id, line_id=billed.id, by=world.owner)
    assert (why.agrees, [(one.quantity, one.whole) for one in why.shares]) == (True, [(Decimal(3), Decimal(7))])

    note_id = credit_invoice(
        invoice_id=invoice_id, quantities={billed.id: Decimal(2)}, reason="Rusak", by=world.owner, at=NOW
    )
    credited = InvoiceLine.objects.get(invoice_id=note_id)
    told = why_invoice_line(invoice_id=note_id, line_id=credited.id, by=world.owner)
    assert (told.agrees, [one.of_kind for one in told.shares]) == (True, ["order", "invoice"])
    page = log_in(world.owner).get(reverse("sales:invoice_line_why", args=[note_id, credited.id]))
    assert order.number in page.content.decode()


def make_shipped(order: Any, world: World) -> Any:
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    return order.id


def test_a_promise_keeps_its_price_when_lists_change_and_says_so_of_what_is_added():
    world = make_world()
    product, other = make_product(world, stock=99), make_product(world, stock=99)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    line = only_line(order)
    listed(world, product, "Grosir", 70_000)
    listed(world, other, "Kedua", 40_000)

    amended = amend_order(
        order_id=order.id, version=None, by=world.owner, at=NOW + timedelta(days=2),
        lines=[LineInput(id=line.id, product_id=product.id, quantity=Decimal(12)), LineInput(product_id=other.id)],
    )  # fmt: skip

    kept, fresh = SalesOrderLine.objects.filter(order_id=order.id).order_by("position")
    assert (kept.unit_price, kept.amount, fresh.unit_price) == (Decimal(100_000), Decimal(1_200_000), Decimal(40_000))
    assert amended.subtotal == Decimal(1_240_000)
    why = why_order_line(order_id=order.id, line_id=kept.id, by=world.owner)
    [step] = [one for one in why.sheet.steps if one.code == "kept_price"]
    assert step.text == "Harga 100.000 sesuai janji 23 Nov 2026, juga untuk 2 yang ditambahkan kemudian"
    assert why.agrees
    assert why_order_line(order_id=order.id, line_id=fresh.id, by=world.owner).agrees


def test_a_line_added_to_a_promise_with_a_discount_agrees_with_its_own_steps():
    world = make_world()
    product, other = make_product(world, stock=99), make_product(world, stock=99)
    order = make_confirmed_order(world, [LineInput(product_id=product.id)], discount_percent=Decimal(5))

    amend_order(
        order_id=order.id, version=None, by=world.owner, at=NOW,
        lines=[LineInput(id=only_line(order).id, product_id=product.id), LineInput(product_id=other.id)],
    )  # fmt: skip

    for line in SalesOrderLine.objects.filter(order_id=order.id):
        assert line.document_discount == Decimal(5_000)
        assert why_order_line(order_id=order.id, line_id=line.id, by=world.owner).agrees


def test_cost_and_losers_are_for_who_may_see_them_and_other_companies_see_nothing():
    world, stranger = make_world(), make_world()
    product = make_product(world, stock=9, cost=Decimal(60_000))
    seller = make_user(world.company, "salesperson")
    customer = make_customer(world, salesperson_id=seller.id)
    order = make_order(world, [LineInput(product_id=product.id)], customer=customer, by=seller)
    address = reverse("sales:order_line_why", args=[order.id, only_line(order).id])

    def shown(user: Any, query: str = "") -> tuple[int, bool]:
        answer = log_in(user).get(address + query)
        return answer.status_code, "Margin" in answer.content.decode().split("why-page")[-1].split("</main>")[0]

    assert shown(world.owner) == (200, True)
    assert shown(world.owner, "?view=customer") == (200, False)
    assert shown(seller)[0] == 200
    assert why_order_line(order_id=order.id, line_id=only_line(order).id, by=seller).cost is None
    assert shown(stranger.owner)[0] == 404


@pytest.mark.parametrize("included", [False, True])
def test_goods_that_come_back_in_parts_come_back_at_the_price_they_were_sold_whatever_lists_say_now(included):
    world = make_world()
    set_fiscal_setting(
        company_id=world.company.id, valid_from=NOW.date(), charges_tax=True, prices_include_tax=included,
        round_total_to=Decimal(100), by=SYSTEM, at=NOW,
    )  # fmt: skip
    product = make_product(world, stock=99)
    line = LineInput(
        product_id=product.id, quantity=Decimal(7), unit_price=Decimal(33_333), discount_percent=Decimal("3.5")
    )
    order = make_confirmed_order(world, [line], discount_amount=Decimal(1_000))
    invoice_id = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    invoice = issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    [billed] = InvoiceLine.objects.filter(invoice_id=invoice_id)
    listed(world, product, "Murah", 10_000)
    names = ("amount", "discount_amount", "document_discount", "net", "other_tax_base", "tax")

    parts, totals = [], []
    for quantity in (2, 1, 3, 1):
        note_id = credit_invoice(
            invoice_id=invoice_id, quantities={billed.id: Decimal(quantity)}, reason="Rusak", by=world.owner, at=NOW
        )
        totals.append(issue_invoice(invoice_id=note_id, by=world.owner, at=NOW).total)
        [part] = InvoiceLine.objects.filter(invoice_id=note_id)
        assert why_invoice_line(invoice_id=note_id, line_id=part.id, by=world.owner).agrees
        parts.append(part)

    assert {part.unit_price for part in parts} == {Decimal(33_333)}
    assert {name: sum(getattr(part, name) for part in parts) for name in names} == {
        name: getattr(billed, name) for name in names
    }
    assert sum(totals) == invoice.total
    with pytest.raises(NothingToCredit):
        credit_invoice(invoice_id=invoice_id, reason="Rusak", by=world.owner, at=NOW)
