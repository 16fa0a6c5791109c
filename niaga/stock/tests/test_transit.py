"""Transfers by two steps: what is on its way, what it is worth, and how it ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, WrongState
from niaga.ledger.models import JournalLine
from niaga.stock.errors import (
    BadStockLines,
    ComesByTransfer,
    NotEnoughFree,
    ReasonMissing,
    SameWarehouse,
)
from niaga.stock.models import (
    ExpectedReceipt,
    Lot,
    LotLevel,
    Reservation,
    StockCost,
    StockLevel,
    Transfer,
    TransferLine,
    Warehouse,
)
from niaga.stock.queries.availability import availability
from niaga.stock.rules.transit import part_worth
from niaga.stock.services import StockItem, create_warehouse, receive_expected, receive_goods
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.bring_back_transfer import bring_back_transfer
from niaga.stock.services.cancel_transfer import cancel_transfer
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.draft_transfer import draft_transfer
from niaga.stock.services.postpone_transfer import postpone_transfer
from niaga.stock.services.receive_transfer import receive_transfer
from niaga.stock.services.ship_transfer import ship_transfer
from niaga.stock.services.start_lots import start_lots
from tests.makers import NOW, World, make_branch, make_product, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
LATER = NOW.date() + timedelta(days=5)


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def make_depot(world: World, **facts: Any) -> Warehouse:
    named: dict[str, Any] = {"code": "ZDEPO", "name": "Depo Waru", "branch_id": world.branch.id, **facts}
    return create_warehouse(company_id=world.company.id, by=world.owner, at=NOW, **named)


def make_goods(world: World, *, count: int, cost: int) -> Any:
    product = make_product(world)
    item = StockItem(Decimal(count), product_id=product.id, unit_cost=Decimal(cost))
    receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW)
    return product


def make_sent(world: World, depot: Warehouse, *items: StockItem, shipped: bool = True) -> Transfer:
    transfer = draft_transfer(
        source_id=main(world).id, target_id=depot.id, items=items, expected_date=LATER, by=world.owner, at=NOW
    )
    return ship_transfer(transfer_id=transfer.id, by=world.owner, at=NOW) if shipped else transfer


def free(world: World, product: Any, place: Warehouse) -> Decimal:
    return availability(product_ids=[product.id], company_id=world.company.id, warehouse_id=place.id)[product.id].free


def booked(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company=world.company).values_list("role").annotate(Sum("amount"))
    return {role: amount for role, amount in rows if amount}


def line_of(transfer: Transfer) -> TransferLine:
    return TransferLine.objects.get(transfer=transfer)


def test_goods_are_held_then_on_their_way_then_in_the_other_warehouse():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    here = main(world)

    drawn_up = make_sent(world, depot, StockItem(Decimal(4), product_id=coffee.id), shipped=False)
    held = free(world, coffee, here), StockLevel.objects.get(product=coffee, warehouse=here).on_hand
    ship_transfer(transfer_id=drawn_up.id, by=world.owner, at=NOW)

    coming = availability(product_ids=[coffee.id], company_id=world.company.id, warehouse_id=depot.id)[coffee.id]
    assert held == (Decimal(6), Decimal(10))
    assert (free(world, coffee, here), coming.free, coming.on_hand) == (Decimal(6), Decimal(0), Decimal(0))
    assert [(one.date, one.quantity, one.reference) for one in coming.incoming] == [
        (LATER, Decimal(4), drawn_up.number)
    ]
    assert coming.free_on(LATER) == Decimal(4)
    assert booked(world) == {
        "inventory": Decimal(6000), "goods_in_transit": Decimal(4000), "goods_received": Decimal(-10000)
    }  # fmt: skip
    assert broken_promises() == []

    receive_transfer(transfer_id=drawn_up.id, by=world.owner, at=NOW)

    transfer = Transfer.objects.get(pk=drawn_up.id)
    assert (transfer.status, transfer.shipped_by, transfer.received_by) == ("received", world.owner.id, world.owner.id)
    assert (free(world, coffee, here), free(world, coffee, depot)) == (Decimal(6), Decimal(4))
    assert booked(world) == {"inventory": Decimal(10000), "goods_received": Decimal(-10000)}
    assert ExpectedReceipt.objects.get(transfer=transfer).status == "received"
    assert broken_promises() == []


def test_what_comes_in_parts_is_worth_what_left_to_the_last_rupiah():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=3, cost=0)
    receive_goods(
        branch_id=world.branch.id, items=[StockItem(Decimal(4), product_id=coffee.id, unit_cost=Decimal("25"))],
        by=world.owner, at=NOW,
    )  # fmt: skip
    transfer = make_sent(world, depot, StockItem(Decimal(7), product_id=coffee.id))
    line = line_of(transfer)

    for _part in range(6):
        receive_transfer(transfer_id=transfer.id, quantities={line.id: Decimal(1)}, by=world.owner, at=NOW)
        assert broken_promises() == []
    before = Transfer.objects.get(pk=transfer.id).status
    receive_transfer(transfer_id=transfer.id, quantities={line.id: Decimal(1)}, by=world.owner, at=NOW)

    assert (before, Transfer.objects.get(pk=transfer.id).status) == ("shipped", "received")
    assert StockCost.objects.get(product=coffee).value == Decimal(100)
    assert broken_promises() == []


def test_what_is_missing_in_the_end_is_lost_and_needs_a_reason():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(10), product_id=coffee.id))
    line = line_of(transfer)
    came = {line.id: Decimal(7)}

    with pytest.raises(ReasonMissing):
        receive_transfer(transfer_id=transfer.id, quantities=came, is_last=True, by=world.owner, at=NOW)
    untouched = Transfer.objects.get(pk=transfer.id).status, free(world, coffee, depot)
    receive_transfer(
        transfer_id=transfer.id, quantities=came, is_last=True, reason="Tiga pecah", by=world.owner, at=NOW
    )

    line.refresh_from_db()
    assert untouched == ("shipped", Decimal(0))
    assert (line.received, line.lost, line.lost_value) == (Decimal(7), Decimal(3), Decimal(3000))
    assert booked(world) == {
        "inventory": Decimal(7000), "stock_loss": Decimal(3000), "goods_received": Decimal(-10000)
    }  # fmt: skip
    assert broken_promises() == []


def test_what_comes_beyond_is_found_and_needs_a_reason():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(10), product_id=coffee.id))
    came = {line_of(transfer).id: Decimal(12)}

    with pytest.raises(ReasonMissing):
        receive_transfer(transfer_id=transfer.id, quantities=came, by=world.owner, at=NOW)
    receive_transfer(transfer_id=transfer.id, quantities=came, reason="Salah hitung", by=world.owner, at=NOW)

    assert (line_of(transfer).over, free(world, coffee, depot)) == (Decimal(2), Decimal(12))
    assert booked(world)["stock_gain"] == Decimal(-2000)
    assert broken_promises() == []


def test_what_cannot_be_delivered_comes_back_to_who_sent_it():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(10), product_id=coffee.id))
    receive_transfer(transfer_id=transfer.id, quantities={line_of(transfer).id: Decimal(4)}, by=world.owner, at=NOW)

    with pytest.raises(ReasonMissing):
        bring_back_transfer(transfer_id=transfer.id, reason=" ", by=world.owner, at=NOW)
    bring_back_transfer(transfer_id=transfer.id, reason="Jalan putus", by=world.owner, at=NOW)

    assert (free(world, coffee, main(world)), free(world, coffee, depot)) == (Decimal(6), Decimal(4))
    assert ExpectedReceipt.objects.get(transfer=transfer).status == "cancelled"
    assert booked(world) == {"inventory": Decimal(10000), "goods_received": Decimal(-10000)}
    assert broken_promises() == []


def test_a_transfer_is_called_off_only_until_its_goods_leave():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    item = StockItem(Decimal(4), product_id=coffee.id)
    drawn_up = make_sent(world, depot, item, shipped=False)
    sent = make_sent(world, depot, item)

    cancel_transfer(transfer_id=drawn_up.id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        cancel_transfer(transfer_id=sent.id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        ship_transfer(transfer_id=drawn_up.id, by=world.owner, at=NOW)

    assert free(world, coffee, main(world)) == Decimal(6)
    assert not Reservation.objects.filter(source_id=drawn_up.id, quantity__gt=0).exists()
    assert broken_promises() == []


def test_another_day_is_what_the_target_can_promise_by():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=4, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(4), product_id=coffee.id))

    postpone_transfer(
        transfer_id=transfer.id, expected_date=LATER + timedelta(3), reason="Kapal tunda", by=world.owner, at=NOW
    )

    there = availability(product_ids=[coffee.id], company_id=world.company.id, warehouse_id=depot.id)[coffee.id]
    assert (there.free_on(LATER), there.free_on(LATER + timedelta(3))) == (Decimal(0), Decimal(4))


def test_expected_goods_of_a_transfer_are_received_there_alone():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=4, cost=1000)
    make_sent(world, depot, StockItem(Decimal(4), product_id=coffee.id))

    with pytest.raises(ComesByTransfer):
        receive_expected(expected_id=ExpectedReceipt.objects.get().id, by=world.owner, at=NOW)

    assert free(world, coffee, depot) == Decimal(0)


def test_lots_travel_first_expired_first_unless_they_are_named():
    world = make_world()
    depot, milk = make_depot(world), make_product(world)
    start_lots(product_id=milk.id, by=world.owner, at=NOW)
    early, late = date(2027, 1, 31), date(2027, 6, 30)
    given = (LotGiven("A", Decimal(3), early), LotGiven("B", Decimal(5), late))
    item = StockItem(Decimal(8), product_id=milk.id, unit_cost=Decimal(100), lots=given)
    receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW)

    by_day = make_sent(world, depot, StockItem(Decimal(4), product_id=milk.id))
    named = make_sent(world, depot, StockItem(Decimal(2), product_id=milk.id, lots=(LotGiven("B"),)))
    sent = list(by_day.lines.order_by("lot__number").values_list("lot__number", "quantity"))
    block_lot(lot_id=Lot.objects.get(number="B").id, reason="Tarik", by=world.owner, at=NOW)
    for transfer in (by_day, named):
        receive_transfer(transfer_id=transfer.id, by=world.owner, at=NOW)

    there = dict(LotLevel.objects.filter(warehouse=depot).values_list("lot__number", "on_hand"))
    assert sent == [("A", Decimal(3)), ("B", Decimal(1))]
    assert there == {"A": Decimal(3), "B": Decimal(3)}
    assert free(world, milk, depot) == Decimal(3)  # what was blocked on its way comes barred
    assert broken_promises() == []


def test_a_blocked_lot_may_be_sent_away_by_its_name_and_is_never_chosen():
    world = make_world()
    depot, milk = make_depot(world), make_product(world)
    start_lots(product_id=milk.id, by=world.owner, at=NOW)
    given = (LotGiven("A", Decimal(3), date(2027, 1, 31)), LotGiven("B", Decimal(5), date(2027, 6, 30)))
    item = StockItem(Decimal(8), product_id=milk.id, unit_cost=Decimal(100), lots=given)
    receive_goods(branch_id=world.branch.id, items=[item], by=world.owner, at=NOW)
    plain = make_sent(world, depot, StockItem(Decimal(5), product_id=milk.id), shipped=False)
    block_lot(lot_id=Lot.objects.get(number="A").id, reason="Tarik", by=world.owner, at=NOW)

    named = make_sent(world, depot, StockItem(Decimal(3), product_id=milk.id, lots=(LotGiven("A"),)))
    ship_transfer(transfer_id=plain.id, by=world.owner, at=NOW)

    assert list(named.lines.values_list("lot__number", "quantity")) == [("A", Decimal(3))]
    assert list(plain.lines.values_list("lot__number", "quantity")) == [("B", Decimal(5))]
    assert broken_promises() == []


def test_what_cannot_be_sent_is_refused_and_nothing_changes():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=4, cost=1000)
    place = main(world).id
    seller = make_user(world.company, "salesperson")

    def send(count: int, target: UUID = depot.id, by: Any = world.owner) -> None:
        draft_transfer(
            source_id=place, target_id=target, items=[StockItem(Decimal(count), product_id=coffee.id)],
            expected_date=LATER, by=by, at=NOW,
        )  # fmt: skip

    for refusal, arguments in (
        (NotEnoughFree, (5,)), (SameWarehouse, (1, place)), (BadStockLines, (0,)), (Forbidden, (1, depot.id, seller))
    ):  # fmt: skip
        with pytest.raises(refusal):
            send(*arguments)

    assert (Transfer.objects.count(), free(world, coffee, main(world))) == (0, Decimal(4))


@pytest.mark.parametrize("figure", ["-1", "0.5", "NaN", "1000000000000"])
def test_figures_that_cannot_be_are_answered_and_nothing_comes(figure: str):
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=4, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(4), product_id=coffee.id))

    with pytest.raises(BadStockLines):
        receive_transfer(
            transfer_id=transfer.id, quantities={line_of(transfer).id: Decimal(figure)}, reason="x", by=world.owner,
            at=NOW,
        )  # fmt: skip

    assert (free(world, coffee, depot), line_of(transfer).received) == (Decimal(0), Decimal(0))


def test_only_the_target_counts_in_and_only_the_source_sends_off():
    world = make_world()
    far = make_branch(world)
    depot, coffee = make_depot(world, branch_id=far.id), make_goods(world, count=4, cost=1000)
    there = make_user(world.company, "warehouse", branch_id=far.id)
    drawn_up = make_sent(world, depot, StockItem(Decimal(2), product_id=coffee.id), shipped=False)
    sent = make_sent(world, depot, StockItem(Decimal(2), product_id=coffee.id))

    with pytest.raises(Forbidden):
        ship_transfer(transfer_id=drawn_up.id, by=there, at=NOW)
    with pytest.raises(Forbidden):
        bring_back_transfer(transfer_id=sent.id, reason="x", by=there, at=NOW)
    receive_transfer(transfer_id=sent.id, by=there, at=NOW)

    assert Transfer.objects.get(pk=sent.id).received_by == there.id


def test_what_left_stays_as_it_left():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=4, cost=1000)
    line = line_of(make_sent(world, depot, StockItem(Decimal(2), product_id=coffee.id)))

    for change in (
        lambda: TransferLine.objects.filter(pk=line.pk).delete(),
        lambda: TransferLine.objects.filter(pk=line.pk).update(received=3),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert TransferLine.objects.get(pk=line.pk).quantity == Decimal(2)


def test_many_lines_are_as_many_statements_as_one():
    world = make_world()
    depot = make_depot(world)
    products = [make_goods(world, count=4, cost=1000) for _each in range(6)]

    def counts(items: Sequence[StockItem]) -> list[int]:
        transfer = make_sent(world, depot, *items, shipped=False)
        found = []
        for verb in (ship_transfer, receive_transfer):
            with CaptureQueriesContext(connection) as asked:
                verb(transfer_id=transfer.id, by=world.owner, at=NOW)
            found.append(len(asked))
        return found

    items = [StockItem(Decimal(1), product_id=one.id) for one in products]
    assert counts(items[:1]) == counts(items)


def test_parts_are_worth_the_whole():
    shares = [
        part_worth(value=Decimal(100), quantity=Decimal(7), before=Decimal(count), taken=Decimal(1), digits=0)
        for count in range(7)
    ]

    assert shares == [Decimal(one) for one in (14, 15, 14, 14, 14, 15, 14)]
    assert sum(shares) == Decimal(100)
