"""What goods are worth as they come and go, and what the books say of it."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from niaga.config.database import admin_url
from niaga.ledger.errors import PeriodClosed
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.ledger.services.close_period import close_period
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.errors import NotEnoughFree, OutOfStock
from niaga.stock.models import StockCost, StockMove, Warehouse
from niaga.stock.services import (
    StockItem,
    adjust_stock,
    create_warehouse,
    draft_count,
    enter_count,
    post_count,
    receive_goods,
    transfer_stock,
)
from tests.makers import NOW, World, make_bundle, make_confirmed_order, make_product, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


def receive(world: World, product_id: UUID, quantity: str | int, cost: str | int | None = None, **more) -> UUID:
    item = StockItem(D(quantity), product_id=product_id, unit_cost=None if cost is None else D(cost))
    return receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW, **more).id


def ship(world: World, product_id: UUID, quantity: str | int) -> UUID:
    order = make_confirmed_order(world, [LineInput(product_id=product_id, quantity=D(quantity))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    return delivery_id


def worth(product_id: UUID) -> tuple[Decimal, Decimal, Decimal | None]:
    return StockCost.objects.values_list("quantity", "value", "average").get(product_id=product_id)


def booked(source_id: UUID) -> dict[str, Decimal]:
    return dict(JournalLine.objects.filter(entry__source_id=source_id).values_list("role", "amount"))


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def test_goods_that_come_at_another_cost_move_the_average():
    world = make_world()
    coffee = make_product(world)

    first = receive(world, coffee.id, 10, 1_000)
    receive(world, coffee.id, 5, 4_000)

    assert worth(coffee.id) == (15, 30_000, 2_000)
    assert booked(first) == {"inventory": 10_000, "goods_received": -10_000}
    assert broken_promises() == []


def test_what_ships_takes_its_share_and_the_last_piece_takes_the_rest():
    world = make_world()
    coffee = make_product(world)
    receive(world, coffee.id, 3, "33.333333")

    sent = [ship(world, coffee.id, 1) for _turn in range(3)]

    values = [StockMove.objects.get(source_id=one).value for one in sent]
    assert values == [-33, -34, -33]
    assert worth(coffee.id) == (0, 0, D("33"))
    assert booked(sent[0]) == {"cost_of_sales": 33, "inventory": -33}
    assert broken_promises() == []


def test_two_lines_of_one_product_share_what_both_are_worth():
    world = make_world()
    coffee = make_product(world)
    receive(world, coffee.id, 3, "33.333333")

    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=D(1)) for _line in range(3)])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)

    moves = StockMove.objects.filter(source_id=delivery_id).order_by("id")
    assert [(one.value, one.line_id is not None) for one in moves] == [(-33, True), (-34, True), (-33, True)]
    assert worth(coffee.id) == (0, 0, D("33.333333"))


def test_a_bundle_costs_what_its_parts_are_worth():
    world = make_world()
    coffee, cup = make_product(world), make_product(world)
    receive(world, coffee.id, 10, 1_000)
    receive(world, cup.id, 10, 500)
    pack = make_bundle(world, {coffee.id: 2, cup.id: 1})

    delivery_id = ship(world, pack.id, 3)

    assert booked(delivery_id) == {"cost_of_sales": 7_500, "inventory": -7_500}
    assert (worth(coffee.id)[:2], worth(cup.id)[:2]) == ((4, 4_000), (7, 3_500))
    assert broken_promises() == []


def test_what_comes_without_a_cost_is_worth_the_average_or_what_the_catalogue_says():
    world = make_world()
    listed, unknown = make_product(world, cost=D(700)), make_product(world)

    receive(world, listed.id, 10)
    receive(world, listed.id, 10, 900)
    receive(world, listed.id, 5)
    nothing = receive(world, unknown.id, 4)

    assert worth(listed.id) == (25, 20_000, 800)
    assert worth(unknown.id) == (4, 0, None)
    assert booked(nothing) == {}
    assert broken_promises() == []


def test_opening_stock_is_equity_and_corrections_are_found_or_lost():
    world = make_world()
    coffee, tea = make_product(world), make_product(world)

    opening = receive(world, coffee.id, 10, 1_000, is_opening=True)
    receive(world, tea.id, 10, 100)
    change = adjust_stock(
        warehouse_id=main(world).id, reason="Pecah", by=world.owner, at=NOW,
        items=[StockItem(D(-2), product_id=coffee.id), StockItem(D(5), product_id=tea.id)],
    )  # fmt: skip

    assert booked(opening) == {"inventory": 10_000, "opening_stock": -10_000}
    assert booked(change.id) == {"inventory": -1_500, "stock_gain": -500, "stock_loss": 2_000}
    assert broken_promises() == []


def test_a_count_books_its_differences_at_the_average():
    world = make_world()
    coffee = make_product(world)
    receive(world, coffee.id, 10, 1_000)
    count = draft_count(warehouse_id=main(world).id, product_ids=[coffee.id], by=world.owner, at=NOW)
    enter_count(count_id=count.id, counted={count.lines.get().id: D(7)}, by=world.owner, at=NOW)

    post_count(count_id=count.id, by=world.owner, at=NOW)

    assert booked(count.id) == {"inventory": -3_000, "stock_loss": 3_000}
    assert worth(coffee.id) == (7, 7_000, 1_000)


def test_a_transfer_changes_no_value():
    world = make_world()
    coffee = make_product(world)
    receive(world, coffee.id, 10, 1_000)
    other = create_warehouse(
        company_id=world.company.id, branch_id=world.branch.id, code="Z2", name="Gudang 2", by=world.owner, at=NOW
    )

    moved = transfer_stock(
        source_id=main(world).id, target_id=other.id, items=[StockItem(D(4), product_id=coffee.id)], by=world.owner,
        at=NOW,
    )  # fmt: skip

    assert worth(coffee.id) == (10, 10_000, 1_000)
    assert booked(moved.id) == {}
    assert broken_promises() == []


def test_a_receipt_in_a_closed_month_is_refused_and_changes_nothing():
    world = make_world()
    coffee = make_product(world)
    close_period(company_id=world.company.id, month=NOW.date(), by=world.owner, at=NOW)

    with pytest.raises(PeriodClosed):
        receive(world, coffee.id, 10, 1_000)

    assert not StockMove.objects.exists()
    assert not StockCost.objects.exists()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["receive", "ship", "adjust", "transfer"]),
            st.integers(1, 12),
            st.one_of(st.none(), st.decimals("0", "999.999999", places=6)),
        ),
        min_size=3,
        max_size=9,
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_the_books_say_what_the_goods_are_worth(story):
    world = make_world()
    coffee = make_product(world, cost=D("77.77"))
    here = main(world)
    there = create_warehouse(
        company_id=world.company.id, branch_id=world.branch.id, code="Z2", name="Gudang 2", by=world.owner, at=NOW
    )
    for deed, quantity, cost in story:
        try:
            tell(world, coffee.id, (here, there), deed, quantity, cost)
        except (NotEnoughFree, OutOfStock):
            continue

    assert broken_promises() == []
    moved = StockMove.objects.filter(product=coffee).aggregate(
        q=Sum("quantity", default=D(0)), v=Sum("value", default=D(0))
    )
    kept = StockCost.objects.filter(product=coffee).first()
    assert kept is None or (moved["q"], moved["v"]) == (kept.quantity, kept.value)


def tell(world: World, product_id: UUID, places, deed: str, quantity: int, cost: Decimal | None) -> None:
    here, there = places
    if deed == "receive":
        receive(world, product_id, quantity, cost)
    elif deed == "ship":
        with transaction.atomic():
            ship(world, product_id, quantity)
    elif deed == "adjust":
        change = D(quantity if quantity % 2 else -quantity)
        adjust_stock(
            warehouse_id=here.id, reason="Hitung", items=[StockItem(change, product_id=product_id, unit_cost=cost)],
            by=world.owner, at=NOW,
        )  # fmt: skip
    else:
        item = StockItem(D(quantity), product_id=product_id)
        transfer_stock(source_id=here.id, target_id=there.id, items=[item], by=world.owner, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_documents_from_before_get_the_figures_and_entries_of_the_same_story():
    world = make_world()
    coffee, tea, free = make_product(world), make_product(world, cost=D(70)), make_product(world)
    opening = receive(world, coffee.id, 30, "33.333333", reference="Stok awal", is_opening=True)
    receive(world, tea.id, 12)
    receive(world, free.id, 5)
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=D(7)) for _line in range(3)])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    receive(world, coffee.id, 3, 55)
    adjust_stock(
        warehouse_id=main(world).id, reason="Pecah", by=world.owner, at=NOW,
        items=[StockItem(D(-2), product_id=coffee.id), StockItem(D(5), product_id=tea.id, unit_cost=D(99))],
    )  # fmt: skip
    told = everything_told()
    forget_costs()

    reconcile()

    assert everything_told() == told
    reconcile()
    assert everything_told() == told
    assert booked(opening) == {"inventory": 1_000, "opening_stock": -1_000}
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
def test_documents_of_closed_months_are_booked_in_the_first_open_one():
    world = make_world()
    coffee = make_product(world)
    receipt = receive(world, coffee.id, 10, 1_000)
    forget_costs()
    close_period(company_id=world.company.id, month=NOW.date(), by=world.owner, at=NOW)

    reconcile()

    day = JournalEntry.objects.get(source_id=receipt).date
    assert day == (NOW.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert broken_promises() == []


def everything_told() -> list:
    costs = StockCost.objects.order_by("product_id").values_list("product_id", "quantity", "value", "average")
    moves = StockMove.objects.order_by("id").values_list("id", "quantity", "unit_cost", "value")
    lines = JournalLine.objects.order_by("entry__source_id", "role")
    entries = lines.values_list(
        "entry__source_id", "entry__date", "entry__number", "entry__branch_id", "role", "amount"
    )
    return [list(costs), list(moves), list(entries)]


def forget_costs() -> None:
    """The state of before: moves with the costs they were given, and nothing of stock in the books."""
    as_owner(
        """
            SET CONSTRAINTS ALL IMMEDIATE;
            ALTER TABLE stock_stockmove DISABLE TRIGGER USER;
            ALTER TABLE ledger_journalline DISABLE TRIGGER USER;
            ALTER TABLE ledger_journalentry DISABLE TRIGGER USER;
            UPDATE stock_stockmove m SET value = 0, unit_cost = (
              SELECT max(l.unit_cost) FROM stock_receiptline l WHERE l.receipt_id = m.source_id
                 AND l.product_id = m.product_id) WHERE m.source_kind <> 'adjustment' OR m.quantity < 0;
            UPDATE stock_stockmove SET value = 0;
            DELETE FROM stock_stockcost;
            DELETE FROM ledger_journalline; DELETE FROM ledger_journalentry;
            ALTER TABLE ledger_journalentry ENABLE TRIGGER USER;
            ALTER TABLE ledger_journalline ENABLE TRIGGER USER;
            ALTER TABLE stock_stockmove ENABLE TRIGGER USER;
            """
    )


def reconcile() -> None:
    past = import_module("niaga.stock.migrations.0007_cost_of_the_past")
    as_owner(past.VALUE_MOVES, past.POST_ENTRIES)


def as_owner(*statements: str) -> None:
    """As the role that migrates, in one transaction."""
    with psycopg.connect(admin_url(str(connection.settings_dict["NAME"]))) as owner:
        for one in statements:
            owner.execute(one)
