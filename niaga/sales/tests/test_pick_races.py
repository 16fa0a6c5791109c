"""Who ships and who picks of one list, with real processes on the tests' database."""

import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from niaga.core.errors import Refusal
from niaga.core.ids import new_id
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.stock.models import Delivery, DeliveryLine, PickLine, PickList, PickRecord, Warehouse
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.take_lines import take_lines
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _ship(delivery_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.ship_order_delivery import ship_order_delivery

    ship_order_delivery(delivery_id=delivery_id, by=User.objects.get(pk=user_id), at=NOW)


def _call_off(delivery_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.cancel_order_delivery import cancel_order_delivery

    cancel_order_delivery(delivery_id=delivery_id, reason="Batal", by=User.objects.get(pk=user_id), at=NOW)


def _pick(line_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User

    record_pick(
        key=new_id(), line_id=line_id, quantity=Decimal(1), reason="Kosong", by=User.objects.get(pk=user_id), at=NOW
    )


def _hand_back(pick_list_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.stock.services.hand_back_lines import hand_back_lines

    hand_back_lines(pick_list_id=pick_list_id, by=User.objects.get(pk=user_id), at=NOW)


def _listed(world: World) -> tuple[PickLine, PickLine]:
    """Two deliveries of goods with lots on one list: the first's line is taken, the second's is fetched."""
    asked: dict[str, Any] = {"by": world.owner, "at": NOW}
    milk = make_product(world)
    start_lots(product_id=milk.id, **asked)
    lots = (LotGiven("L1", Decimal(50), date(2027, 6, 30)),)
    item = StockItem(Decimal(50), product_id=milk.id, unit_cost=Decimal(1000), lots=lots)
    receive_goods(branch_id=world.branch.id, items=[item], **asked)
    for _turn in range(2):
        make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=Decimal(5))])
    home = Warehouse.objects.get(company=world.company)
    [list_id] = plan_deliveries(warehouse_id=home.id, date=NOW.date(), **asked).list_ids
    take_lines(pick_list_id=list_id, **asked)
    first, second = PickLine.objects.order_by("position").select_related("delivery_line")
    record_pick(key=new_id(), line_id=second.id, quantity=Decimal(5), **asked)
    return first, second


def _run(deed: Any, arguments: tuple[Any, ...], start: Any, told: Any) -> None:
    connections.close_all()
    start.wait(20)
    try:
        deed(*arguments)
        told.put("done")
    except Refusal as refusal:
        told.put(refusal.code)
    except Exception as error:
        told.put(repr(error))
    finally:
        connections.close_all()
        told.close()
        told.join_thread()
        os._exit(0)


def _one_after_the_other(line: PickLine, *deeds: tuple[Any, tuple[Any, ...]]) -> list[str]:
    """What each came to. The line is held until each in its turn waits for something: so they meet in the middle."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    starts, answers = [[make() for _deed in deeds] for make in (context.Event, context.Queue)]
    processes = [
        context.Process(target=_run, args=(*deed, start, told))
        for deed, start, told in zip(deeds, starts, answers, strict=True)
    ]
    for process in processes:
        process.start()
    with transaction.atomic():
        PickLine.objects.select_for_update().get(pk=line.pk)
        for place, start in enumerate(starts, 1):
            start.set()
            _until(lambda place=place: _waiting() == place)
    found = [told.get(timeout=15) for told in answers]
    for process in processes:
        process.join(20)
    return found


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "nobody waits"
        time.sleep(0.02)


def test_what_is_picked_anew_while_another_delivery_of_its_list_leaves_waits_in_no_ring():
    world = make_world()
    first, second = _listed(world)

    said = _one_after_the_other(
        first, (_ship, (first.delivery_line.delivery_id, world.owner.id)), (_pick, (second.id, world.owner.id))
    )

    assert said == ["done", "done"]
    assert PickLine.objects.get().picked == 1
    assert PickList.objects.get().status == "done"


@pytest.mark.parametrize(("leave", "status"), [(_ship, "shipped"), (_call_off, "cancelled")])
def test_lines_handed_back_while_their_delivery_leaves_wait_in_no_ring(leave: Any, status: str):
    world = make_world()
    first, _second = _listed(world)

    said = _one_after_the_other(
        first, (leave, (first.delivery_line.delivery_id, world.owner.id)),
        (_hand_back, (first.pick_list_id, world.owner.id)),
    )  # fmt: skip

    assert said == ["done", "done"]
    assert Delivery.objects.get(pk=first.delivery_line.delivery_id).status == status


def test_a_line_that_left_with_its_delivery_in_the_same_moment_is_not_picked():
    world = make_world()
    first, _second = _listed(world)

    said = _one_after_the_other(
        first, (_ship, (first.delivery_line.delivery_id, world.owner.id)), (_pick, (first.id, world.owner.id))
    )

    assert said == ["done", "not_found"]
    assert PickRecord.objects.count() == 1


def test_what_was_found_short_while_its_delivery_waited_to_leave_stays_here():
    world = make_world()
    first, _second = _listed(world)

    said = _one_after_the_other(
        first, (_pick, (first.id, world.owner.id)), (_ship, (first.delivery_line.delivery_id, world.owner.id))
    )

    assert said == ["done", "done"]
    assert DeliveryLine.objects.get(pk=first.delivery_line_id).quantity == 1
