"""Invoices that follow by themselves: at confirmation, at delivery, at a period's end; once, or with the reason."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.sales.models import BillingCause, BillingRule, SalesOrder
from niaga.sales.rules.billing_period import last_end
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_periods import note_periods
from niaga.sales.services.note_shipped import note_shipped
from niaga.sales.services.put_causes_aside import put_causes_aside
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_customer,
    make_product,
    make_shipped_order,
    make_user,
    make_world,
)

NEXT_MONDAY = NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("period", "today", "end"),
    [
        ("week", date(2026, 11, 23), date(2026, 11, 22)),
        ("week", date(2026, 11, 29), date(2026, 11, 22)),
        ("half_month", date(2026, 11, 15), date(2026, 10, 31)),
        ("half_month", date(2026, 11, 16), date(2026, 11, 15)),
        ("half_month", date(2027, 3, 1), date(2027, 2, 28)),
        ("month", date(2026, 11, 30), date(2026, 10, 31)),
        ("month", date(2026, 12, 1), date(2026, 11, 30)),
    ],
)
def test_a_period_ends_with_its_last_day(period: str, today: date, end: date) -> None:
    assert last_end(period, today) == end


def rule(world: World, way: str, *, customer: Customer | None = None, period: str = "", issues: bool = False) -> None:
    save_billing_rule(
        company_id=world.company.id, customer_id=customer.id if customer else None, way=way, period=period,
        issues=issues, by=world.owner, at=NOW,
    )  # fmt: skip


def line(world: World, quantity: int = 4) -> list[LineInput]:
    """At Rp 111.000 each with tax."""
    return [LineInput(product_id=make_product(world, stock=100).id, quantity=Decimal(quantity))]


def ship(world: World, order: SalesOrder, quantity: int, at: datetime = NOW) -> UUID:
    [line_id] = order.lines.values_list("pk", flat=True)
    delivery_id = deliver_order(order_id=order.id, quantities={line_id: Decimal(quantity)}, by=world.owner, at=at)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=at)
    return delivery_id


def bill(cause_id: UUID | None, at: datetime = NOW) -> BillingCause:
    assert cause_id is not None
    return bill_cause(cause_id=cause_id, by=SYSTEM, at=at)


@pytest.mark.django_db
def test_at_confirmation_an_order_is_billed_whole_and_once_though_its_job_runs_twice() -> None:
    world = make_world()
    rule(world, "confirmation", issues=True)
    order = make_confirmed_order(world, line(world))

    for _turn in range(2):
        bill(note_confirmed(order_id=order.id, at=NOW))

    assert list(Invoice.objects.values_list("number", "total")) == [("INV-2026-00001", Decimal(444_000))]
    assert BillingCause.objects.get().done_at == NOW


@pytest.mark.django_db
def test_each_delivery_is_a_draft_of_its_own_and_a_down_payment_is_taken_off() -> None:
    world = make_world()
    rule(world, "delivery")
    order = make_confirmed_order(world, line(world))
    down = invoice_down_payment(order_id=order.id, percent=Decimal(50), by=world.owner, at=NOW)
    issue_invoice(invoice_id=down, by=world.owner, at=NOW)
    first, second = ship(world, order, 1), ship(world, order, 3)

    for delivery_id in (first, second):
        bill(note_shipped(delivery_id=delivery_id, number="SJ", at=NOW))

    bills = Invoice.objects.filter(kind="invoice").order_by("created_at", "id")
    assert [(one.status, one.total) for one in bills] == [("draft", Decimal(0)), ("draft", Decimal(222_000))]


@pytest.mark.django_db
def test_a_period_bills_all_orders_of_a_customer_together_and_not_what_left_after_it() -> None:
    world = make_world()
    customer, other = make_customer(world), make_customer(world)
    rule(world, "period", customer=customer, period="week")
    first = make_confirmed_order(world, line(world), customer=customer)
    second = make_confirmed_order(world, line(world), customer=customer)
    make_shipped_order(world, line(world), customer=other)
    ship(world, first, 1)
    ship(world, second, 2)
    ship(world, second, 1, NEXT_MONDAY)

    early = note_periods(at=NOW)
    for _turn in range(2):
        for cause_id in note_periods(at=NEXT_MONDAY):
            bill(cause_id, NEXT_MONDAY)

    assert early == []
    [invoice] = Invoice.objects.all()
    assert (invoice.total, invoice.source_numbers) == (Decimal(333_000), [first.number, second.number])
    [cause] = BillingCause.objects.all()
    assert (cause.until, cause.invoice_id) == (date(2026, 11, 29), invoice.id)


@pytest.mark.django_db
def test_what_cannot_be_billed_waits_with_its_reason_and_is_billed_later() -> None:
    world = make_world()
    customer = make_customer(world)
    rule(world, "confirmation", customer=customer)
    order = make_confirmed_order(world, line(world), customer=customer)
    Customer.objects.filter(pk=customer.pk).update(archived_at=NOW)

    waiting = bill(note_confirmed(order_id=order.id, at=NOW))
    Customer.objects.filter(pk=customer.pk).update(archived_at=None)
    made = Invoice.objects.count()
    billed = bill_cause(cause_id=waiting.pk, by=world.owner, at=NOW)

    assert (waiting.code, waiting.done_at, made) == ("customer_archived", None, 0)
    assert billed.invoice_id is not None


@pytest.mark.django_db
def test_what_was_billed_by_hand_is_done_and_what_is_put_aside_stays_so() -> None:
    world = make_world()
    rule(world, "confirmation")
    orders = [make_confirmed_order(world, line(world)) for _n in range(2)]
    causes = [note_confirmed(order_id=order.id, at=NOW) for order in orders]
    invoice_order(order_id=orders[0].id, basis="ordered", by=world.owner, at=NOW)

    put_causes_aside(cause_ids=[causes[1] or orders[1].id], by=world.owner, at=NOW)
    done = [bill(cause_id) for cause_id in causes]

    assert [(one.code, one.invoice_id) for one in done] == [("nothing_to_invoice", None), ("put_aside", None)]
    assert Invoice.objects.count() == 1


@pytest.mark.django_db
def test_a_customers_own_rule_goes_before_the_companys_and_who_may_not_issue_sets_none() -> None:
    world, stranger = make_world(), make_world()
    customer = make_customer(world)
    rule(world, "confirmation")
    rule(world, "by_hand", customer=customer)
    order = make_confirmed_order(world, line(world), customer=customer)
    company = {"company_id": world.company.id, "way": "confirmation", "at": NOW}

    with pytest.raises(Forbidden):
        save_billing_rule(customer_id=None, by=make_user(world.company, "sales_admin"), **company)
    with pytest.raises(NotFound):
        save_billing_rule(customer_id=make_customer(stranger).id, by=world.owner, **company)
    with pytest.raises(Invalid):
        rule(world, "period")

    assert note_confirmed(order_id=order.id, at=NOW) is None
    assert BillingRule.objects.count() == 2
