"""A lot comes back as the lot it left as."""

from datetime import date
from decimal import Decimal

import pytest

from niaga.catalog.models import Product
from niaga.returns.models import Return, ReturnLine
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.tests.shop import make_return, make_sold_order
from niaga.sales.rules.lines import LineInput
from niaga.stock.errors import OtherLot
from niaga.stock.models import LotLevel, StockLevel
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.start_lots import start_lots
from tests.makers import NOW, World, make_product, make_world, signed_in
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def make_milk(world: World) -> Product:
    milk = make_product(world)
    start_lots(product_id=milk.id, by=world.owner, at=NOW)
    lots = (LotGiven("A", Decimal(2), date(2027, 1, 31)), LotGiven("B", Decimal(8), date(2027, 6, 30)))
    items = [ReceiptItem(Decimal(10), product_id=milk.id, unit_cost=Decimal(1000), lots=lots)]
    receive_goods(branch_id=world.branch.id, items=items, by=world.owner, at=NOW)
    return milk


def make_authorized(world: World, sold: int, back: int) -> tuple[Return, ReturnLine]:
    order = make_sold_order(world, [LineInput(product_id=make_milk(world).id, quantity=Decimal(sold))])
    rma = make_return(world, order, back)
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    return rma, ReturnLine.objects.get(rma=rma)


def lots() -> dict[str, Decimal]:
    return dict(LotLevel.objects.values_list("lot__number", "on_hand"))


def test_where_one_lot_left_it_comes_back_unasked_and_is_free_when_it_is_good():
    world = make_world()
    rma, line = make_authorized(world, 2, 1)

    receive_return(return_id=rma.id, quantities={line.id: Decimal(1)}, by=world.owner, at=NOW)
    held = StockLevel.objects.get()
    inspect_return(return_id=rma.id, findings=[Finding(line.id, "restock", Decimal(1))], by=world.owner, at=NOW)

    assert (held.on_hand, held.reserved) == (9, 1)
    assert lots() == {"A": 1, "B": 8}
    assert StockLevel.objects.get().reserved == 0
    assert broken_promises() == []


def test_where_several_lots_left_the_one_that_came_is_asked_and_only_what_left_of_it_comes_back():
    world = make_world()
    rma, line = make_authorized(world, 5, 3)

    for named in ("", "A", "C"):  # not told; less of it left; never left
        with pytest.raises(OtherLot):
            receive_return(
                return_id=rma.id, quantities={line.id: Decimal(3)}, lots={line.id: named}, by=world.owner, at=NOW
            )
    assert lots() == {"A": 0, "B": 5}
    receive_return(return_id=rma.id, quantities={line.id: Decimal(3)}, lots={line.id: "B"}, by=world.owner, at=NOW)

    assert lots() == {"A": 0, "B": 8}


def test_what_is_scrapped_of_a_return_goes_out_of_its_lot():
    world = make_world()
    rma, line = make_authorized(world, 5, 3)
    receive_return(return_id=rma.id, quantities={line.id: Decimal(3)}, lots={line.id: "B"}, by=world.owner, at=NOW)

    inspect_return(return_id=rma.id, findings=[Finding(line.id, "scrap", Decimal(3))], by=world.owner, at=NOW)

    assert lots() == {"A": 0, "B": 5}
    assert broken_promises() == []


def test_the_page_offers_the_lots_that_left():
    world = make_world()
    rma, line = make_authorized(world, 5, 3)

    page = signed_in(world).get(f"/returns/{rma.id}/receipt").content.decode()

    assert f'name="lot-{line.id}"' in page
    assert "<option>A</option><option>B</option>" in page
