"""Of what was shipped never more comes back, however many ask at once: real processes, each with its own connection."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from niaga.core.ids import new_id
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.returns.errors import NotOfThisOrder, OverReturn
from niaga.returns.models import ReturnLine, ReturnReason
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.link_return import link_return
from niaga.returns.services.request_return import request_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.services.settle_return import settle_return
from niaga.returns.tests.shop import make_return, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_orders import invoice_orders
from tests.makers import NOW, make_product, make_shipped_order, make_world
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_of_ten_that_were_shipped_ten_come_back_to_processes_that_want_more() -> None:
    world = make_world()
    order = make_shipped_order(world, [LineInput(sku=make_product(world, stock=10).sku, quantity=Decimal(10))])
    line, why = order.lines.get(), ReturnReason.objects.filter(company=world.company)[0].id

    def ask() -> int:
        done = 0
        for _turn in range(4):
            try:
                item = ReturnItem(line.id, why, Decimal(1))
                request_return(order_id=order.id, items=[item], by=SYSTEM, at=NOW)
            except OverReturn:
                continue
            done += 1
        return done

    said = race([ask] * PROCESSES)

    assert sum(map(int, said)) == 10, said
    assert sum(ReturnLine.objects.values_list("held", flat=True)) == 10


def test_goods_without_a_document_find_an_order_only_as_long_as_it_has_room() -> None:
    """Ten returns without a document, each of two; the order of seven has room for three, whoever names it first."""
    world = make_world()
    coffee = make_product(world, stock=7)
    order = make_shipped_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(7))])
    why = ReturnReason.objects.filter(company=world.company)[0].id
    item = UndocumentedItem(coffee.id, why, Decimal(2), price=Decimal(1000))
    found = [
        request_undocumented(
            customer_id=order.customer_id, branch_id=world.branch.id, items=[item], why="Nota hilang", by=SYSTEM, at=NOW
        ).id
        for _turn in range(5 * PROCESSES)
    ]

    def name(mine: list[UUID]) -> int:
        done = 0
        for return_id in mine:
            try:
                link_return(return_id=return_id, order_id=order.id, by=SYSTEM, at=NOW)
            except NotOfThisOrder:
                continue
            done += 1
        return done

    said = race([partial(name, found[place::PROCESSES]) for place in range(PROCESSES)])

    assert sum(map(int, said)) == 3, said
    assert sum(ReturnLine.objects.filter(order_line__order=order).values_list("held", flat=True)) == 6


def test_returns_of_orders_that_are_billed_together_are_settled_at_once_and_none_waits_for_ever() -> None:
    world = make_world()
    coffee = make_product(world, stock=2 * PROCESSES)
    lines = [LineInput(sku=coffee.sku, quantity=Decimal(PROCESSES))]
    first = make_shipped_order(world, lines)
    orders = [first, make_shipped_order(world, lines, customer=first.customer)]
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    issue_invoice(invoice_id=invoice_orders(order_ids=[one.id for one in orders], **shared), **shared)
    found = [take_in(world, make_return(world, orders[place % 2], 1)) for place in range(PROCESSES)]

    def settle(return_id: UUID) -> str:
        return settle_return(return_id=return_id, **shared).settlement.way

    said = race([partial(settle, one.id) for one in found])

    assert said == ["credit"] * PROCESSES
    assert broken_promises() == []


def test_the_database_refuses_what_no_service_counted() -> None:
    """Rows written past every check: the trigger waits for the other's lock, and counts again."""
    world = make_world()
    order = make_shipped_order(world, [LineInput(sku=make_product(world, stock=3).sku, quantity=Decimal(3))])
    line, why = order.lines.get(), ReturnReason.objects.filter(company=world.company)[0].id
    rma = request_return(order_id=order.id, items=[ReturnItem(line.id, why, Decimal(1))], by=SYSTEM, at=NOW)
    first = rma.lines.get().id

    def write(key: UUID) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO returns_returnline SELECT (jsonb_populate_record(x, %s::jsonb)).*"
                " FROM returns_returnline x WHERE x.id = %s",
                [f'{{"id": "{key}"}}', first],
            )
        return "in"

    said = race([partial(write, new_id()) for _place in range(PROCESSES)])

    assert said.count("in") == 2, said
    assert sum(ReturnLine.objects.values_list("held", flat=True)) == 3
    assert SalesOrder.objects.get().lines.get().shipped == 3
