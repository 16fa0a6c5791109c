"""What a line earns: what left at what it cost then, the rest at what goods cost now."""

from decimal import Decimal
from uuid import UUID

import pytest

from niaga.catalog.rules.product import NewPacking
from niaga.core.queries.together import ask
from niaga.sales.models import SalesOrder
from niaga.sales.queries.line_margins import Margin, line_margins, margin_of_all
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.supply_directly import supply_directly
from niaga.stock.services import StockItem, receive_goods
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from tests.makers import NOW, World, make_bundle, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def receive(world: World, product_id: UUID, quantity: int, cost: int) -> None:
    item = StockItem(D(quantity), product_id=product_id, unit_cost=D(cost))
    receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW)


def margins(order_id: UUID) -> list[Margin]:
    order = SalesOrder.objects.get(pk=order_id)
    lines = shown_order_lines(order_id=order_id)
    [found] = ask(line_margins(order, lines))
    return [found[line.id] for line in lines]


def test_what_left_keeps_its_cost_and_the_rest_costs_what_goods_cost_now():
    world = make_world()
    coffee = make_product(world, price=D(1_000), cost=D(999))
    receive(world, coffee.id, 10, 400)
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=D(10))])
    assert margins(order.id) == [Margin(D(10_000), D(4_000))]
    line_id = order.lines.get().id
    delivery_id = deliver_order(order_id=order.id, quantities={line_id: D(4)}, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)

    receive(world, coffee.id, 6, 600)

    assert margins(order.id) == [Margin(D(10_000), D(1_600 + 6 * 500))]
    assert margin_of_all(dict(enumerate(margins(order.id)))).percent == D(54)


def test_a_bundle_earns_by_its_parts_and_an_unknown_cost_leaves_the_margin_unknown():
    world = make_world()
    coffee, cup, gift = make_product(world), make_product(world), make_product(world, stock=5)
    receive(world, coffee.id, 10, 300)
    receive(world, cup.id, 10, 100)
    pack = make_bundle(world, {coffee.id: 2, cup.id: 1}, price=D(1_000))
    order = make_confirmed_order(
        world, [LineInput(product_id=pack.id, quantity=D(2)), LineInput(product_id=gift.id, quantity=D(1))]
    )
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)

    before = margins(order.id)

    assert before == [Margin(D(2_000), D(1_400)), Margin(D(100_000), None)]
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    receive(world, coffee.id, 10, 900)
    assert margins(order.id)[0] == Margin(D(2_000), D(1_400))


def test_new_offers_reckon_with_the_average():
    world = make_world()
    coffee = make_product(world, cost=D(999))
    receive(world, coffee.id, 10, 400)

    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=D(1))])

    assert order.lines.get().unit_cost == 400


def test_what_a_supplier_will_send_costs_what_was_agreed_with_them_and_the_rest_what_goods_cost_now():
    world = make_world()
    coffee = make_product(world, price=D(1_000), units=(NewPacking(unit="box", factor=D(10)),))
    receive(world, coffee.id, 100, 400)
    details = SupplierDetails("CV Kebun Kopi")
    supplier = save_supplier(supplier_id=None, company_id=world.company.id, details=details, by=world.owner, at=NOW)
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=D(5), unit="box")])
    save_supply(
        product_id=coffee.id, company_id=world.company.id, supplier_id=supplier.id, unit_cost=D(700), by=world.owner,
        at=NOW,
    )  # fmt: skip

    drop_ship_id = supply_directly(
        order_id=order.id, supplier_id=supplier.id, quantities={order.lines.get().id: D(2)}, by=world.owner, at=NOW
    )

    assert margins(order.id) == [Margin(D(50_000), D(20 * 700 + 30 * 400))]
    cancel_drop_ship(drop_ship_id=drop_ship_id, by=world.owner, at=NOW)
    assert margins(order.id) == [Margin(D(50_000), D(50 * 400))]
