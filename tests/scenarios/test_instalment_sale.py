"""A machine sold in instalments: a down payment, three instalments, one late, reminded of and paid in parts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.invoicing.models import InvoiceBalance, ReminderMark
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.plan_instalments import plan_instalments
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.invoicing.tests.makers import level, make_debtor, make_plan
from niaga.messaging.models import Email
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_product, make_shipped_order, make_world
from tests.promises import broken_promises
from tests.scenarios.foreign_books import balances, exposure

pytestmark = pytest.mark.django_db


def on(month: int, day: int, year: int = 2027) -> datetime:
    """Nine in the morning in Jakarta."""
    return datetime(year, month, day, 2, tzinfo=UTC)


def pay(world: World, customer_id: UUID, amount: int, at: datetime) -> None:
    record_payment(
        customer_id=customer_id, branch_id=world.branch.id, invoices=None, by=world.owner, at=at,
        details=PaymentDetails(method="transfer", currency="IDR", amount=Decimal(amount)),
    )  # fmt: skip


def stands(invoice_id: UUID) -> tuple[Decimal, date | None]:
    """What is open, and the day of its earliest part that is."""
    balance = InvoiceBalance.objects.get(invoice_id=invoice_id)
    return balance.total - balance.allocated, balance.due_date


def test_an_instalment_sale_ends_with_the_books_at_zero() -> None:
    world = make_world()
    customer = make_debtor(world)
    make_plan(world, level(-3), level(7))
    machine = make_product(world, stock=1, price=Decimal(30_000_000))
    order = make_shipped_order(world, [LineInput(product_id=machine.id, quantity=Decimal(1))], customer=customer)
    assert order.total == Decimal(33_300_000)

    down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=Decimal(20), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip
    pay(world, customer.id, 6_660_000, NOW)
    assert (down.total, stands(down.id)[0]) == (Decimal(6_660_000), 0)

    draft_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    plan_instalments(invoice_id=draft_id, count=3, first=date(2026, 12, 23), by=world.owner, at=NOW)
    rest = issue_invoice(invoice_id=draft_id, by=world.owner, at=NOW)
    assert (rest.total, stands(rest.id)) == (Decimal(26_640_000), (Decimal(26_640_000), date(2026, 12, 23)))
    assert list(rest.dues.order_by("position").values_list("due_date", "amount")) == [
        (date(2026, 12, 23), Decimal(8_880_000)), (date(2027, 1, 23), Decimal(8_880_000)),
        (date(2027, 2, 23), Decimal(8_880_000)),
    ]  # fmt: skip

    pay(world, customer.id, 8_880_000, on(12, 22, 2026))
    assert stands(rest.id) == (Decimal(17_760_000), date(2027, 1, 23))

    # the second is told of three days before, and a week after its day; by then a part of it has come
    assert send_reminders(company_id=world.company.id, at=on(1, 20)) == 1
    pay(world, customer.id, 3_880_000, on(1, 28))
    assert stands(rest.id) == (Decimal(13_880_000), date(2027, 1, 23))
    assert send_reminders(company_id=world.company.id, at=on(2, 1)) == 1
    mails = Email.objects.filter(company_id=world.company.id).order_by("id")
    assert list(mails.values_list("subject", flat=True)) == ["Tagihan Rp 8.880.000", "Tagihan Rp 5.000.000"]

    pay(world, customer.id, 5_000_000, on(2, 4))
    assert stands(rest.id) == (Decimal(8_880_000), date(2027, 2, 23))
    assert send_reminders(company_id=world.company.id, at=on(2, 8)) == 0
    pay(world, customer.id, 8_880_000, on(2, 18))

    assert stands(rest.id) == (0, date(2027, 2, 23))
    assert list(ReminderMark.objects.order_by("at").values_list("days", "outcome")) == [(-3, "told"), (7, "told")]
    assert exposure(customer.id) == (0, 0, 0)
    books = balances(world)
    assert {role: books.get(role, 0) for role in ("receivable", "advances", "bank", "revenue", "tax_payable")} == {
        "receivable": 0, "advances": 0, "bank": Decimal(33_300_000), "revenue": Decimal(-30_000_000),
        "tax_payable": Decimal(-3_300_000),
    }  # fmt: skip
    assert broken_promises() == []
