"""Orders billed at delivery of which something is never delivered."""

from decimal import Decimal

import pytest

from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.sales.models import BillingCause
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.choose_billing import choose_billing
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.note_choice import note_choice
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_shipped import note_shipped
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db


def service(world: World) -> LineInput:
    return LineInput(product_id=make_product(world, kind="service").id, quantity=Decimal(2))


def test_an_order_of_services_alone_is_billed_when_it_is_confirmed_and_once() -> None:
    world = make_world()
    save_billing_rule(
        company_id=world.company.id, customer_id=None, way="delivery", issues=True, by=world.owner, at=NOW
    )
    order = make_confirmed_order(world, [service(world)])

    for _turn in range(2):
        cause_id = note_confirmed(order_id=order.id, at=NOW)
        assert cause_id is not None
        bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)

    assert list(Invoice.objects.values_list("number", "total")) == [("INV-2026-00001", Decimal(222_000))]
    assert BillingCause.objects.get().kind == "delivery"


def test_services_beside_goods_come_with_the_first_delivery() -> None:
    world = make_world()
    save_billing_rule(company_id=world.company.id, customer_id=None, way="delivery", by=world.owner, at=NOW)
    goods = LineInput(product_id=make_product(world, stock=5).id, quantity=Decimal(1))
    order = make_confirmed_order(world, [goods, service(world)])
    line_id = order.lines.get(needs_stock=True).pk

    assert note_confirmed(order_id=order.id, at=NOW) is None
    delivery_id = deliver_order(order_id=order.id, quantities={line_id: Decimal(1)}, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    cause_id = note_shipped(delivery_id=delivery_id, number="SJ", at=NOW)
    assert cause_id is not None
    bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)

    assert Invoice.objects.get().total == Decimal(333_000)


def test_services_that_were_confirmed_before_are_billed_when_delivery_is_chosen() -> None:
    world = make_world()
    order = make_confirmed_order(world, [service(world)])
    choose_billing(order_id=order.id, way="delivery", by=world.owner, at=NOW)

    [cause_id] = note_choice(order_id=order.id, at=NOW)
    cause = bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)

    assert Invoice.objects.get(pk=cause.invoice_id).total == Decimal(222_000)
