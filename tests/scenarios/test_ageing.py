"""What is open by its age, on any day: it is what the books say of the receivable, to the last rupiah."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from niaga.core.errors import Refusal
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.queries.account_sources import Narrowed
from niaga.invoicing.queries.open_items import ageing, open_items
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.payments.models import Payment
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_customer, make_product
from tests.promises import broken_promises
from tests.scenarios.foreign_books import DAY, D, exporter, line, paid, rated

pytestmark = pytest.mark.django_db


def billed(
    world: World, customer: Any, product: Any, quantity: str = "1", *, on: date = DAY, **details: Any
) -> Invoice:
    at = NOW + timedelta(days=(on - DAY).days)
    order = draft_order(
        customer_id=customer.id, branch_id=world.branch.id, lines=[line(product, quantity)],
        details=OrderDetails(**details), by=world.owner, at=at,
    )  # fmt: skip
    confirm_order(order_id=order.id, by=world.owner, at=at)
    return issue_invoice(
        invoice_id=invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=at), by=world.owner, at=at
    )


def receivable(world: World, day: date) -> Decimal:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id, role="receivable")
    return rows.filter(entry__date__lte=day).aggregate(sum=Sum("amount"))["sum"] or D(0)


def term_of(world: World, *parts: Part) -> Any:
    return save_payment_term(
        company_id=world.company.id, code=f"T{len(parts)}", name=f"T{len(parts)}", parts=parts, by=world.owner, at=NOW
    )


def figures(row: Any) -> list[Decimal]:
    return [row.not_due, row.late_30, row.late_60, row.late_90, row.late_more, row.credit, row.receivable, row.advance]


def test_an_invoice_grows_older() -> None:
    world = exporter()
    shop, product = make_customer(world), make_product(world, stock=100_000)
    billed(world, shop, product, on=DAY)

    def of(day: date) -> list[Decimal]:
        [row] = ageing(by=world.owner, day=day)
        return figures(row)

    due = InvoiceBalance.objects.get().due_date
    k, o = D(100000), D(0)
    assert of(due) == [k, o, o, o, o, o, k, o]
    assert of(due + timedelta(1)) == [o, k, o, o, o, o, k, o]
    assert of(due + timedelta(30)) == [o, k, o, o, o, o, k, o]
    assert of(due + timedelta(31)) == [o, o, k, o, o, o, k, o]
    assert of(due + timedelta(60)) == [o, o, k, o, o, o, k, o]
    assert of(due + timedelta(61)) == [o, o, o, k, o, o, k, o]
    assert of(due + timedelta(90)) == [o, o, o, k, o, o, k, o]
    assert of(due + timedelta(91)) == [o, o, o, o, k, o, k, o]
    assert not ageing(by=world.owner, day=DAY - timedelta(1))


def test_earlier_parts_are_settled_first_and_each_has_its_own_age() -> None:
    world = exporter()
    shop, product = make_customer(world), make_product(world, stock=100_000)
    term = term_of(world, Part(D(50), 0), Part(D(30), 30), Part(D(20), 60))
    invoice = billed(world, shop, product, "10", payment_term_id=term.id)
    paid(world, shop.id, "600000", currency="IDR", on=DAY + timedelta(40), invoices=[(invoice.id, None)])

    [before] = ageing(by=world.owner, day=DAY + timedelta(39))
    [after] = ageing(by=world.owner, day=DAY + timedelta(40))

    assert figures(before)[:3] == [D(200_000), D(300_000), D(500_000)]
    assert figures(after)[:3] == [D(200_000), D(200_000), D(0)]
    items = open_items(by=world.owner, day=DAY + timedelta(40)).order_by("due_date")
    assert [(one.amount, one.open, one.days_late) for one in items] == [
        (D(300_000), D(200_000), 10), (D(200_000), D(200_000), -20)
    ]  # fmt: skip


def test_an_advance_stands_beside_the_receivable_until_it_settles_something() -> None:
    world = exporter()
    shop, product = make_customer(world), make_product(world, stock=100_000)
    money = paid(world, shop.id, "150000", currency="IDR", invoices=[])
    invoice = billed(world, shop, product, on=DAY + timedelta(1))
    allocate_advance(payment_id=money.id, invoice_id=invoice.id, by=world.owner, at=NOW + timedelta(2))
    reverse_payment(payment_id=money.id, reason="Salah", by=world.owner, at=NOW + timedelta(3))

    def of(days: int) -> list[tuple[Decimal, Decimal, Decimal]]:
        rows = ageing(by=world.owner, day=DAY + timedelta(days))
        return [(row.receivable, row.advance, row.balance) for row in rows]

    assert of(0) == [(D(0), D(-150_000), D(-150_000))]
    assert of(1) == [(D(100_000), D(-150_000), D(-50_000))]
    assert of(2) == [(D(0), D(-50_000), D(-50_000))]
    assert of(3) == [(D(100_000), D(0), D(100_000))]


def test_money_that_is_dated_before_its_invoice_is_a_credit_until_then() -> None:
    world = exporter()
    shop, product = make_customer(world), make_product(world, stock=100_000)
    invoice = billed(world, shop, product)
    early = DAY - timedelta(3)
    record = paid(world, shop.id, "100000", currency="IDR", on=DAY, invoices=[])
    assert record.allocated == 0
    reverse_payment(payment_id=record.id, reason="Salah", by=world.owner, at=NOW)
    details = PaymentDetails(method="transfer", currency="IDR", amount=D(100_000), paid_on=early)
    record_payment(
        customer_id=shop.id, branch_id=world.branch.id, details=details, invoices=[(invoice.id, None)], by=world.owner,
        at=NOW,
    )  # fmt: skip

    [row] = ageing(by=world.owner, day=early)

    assert (row.credit, row.receivable) == (D(-100_000), D(-100_000)) == (receivable(world, early),) * 2
    assert not ageing(by=world.owner, day=DAY)
    balance = InvoiceBalance.objects.get()
    assert (balance.first_on, balance.date, balance.last_on) == (early, DAY, DAY)


def drawn(seed: int, *, foreign: bool) -> tuple[World, Any]:
    """Forty days of drawn deeds; those that are refused are left out."""
    dice = random.Random(seed)
    world = exporter()
    for back in range(0, 40, 7):
        rated(world, ("USD", f"{dice.randrange(15000, 17000)}.{dice.randrange(100):02}"), day=DAY + timedelta(back))
    shops = [make_customer(world) for _turn in range(2)]
    product = make_product(world, price=D(137), stock=100_000)
    terms = [None, term_of(world, Part(D(40), 0), Part(D(60), 10)), term_of(world, *[Part(D(20), n) for n in range(5)])]
    invoices: list[Invoice] = []
    notes: list[Invoice] = []
    money: list[Payment] = []
    for day in range(40):
        at, on = NOW + timedelta(day), DAY + timedelta(day)
        deed = dice.choice(("bill", "pay", "pay", "back", "credit", "use", "advance", "release", "ahead"))
        shop = dice.choice(shops)
        try:
            if deed == "bill" or day < 4:
                term = dice.choice(terms)
                more: dict[str, Any] = {"currency": "USD"} if foreign and dice.random() < 0.7 else {}
                if term is not None:
                    more["payment_term_id"] = term.id
                invoices.append(billed(world, shop, product, str(dice.randrange(1, 30)), on=on, **more))
            elif deed in ("pay", "ahead"):
                code = dice.choice(("USD", "IDR")) if foreign else "IDR"
                amount = dice.randrange(1, 4000) if code == "IDR" or not foreign else dice.randrange(1, 900)
                chosen = dice.choice(invoices)
                named = [(chosen.id, None)] if deed == "pay" else None
                details = PaymentDetails(
                    method="transfer", currency=code, amount=D(amount),
                    paid_on=on - timedelta(dice.randrange(0, min(day, 6) + 1)),
                )  # fmt: skip
                money.append(
                    record_payment(
                        customer_id=chosen.customer_id, branch_id=world.branch.id, details=details, invoices=named,
                        by=world.owner, at=at,
                    )
                )  # fmt: skip
            elif deed == "back" and money:
                reverse_payment(payment_id=dice.choice(money).id, reason="Salah", by=world.owner, at=at)
            elif deed == "credit":
                note = credit_invoice(
                    invoice_id=dice.choice(invoices).id, reason="Rusak", by=world.owner, at=at,
                )  # fmt: skip
                notes.append(issue_invoice(invoice_id=note, by=world.owner, at=at))
            elif deed == "use" and notes:
                allocate_credit(
                    credit_note_id=dice.choice(notes).id, invoice_id=dice.choice(invoices).id, by=world.owner, at=at
                )
            elif deed in ("advance", "release") and money:
                amount = None if deed == "advance" else -D(dice.randrange(1, 50))
                allocate_advance(
                    payment_id=dice.choice(money).id, invoice_id=dice.choice(invoices).id, amount=amount,
                    by=world.owner, at=at,
                )  # fmt: skip
        except Refusal:
            continue
    assert len(invoices) >= 4
    assert len(money) > 4
    return world, shops[0]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_issued_paid_credited_and_taken_back_the_total_is_the_books_receivable_on_every_day(
    seed: int,
) -> None:
    world, shop = drawn(seed, foreign=seed % 2 == 1)

    for back in range(-7, 42):
        day = DAY + timedelta(back)
        rows = list(ageing(by=world.owner, day=day))
        assert sum((row.receivable for row in rows), D(0)) == receivable(world, day), (day, figures(rows[0]))
        for row in rows:
            assert sum(figures(row)[:6]) == row.receivable == row.balance - row.advance
        one = ageing(by=world.owner, day=day, narrowed=Narrowed(customer_id=shop.id))
        assert [figures(row) for row in one] == [figures(row) for row in rows if row.customer_id == shop.id]
    assert broken_promises() == []


def test_a_statement_tells_what_happened_and_closes_with_what_is_open() -> None:
    world = exporter()
    shop, product = make_customer(world), make_product(world, stock=100_000)
    first = billed(world, shop, product, "3")
    billed(world, shop, product, "2", on=DAY + timedelta(2))
    money = paid(world, shop.id, "350000", currency="IDR", on=DAY + timedelta(3), invoices=[(first.id, None)])

    statement = statement_of(customer_id=shop.id, since=DAY + timedelta(1), until=DAY + timedelta(5), by=world.owner)

    [account] = statement.accounts
    assert (account.currency, account.opening, account.closing) == ("IDR", D(300_000), D(150_000))
    assert [(one.kind, one.amount, one.balance) for one in account.lines] == [
        ("invoice", D(200_000), D(500_000)), ("payment", D(-350_000), D(150_000))
    ]  # fmt: skip
    assert account.lines[1].number == money.number
    assert account.ages == {"late_30": D(200_000), "advance": D(-50_000)}


@pytest.mark.parametrize("seed", range(4))
def test_opening_and_movements_make_the_closing_which_is_the_ageing_of_that_day(seed: int) -> None:
    dice = random.Random(seed)
    world, shop = drawn(seed, foreign=seed % 2 == 1)

    for _turn in range(12):
        since = DAY + timedelta(dice.randrange(-8, 42))
        until = since + timedelta(dice.randrange(0, 20))
        statement = statement_of(customer_id=shop.id, since=since, until=until, by=world.owner)
        for account in statement.accounts:
            assert account.opening + sum((one.amount for one in account.lines), D(0)) == account.closing
            assert account.debits + account.credits == account.closing - account.opening
            assert sum(account.ages.values(), D(0)) == account.closing, (since, until, account)
        [home] = [one for one in statement.accounts if one.currency == "IDR"] or [None]
        if seed % 2 == 0:
            rows = ageing(by=world.owner, day=until, narrowed=Narrowed(customer_id=shop.id))
            assert sum((row.balance for row in rows), D(0)) == (home.closing if home else D(0))
