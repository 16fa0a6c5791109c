"""A distributor's week: orders, deliveries, one invoice a shop, tukar faktur, a reminder, and the bank's statement."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from niaga.invoicing.models import ExchangeItem, Invoice, InvoiceBalance
from niaga.invoicing.queries.exchanges import proposed
from niaga.invoicing.queries.open_items import ageing
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.invoicing.tests.makers import level, make_debtor, make_plan
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.payments.models import BankLine
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.rules.line_parts import fingerprint, parts_of
from niaga.payments.rules.match_facts import CERTAIN
from niaga.payments.services.accept_proposals import Accepted, accept_proposals
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.note_periods import note_periods
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.bank import make_bank_account, make_statement
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world
from tests.promises import broken_promises
from tests.scenarios.foreign_books import balances, exposure

pytestmark = pytest.mark.django_db


def on(year: int, month: int, day: int) -> datetime:
    """Nine in the morning in Jakarta."""
    return datetime(year, month, day, 2, tzinfo=UTC)


def ship(world: World, order: SalesOrder, quantity: int, at: datetime) -> None:
    line = order.lines.get()
    delivery = deliver_order(order_id=order.id, quantities={line.pk: Decimal(quantity)}, by=world.owner, at=at)
    ship_order_delivery(delivery_id=delivery, by=world.owner, at=at)


def stands(invoice: Invoice) -> tuple[Decimal, date | None]:
    balance = InvoiceBalance.objects.get(invoice_id=invoice.pk)
    return balance.total - balance.allocated, balance.due_date


def exchange(world: World, day: date, at: datetime, said: dict[Customer, Outcome]) -> None:
    """A round of what is proposed for the day, and what came of it at each shop."""
    due = proposed(day=day, by=world.owner)
    found = plan_exchange_round(
        date=day, collector_id=world.owner.id, invoice_ids=[one.pk for one in due], by=world.owner, at=at
    )
    for shop, outcome in said.items():
        ids = [one.pk for one in due if one.customer_id == shop.pk]
        record_exchange(round_id=found.pk, invoice_ids=ids, outcome=outcome, by=world.owner, at=at)


def test_a_distributors_week_from_orders_to_the_bank() -> None:
    world = make_world()
    make_plan(world, level(7))
    save_billing_rule(
        company_id=world.company.id, customer_id=None, way="period", period="week", issues=True, by=world.owner, at=NOW
    )
    term = save_payment_term(
        company_id=world.company.id, code="TT30", name="30 hari setelah tukar faktur", by=SYSTEM, at=NOW,
        parts=[Part(Decimal(100), 30, after_exchange=True)],
    )  # fmt: skip
    mart, shop = (make_debtor(world, name=name, payment_term_id=term.id) for name in ("PT Mart Sentosa", "UD Warung"))
    for customer in (mart, shop):
        save_exchange_rule(customer_id=customer.pk, rule=ExchangeRuleInput(weekdays=(1, 3)), by=SYSTEM, at=NOW)
    coffee = make_product(world, stock=100)

    # Monday and Wednesday: each shop orders twice at Rp 111.000; one of the last three pieces leaves a week later
    first, second, third, fourth = (
        make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(quantity))], customer=customer)
        for customer, quantity in ((mart, 4), (mart, 6), (shop, 5), (shop, 3))
    )
    ship(world, first, 4, NOW)
    ship(world, third, 5, NOW)
    ship(world, second, 6, on(2026, 11, 25))
    ship(world, fourth, 2, on(2026, 11, 25))

    # the next Monday: one invoice a shop for the week, and nothing is due before it was exchanged
    monday = on(2026, 11, 30)
    for cause_id in note_periods(at=monday):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=monday)
    large, small = Invoice.objects.get(customer=mart), Invoice.objects.get(customer=shop)
    assert {one.number for one in (large, small)} == {"INV-2026-00001", "INV-2026-00002"}
    assert (stands(large), stands(small)) == ((Decimal(1_110_000), None), (Decimal(777_000), None))
    ship(world, fourth, 1, monday)

    # Tuesday and Thursday: one takes it in at once, at the other nobody was there
    exchange(world, date(2026, 12, 1), on(2026, 12, 1), {
        mart: Outcome("taken", receipt_number="TT-881"), shop: Outcome("missed"),
    })  # fmt: skip
    assert (stands(large)[1], stands(small)[1]) == (date(2026, 12, 31), None)
    exchange(world, date(2026, 12, 3), on(2026, 12, 3), {shop: Outcome("taken", received_by_name="Pak Hendra")})
    assert stands(small)[1] == date(2027, 1, 2)
    assert list(ExchangeItem.objects.order_by("id").values_list("outcome", flat=True)).count("taken") == 2

    # the large one pays on its day; the small one is reminded of a week after
    account = make_bank_account(world)
    make_statement(world, account, [
        ("31/12/2026", f"TRSF E-BANKING CR {large.number} PT MART SENTOSA", 1_110_000),
    ], at=on(2027, 1, 4))  # fmt: skip
    lines = list(BankLine.objects.all())
    match = proposals_for(lines=lines, by=world.owner).matches[lines[0].pk]
    assert match.outcome == CERTAIN
    seen = fingerprint(parts_of(match.proposals[0], lines[0].amount))
    accept_proposals(accepted=[Accepted(lines[0].pk, lines[0].version, seen)], by=world.owner, at=on(2027, 1, 4))
    assert stands(large)[0] == 0
    assert send_reminders(company_id=world.company.id, at=on(2027, 1, 8)) == 0
    assert send_reminders(company_id=world.company.id, at=on(2027, 1, 11)) == 1
    assert [one.subject for one in Email.objects.filter(company_id=world.company.id)] == ["Tagihan Rp 777.000"]

    [aged] = ageing(by=world.owner, day=date(2027, 1, 11))
    assert (aged.customer_id, aged.not_due, aged.late_30, aged.receivable) == (shop.pk, 0, 777_000, 777_000)
    assert exposure(mart.pk) == (0, 0, 0)
    assert exposure(shop.pk) == (Decimal(111_000), Decimal(777_000), 0)
    books = balances(world)
    assert {role: books[role] for role in ("receivable", "bank", "revenue", "tax_payable")} == {
        "receivable": Decimal(777_000), "bank": Decimal(1_110_000), "revenue": Decimal(-1_700_000),
        "tax_payable": Decimal(-187_000),
    }  # fmt: skip
    assert broken_promises() == []
