from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.invoicing.models import Allocation, Invoice, InvoiceBalance
from niaga.ledger.errors import PeriodClosed
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.ledger.services import close_period, reopen_period
from niaga.organization.errors import CurrencyNotSold
from niaga.parties.models import CreditAccount
from niaga.payments.errors import AllocatedTooMuch, NotThisCustomers, ReasonMissing
from niaga.payments.models import GiroClearing, Payment, PaymentReversal
from niaga.payments.services import (
    PaymentDetails,
    allocate_advance,
    clear_giro,
    record_payment,
    reverse_payment,
)
from niaga.sales.rules.lines import LineInput
from tests.makers import (
    NOW,
    World,
    make_branch,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company=world.company).values_list("role")
    return {role: amount for role, amount in rows.annotate(sum=Sum("amount")) if amount}


def account(customer_id: Any) -> tuple[Decimal, Decimal, Decimal]:
    return CreditAccount.objects.values_list("orders", "invoices", "advances").get(customer_id=customer_id)


def make_debt(world: World, quantity: int = 10, **details: Any) -> Invoice:
    """An issued invoice of `quantity` x 111,000."""
    coffee = make_product(world, stock=quantity)
    return make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(quantity))], **details)


def record(world: World, customer_id: Any, amount: int, *, invoices: Any = None, **details: Any) -> Payment:
    facts = {"method": "cash", "currency": "IDR", **details}
    return record_payment(
        customer_id=customer_id, branch_id=world.branch.id, invoices=invoices, by=world.owner, at=NOW,
        details=PaymentDetails(amount=Decimal(amount), **facts),
    )  # fmt: skip


def test_one_payment_settles_several_invoices_the_earliest_due_first():
    world = make_world()
    customer = make_customer(world)
    first, second = make_debt(world, 1, customer=customer), make_debt(world, 2, customer=customer)

    payment = make_payment(world, customer.id, 200_000)

    open_now = {row.invoice_id: row.total - row.allocated for row in InvoiceBalance.objects.all()}
    assert open_now == {first.id: 0, second.id: Decimal(133_000)}
    assert (payment.allocated, account(customer.id)) == (200_000, (0, Decimal(133_000), 0))


def test_recording_costs_the_same_statements_for_one_invoice_as_for_thirty():
    world = make_world()
    one, many = make_customer(world), make_customer(world)
    make_debt(world, 1, customer=one)
    for _number in range(30):
        make_debt(world, 1, customer=many)

    with CaptureQueriesContext(connection) as single:
        make_payment(world, one.id, 111_000)
    with CaptureQueriesContext(connection) as thirty:
        make_payment(world, many.id, 30 * 111_000)

    assert len(single) == len(thirty)
    assert len(single) <= 7
    assert not InvoiceBalance.objects.filter(settled_at=None).exists()


def test_money_that_cannot_be_is_refused_and_changes_nothing():
    world = make_world()
    invoice = make_debt(world)
    stranger = make_customer(world)
    seller = make_user(world.company, "salesperson")

    for amount, details, refusal in [
        (0, {}, Invalid), (-5, {}, Invalid), (1, {"currency": "USD"}, CurrencyNotSold),
        (1, {"method": "giro"}, Invalid),
        (1, {"paid_on": (NOW + timedelta(days=2)).date()}, Invalid),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            record(world, invoice.customer_id, amount, **details)
    with pytest.raises(NotThisCustomers):
        record(world, stranger.id, 10, invoices=[(invoice.id, None)])
    with pytest.raises(AllocatedTooMuch):
        record(world, invoice.customer_id, 10, invoices=[(invoice.id, Decimal(11))])
    with pytest.raises(Forbidden):
        record_payment(
            customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=seller, at=NOW,
            details=PaymentDetails("cash", "IDR", Decimal(1)),
        )  # fmt: skip

    assert not Payment.objects.exists()
    assert not Allocation.objects.exists()
    assert books(world).keys() == {"receivable", "revenue", "tax_payable"}


def test_a_cashier_records_money_at_the_own_branch_only():
    world = make_world()
    elsewhere = make_branch(world)
    cashier = make_user(world.company, "cashier", branch_id=world.branch.id)
    customer = make_customer(world)
    cash = PaymentDetails("cash", "IDR", Decimal(50_000))

    with pytest.raises(Forbidden):
        record_payment(
            customer_id=customer.id, branch_id=elsewhere.id, invoices=[], details=cash, by=cashier, at=NOW
        )  # fmt: skip

    assert not Payment.objects.exists()
    at_home = record_payment(
        customer_id=customer.id, branch_id=world.branch.id, invoices=[], details=cash, by=cashier, at=NOW
    )
    assert at_home.branch_id == world.branch.id


def test_an_advance_settles_a_later_invoice_and_can_be_taken_back():
    world = make_world()
    customer = make_customer(world)
    payment = record(world, customer.id, 500_000)
    assert account(customer.id) == (0, 0, 500_000)
    invoice = make_debt(world, 2, customer=customer)

    allocate_advance(payment_id=payment.id, invoice_id=invoice.id, by=world.owner, at=NOW)
    assert account(customer.id) == (0, 0, Decimal(278_000))
    assert books(world)["advances"] == Decimal(-278_000)
    assert InvoiceBalance.objects.get().settled_at == NOW

    with pytest.raises(AllocatedTooMuch):
        allocate_advance(payment_id=payment.id, invoice_id=invoice.id, amount=Decimal(-222_001), by=world.owner, at=NOW)
    allocate_advance(payment_id=payment.id, invoice_id=invoice.id, amount=Decimal(-22_000), by=world.owner, at=NOW)
    assert Payment.objects.get().allocated == Decimal(200_000)
    assert InvoiceBalance.objects.get().settled_at is None
    assert account(customer.id) == (0, Decimal(22_000), Decimal(300_000))


def test_a_reversed_payment_leaves_everything_as_before_it():
    world = make_world()
    invoice = make_debt(world)
    before = (books(world), account(invoice.customer_id))
    payment = record(world, invoice.customer_id, 2_000_000)

    with pytest.raises(ReasonMissing):
        reverse_payment(payment_id=payment.id, reason=" ", by=world.owner, at=NOW)
    reverse_payment(payment_id=payment.id, reason="salah catat", by=world.owner, at=NOW)

    assert (books(world), account(invoice.customer_id)) == before
    balance = InvoiceBalance.objects.get()
    assert (balance.allocated, balance.settled_at) == (0, None)
    assert PaymentReversal.objects.get().reason == "salah catat"
    assert Payment.objects.get().status == "reversed"
    assert JournalEntry.objects.exclude(reverses=None).count() == 1
    with pytest.raises(WrongState):
        reverse_payment(payment_id=payment.id, reason="lagi", by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        allocate_advance(payment_id=payment.id, invoice_id=invoice.id, amount=Decimal(1), by=world.owner, at=NOW)


def test_a_giro_is_money_on_the_bank_only_when_it_was_cleared():
    world = make_world()
    invoice = make_debt(world)
    giro = record(world, invoice.customer_id, 1_110_000, method="giro", reference="BG 001", giro_bank="BCA")
    assert books(world)["giro"] == Decimal(1_110_000)

    clear_giro(payment_id=giro.id, by=world.owner, at=NOW)
    assert books(world)["bank"] == Decimal(1_110_000)
    assert GiroClearing.objects.get().payment_id == giro.id
    with pytest.raises(WrongState):
        clear_giro(payment_id=giro.id, by=world.owner, at=NOW)

    reverse_payment(payment_id=giro.id, reason="ditolak bank", by=world.owner, at=NOW)
    assert books(world).keys() == {"receivable", "revenue", "tax_payable"}


def test_nothing_is_posted_into_a_closed_month_until_it_is_open_again():
    world = make_world()
    invoice = make_debt(world)
    close_period(company_id=world.company.id, month=NOW.date(), by=world.owner, at=NOW)

    with pytest.raises(PeriodClosed):
        record(world, invoice.customer_id, 10)
    assert not Payment.objects.exists()
    with pytest.raises(Forbidden):
        reopen_period(company_id=world.company.id, month=NOW.date(), by=make_user(world.company, "sales_admin"), at=NOW)
    reopen_period(company_id=world.company.id, month=NOW.date(), by=world.owner, at=NOW)

    assert record(world, invoice.customer_id, 10).number == "PAY-2026-00001"
