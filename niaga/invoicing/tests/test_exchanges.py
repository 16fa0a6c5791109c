"""Tukar faktur: rounds on which invoices are exchanged for receipts, and days that count from there."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from niaga.core.errors import Invalid, WrongState
from niaga.invoicing.errors import (
    DecidedAlready,
    ExchangedAlready,
    InAnotherRound,
    NothingOpen,
    ReasonMissing,
    ReceiptMissing,
)
from niaga.invoicing.models import ExchangeItem, Invoice, InvoiceBalance, InvoiceDue, PaymentPromise
from niaga.invoicing.queries.call_list import call_list
from niaga.invoicing.queries.exchanges import proposed, to_exchange
from niaga.invoicing.queries.open_items import ageing, open_items
from niaga.invoicing.services.cancel_exchange_round import cancel_exchange_round
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.services.withdraw_exchange import withdraw_exchange
from niaga.invoicing.tests.makers import days_later, make_claim, make_debtor, make_plan, remind
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from tests.makers import NOW, World, make_payment, make_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def world() -> World:
    return make_world()


def make_buyer(world: World, *parts: Part, **rule: Any) -> Customer:
    """A customer that takes invoices in on Tuesdays and Thursdays, and pays 30 days after."""
    term = save_payment_term(
        company_id=world.company.id, code="TT30", name="30 hari setelah tukar faktur",
        parts=parts or [Part(Decimal(100), 30, after_exchange=True)], by=SYSTEM, at=NOW,
    )  # fmt: skip
    customer = make_debtor(world, payment_term_id=term.id)
    save_exchange_rule(
        customer_id=customer.pk, rule=ExchangeRuleInput(**{"weekdays": (1, 3), **rule}), by=SYSTEM, at=NOW
    )
    return customer


def plan(world: World, *invoices: Invoice, day: date = TODAY) -> UUID:
    return plan_exchange_round(
        date=day, collector_id=world.owner.id, invoice_ids=[one.pk for one in invoices], by=world.owner, at=NOW
    ).pk


def record(world: World, round_id: UUID, *invoices: Invoice, at: datetime = NOW, **said: Any) -> None:
    record_exchange(
        round_id=round_id, invoice_ids=[one.pk for one in invoices], outcome=Outcome(**said), by=world.owner, at=at
    )


def due_of(invoice: Invoice) -> date | None:
    return InvoiceBalance.objects.get(invoice_id=invoice.pk).due_date


def test_what_is_due_after_the_exchange_has_no_day_before_and_is_not_overdue(world: World) -> None:
    claim = make_claim(world, make_buyer(world))
    make_plan(world)
    year_later = TODAY + timedelta(days=365)

    assert (due_of(claim), Invoice.objects.get(pk=claim.pk).due_date) == (None, None)
    [item] = open_items(by=world.owner, day=year_later)
    assert (item.due_date, item.days_late, item.open) == (None, None, Decimal(111000))
    [row] = ageing(by=world.owner, day=year_later)
    assert (row.not_due, row.late_more, row.credit, row.oldest_due) == (Decimal(111000), 0, 0, None)
    assert (remind(world, 90), call_list(by=world.owner, day=year_later).count()) == (0, 0)


def test_the_due_day_counts_from_the_day_on_which_it_was_taken_in(world: World) -> None:
    claim = make_claim(world, make_buyer(world))
    round_id = plan(world, claim)

    record(world, round_id, claim, outcome="taken", receipt_number="TT-881", promised=date(2026, 12, 24))

    item = ExchangeItem.objects.get()
    assert (item.outcome, item.receipt_number, item.exchanged_date) == ("taken", "TT-881", TODAY)
    assert (due_of(claim), InvoiceDue.objects.get().due_date) == (date(2026, 12, 23), date(2026, 12, 23))
    assert (item.round.status, PaymentPromise.objects.get().until_date) == ("done", date(2026, 12, 24))
    assert list(to_exchange(by=world.owner)) == []
    [row] = ageing(by=world.owner, day=date(2027, 1, 23))
    assert (row.not_due, row.late_60) == (0, Decimal(111000))


def test_a_part_with_a_day_of_its_own_stays_and_is_settled_first(world: World) -> None:
    half = Decimal(50)
    customer = make_buyer(world, Part(half, 30, after_exchange=True), Part(half, 7))
    claim = make_claim(world, customer)
    assert due_of(claim) == date(2026, 11, 30)

    make_payment(world, customer.pk, 55500)
    assert due_of(claim) is None

    record(world, plan(world, claim), claim, outcome="taken", received_by_name="Bu Ratna")
    assert due_of(claim) == date(2026, 12, 23)


def test_what_is_refused_or_missed_waits_for_another_round(world: World) -> None:
    customer = make_buyer(world)
    first, second = make_claim(world, customer), make_claim(world, customer)
    round_id = plan(world, first, second)
    assert proposed(day=date(2026, 11, 24), by=world.owner) == []

    with pytest.raises(ReasonMissing):
        record(world, round_id, first, outcome="refused")
    record(world, round_id, first, outcome="refused", reason="Tanpa surat jalan")
    record(world, round_id, second, outcome="missed")

    assert [one.next_date for one in ExchangeItem.objects.order_by("position")] == [None, date(2026, 11, 24)]
    again = proposed(day=date(2026, 11, 24), by=world.owner)
    assert {one.pk: one.last_reason for one in again} == {first.pk: "Tanpa surat jalan", second.pk: ""}
    assert proposed(day=date(2026, 11, 25), by=world.owner) == [Invoice.objects.get(pk=second.pk)]


def test_an_invoice_stands_on_one_round_and_is_taken_in_once(world: World) -> None:
    claim = make_claim(world, make_buyer(world))
    round_id = plan(world, claim)

    with pytest.raises(InAnotherRound):
        plan(world, claim)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeItem.objects.create(round_id=round_id, invoice=claim, customer_id=claim.customer_id, position=2)
    with pytest.raises(ReceiptMissing):
        record(world, round_id, claim, outcome="taken")
    record(world, round_id, claim, outcome="taken", receipt_number="TT-1")
    with pytest.raises(DecidedAlready):
        record(world, round_id, claim, outcome="missed")
    with pytest.raises(ExchangedAlready):
        plan(world, claim)
    assert ExchangeItem.objects.count() == 1


def test_a_round_that_is_called_off_frees_what_waits(world: World) -> None:
    customer = make_buyer(world)
    first, second = make_claim(world, customer), make_claim(world, customer)
    round_id = plan(world, first, second)
    record(world, round_id, first, outcome="taken", receipt_number="TT-1")

    cancel_exchange_round(round_id=round_id, by=world.owner, at=NOW)

    assert [one.outcome for one in ExchangeItem.objects.order_by("position")] == ["taken", "left"]
    with pytest.raises(WrongState):
        record(world, round_id, second, outcome="missed")
    plan(world, second)


def test_a_mistake_is_taken_back_and_the_day_with_it(world: World) -> None:
    claim = make_claim(world, make_buyer(world))
    record(world, plan(world, claim), claim, outcome="taken", receipt_number="TT-1")

    withdraw_exchange(invoice_id=claim.pk, reason="Salah ketuk", by=world.owner, at=NOW)

    assert (due_of(claim), InvoiceDue.objects.get().due_date) == (None, None)
    assert [one.pk for one in to_exchange(by=world.owner)] == [claim.pk]
    with pytest.raises(WrongState):
        withdraw_exchange(invoice_id=claim.pk, reason="Lagi", by=world.owner, at=NOW)
    record(world, plan(world, claim), claim, outcome="taken", receipt_number="TT-2", at=days_later(2))
    assert due_of(claim) == date(2026, 12, 23)


def test_the_database_keeps_outcomes_dues_and_rounds(world: World) -> None:
    ordinary = make_claim(world, make_debtor(world))
    claim = make_claim(world, make_buyer(world))
    record(world, plan(world, claim), claim, outcome="taken", receipt_number="TT-1")

    for statement, key in (
        ("UPDATE invoicing_invoicedue SET due_date = '2027-01-01' WHERE invoice_id = %s", ordinary.pk),
        ("UPDATE invoicing_invoicedue SET amount = 1 WHERE invoice_id = %s", claim.pk),
        ("UPDATE invoicing_exchangeitem SET outcome = 'missed' WHERE invoice_id = %s", claim.pk),
        ("DELETE FROM invoicing_exchangeitem WHERE invoice_id = %s", claim.pk),
        ("UPDATE invoicing_exchangeround SET date = '2027-01-01' WHERE company_id = %s", world.company.id),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key])
    assert due_of(claim) == date(2026, 12, 23)


def test_what_cannot_be_planned_is_refused(world: World) -> None:
    customer = make_buyer(world)
    claim = make_claim(world, customer)
    shared = {"collector_id": world.owner.id, "by": world.owner, "at": NOW}

    with pytest.raises(Invalid):
        plan_exchange_round(date=TODAY, invoice_ids=[], **shared)
    with pytest.raises(Invalid):
        plan_exchange_round(date=date(2030, 1, 1), invoice_ids=[claim.pk], **shared)
    with pytest.raises(Invalid):
        plan_exchange_round(date=TODAY, invoice_ids=[claim.pk], **{**shared, "collector_id": claim.pk})
    make_payment(world, customer.pk, 111000)
    with pytest.raises(NothingOpen):
        plan(world, claim)
    with pytest.raises(Invalid):
        save_exchange_rule(customer_id=customer.pk, rule=ExchangeRuleInput(weekdays=(7,)), by=SYSTEM, at=NOW)
    with pytest.raises(Invalid):
        save_exchange_rule(customer_id=customer.pk, rule=ExchangeRuleInput(papers=("passport",)), by=SYSTEM, at=NOW)
    assert ExchangeItem.objects.count() == 0


def test_many_invoices_take_as_many_statements_as_one(world: World, django_assert_num_queries: Any) -> None:
    customer = make_buyer(world)
    one, *many = [make_claim(world, customer) for _ in range(4)]

    def statements(*invoices: Invoice) -> tuple[int, int]:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as planning:
            round_id = plan(world, *invoices)
        with CaptureQueriesContext(connection) as recording:
            record(world, round_id, *invoices, outcome="taken", receipt_number="TT")
        return len(planning), len(recording)

    assert statements(one) == statements(*many)
