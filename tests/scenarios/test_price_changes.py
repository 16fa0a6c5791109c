"""A change of prices among documents that are under way: who pays the old price, who the new one, and who is told."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.organization.access import SYSTEM
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.price_changes import Found, counted
from niaga.pricing.queries.what_if_documents import DocumentFigures, count_documents
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.take_prices import take_prices
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_order,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
D = Decimal


def make_change(world: World, product_id: UUID, *, was: int, becomes: int) -> UUID:
    made = create_price_list(company_id=world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    set_prices(price_list_id=made.id, prices=[NewPrice(D(was), product_id)], by=SYSTEM, at=NOW)
    change = prepare_change(price_list_id=made.id, name="Desember", by=SYSTEM, at=NOW)
    change_entries(change_id=change.id, prices=[NewPrice(D(becomes), product_id)], by=SYSTEM, at=NOW)
    return change.id


def asked(world: World, change_id: UUID, by: object = None) -> DocumentFigures:
    change = PriceChange.objects.get(pk=change_id)
    whole = counted(Found(PriceList.objects.get(pk=change.subject_id), change), at=NOW).whole
    return count_documents(whole, by=by or world.owner)  # type: ignore[arg-type]


def test_open_quotations_and_draft_orders_are_named_with_what_they_would_cost() -> None:
    world = make_world()
    coffee, sugar = make_product(world, stock=500, price=D(100_000)), make_product(world, price=D(50_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    ten = LineInput(product_id=coffee.id, quantity=D(10))
    by_hand = LineInput(product_id=coffee.id, quantity=D(10), unit_price=D(91_000))
    draft = make_quotation(world, [ten, LineInput(product_id=sugar.id, quantity=D(1))])
    sent = make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(2), discount_percent=D(50))])
    send_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)
    order = make_order(world, [ten])
    make_quotation(world, [by_hand])
    make_quotation(world, [LineInput(product_id=sugar.id, quantity=D(1))])
    make_confirmed_order(world, [ten])

    told = asked(world, change)

    assert [(row.document.number, row.difference, row.document.kept) for row in told.rows] == [
        (order.number, D(55_500), False), (draft.number, D(55_500), False), (sent.number, D(5_550), True),
    ]  # fmt: skip
    assert (told.difference, told.left_off) == (D(116_550), 0)
    totals = {row.document.id: row.before for row in told.rows}
    assert totals[draft.id] == Quotation.objects.get(pk=draft.id).total


def test_a_confirmed_order_keeps_its_price_and_a_sent_quotation_until_it_is_revised() -> None:
    world = make_world()
    coffee = make_product(world, stock=500, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    ten = LineInput(product_id=coffee.id, quantity=D(10))
    confirmed, draft, sent = make_confirmed_order(world, [ten]), make_order(world, [ten]), make_quotation(world, [ten])
    send_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)

    publish_change(change_id=change, by=SYSTEM, at=NOW)
    take_prices(order_id=draft.id, by=SYSTEM, at=NOW)

    def price(order: SalesOrder) -> Decimal:
        return SalesOrderLine.objects.get(order_id=order.id).unit_price

    assert (price(confirmed), price(draft)) == (D(90_000), D(95_000))
    assert SalesOrder.objects.get(pk=confirmed.id).total == D(999_000)
    assert QuotationLine.objects.get(quotation_id=sent.id).unit_price == D(90_000)
    revise_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)
    assert Quotation.objects.get(pk=sent.id).status == "draft"


def test_a_salesperson_is_told_of_their_own_documents_only() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(10))])

    assert asked(world, change, by=make_user(world.company, "salesperson")).rows == []


def test_forty_documents_are_asked_in_the_statements_of_one() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    counts = []
    for many in (1, 39):
        for _turn in range(many):
            make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(10))])
            make_order(world, [LineInput(product_id=coffee.id, quantity=D(10))])
        asked(world, change)
        with CaptureQueriesContext(connection) as captured:
            told = asked(world, change)
        counts.append(len(captured))

    assert len(told.rows) == 80
    assert counts[0] == counts[1] <= 24
