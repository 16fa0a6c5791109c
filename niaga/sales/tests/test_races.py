"""Two at once, with real processes on the tests' database."""

import multiprocessing
import os
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.sales.models import QuotationAnswer, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.send_quotation import send_quotation
from niaga.stock.models import StockLevel
from tests.makers import NOW, make_order, make_product, make_quotation, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _accept(quotation_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.accept_quotation import accept_quotation

    accept_quotation(quotation_id=quotation_id, by=User.objects.get(pk=user_id), at=NOW)


def _confirm(order_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    confirm_order(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW)


def _run(deed: Any, arguments: tuple[Any, ...], start: Any, answers: Any) -> None:
    from django.db import connections

    from niaga.core.errors import Refusal

    connections.close_all()
    start.wait(20)
    try:
        deed(*arguments)
        answers.put("done")
    except Refusal as refusal:
        answers.put(refusal.code)
    finally:
        connections.close_all()
        answers.close()
        answers.join_thread()
        os._exit(0)


def at_once(*deeds: tuple[Any, tuple[Any, ...]]) -> list[str]:
    """What each of the deeds came to, all started at the same moment in processes of their own."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, answers = context.Event(), context.Queue()
    processes = [context.Process(target=_run, args=(deed, arguments, start, answers)) for deed, arguments in deeds]
    for process in processes:
        process.start()
    start.set()
    found = [answers.get(timeout=60) for _process in processes]
    for process in processes:
        process.join(20)
    return sorted(found)


def test_of_four_acceptances_at_once_one_writes_the_order():
    world = make_world()
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id, quantity=Decimal(3))])
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    answers = at_once(*[(_accept, (quotation.id, world.owner.id))] * 4)

    assert answers == ["done", "wrong_state", "wrong_state", "wrong_state"]
    order = SalesOrder.objects.get()
    assert SalesOrderLine.objects.filter(order=order).count() == 1
    assert QuotationAnswer.objects.count() == 1


def test_of_four_confirmations_of_one_order_at_once_one_holds_the_stock():
    world = make_world()
    product = make_product(world, stock=10)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(3))])

    answers = at_once(*[(_confirm, (order.id, world.owner.id))] * 4)

    assert answers == ["done", "wrong_state", "wrong_state", "wrong_state"]
    assert StockLevel.objects.get().reserved == 3


def test_two_orders_never_hold_the_same_unit():
    world = make_world()
    products = [make_product(world, stock=5) for _ in range(3)]
    lines = [LineInput(product_id=one.id, quantity=Decimal(3)) for one in products]
    first, second = make_order(world, lines), make_order(world, list(reversed(lines)))

    answers = at_once((_confirm, (first.id, world.owner.id)), (_confirm, (second.id, world.owner.id)))

    assert answers == ["done", "out_of_stock"]
    assert [level.reserved for level in StockLevel.objects.all()] == [3, 3, 3]
