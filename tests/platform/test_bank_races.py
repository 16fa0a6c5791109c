"""Two people at one bank line, and one payment that two lines want: real processes, each with its own connection."""

from decimal import Decimal
from functools import partial

import pytest

from niaga.core.ids import new_id
from niaga.invoicing.models import InvoiceBalance
from niaga.ledger.models import JournalLine
from niaga.payments.models import BankLine, BankStatement, LineSettlement, Payment
from niaga.payments.rules.line_parts import Part
from niaga.payments.services.book_lines import book_line, book_lines
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.lay_out_statement import lay_out_statement
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.take_statement import take_statement
from niaga.sales.rules.lines import LineInput
from tests.bank import LAYOUT, csv_of, make_bank_account, make_line, make_statement
from tests.makers import NOW, make_customer, make_issued_invoice, make_product, make_world
from tests.platform.test_races import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_two_people_at_one_line_one_books_it_and_the_other_is_told() -> None:
    world = make_world()
    coffee = make_product(world, stock=10)
    invoice = make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(5))])
    line = make_line(world, make_bank_account(world), str(invoice.number), 555_000)
    stranger = make_customer(world)

    def book(part: Part) -> str:
        book_line(booking=Booking(line.pk, [part], version=1), by=world.owner, at=NOW)
        return "booked"

    right = Part("payment", line.amount, invoice.customer_id, ((invoice.id, None),))
    said = race([partial(book, right), partial(book, Part("payment", line.amount, stranger.id)),
                 partial(book, Part("account", line.amount, role="suspense")), partial(book, right)])  # fmt: skip

    assert sorted(said) == ["booked", "line_done", "line_done", "line_done"]
    assert LineSettlement.objects.count() == 1
    assert sum(JournalLine.objects.filter(role="bank").values_list("amount", flat=True)) == 555_000
    assert BankLine.objects.get().status in ("settled", "suspense")


def test_a_recorded_payment_is_found_by_one_of_two_lines() -> None:
    world = make_world()
    payment = record_payment(
        customer_id=make_customer(world).id, branch_id=world.branch.id, invoices=[], by=world.owner, at=NOW,
        details=PaymentDetails("transfer", "IDR", Decimal(75_000)),
    )  # fmt: skip
    account_id = make_bank_account(world)
    make_statement(world, account_id, [("20/11/2026", "SETORAN A", 75_000), ("20/11/2026", "SETORAN B", 75_000)])

    def tie(line: BankLine) -> str:
        part = Part("tie", line.amount, payment_id=payment.id)
        book_line(booking=Booking(line.pk, [part]), by=world.owner, at=NOW)
        return "tied"

    said = race([partial(tie, line) for line in BankLine.objects.all()])

    assert sorted(said) == ["already_tied", "tied"]
    assert LineSettlement.objects.count() == 1
    assert Payment.objects.count() == 1


def test_many_lines_booked_by_two_people_at_once_in_any_order_are_booked_once_each() -> None:
    world = make_world()
    coffee = make_product(world, stock=100)
    invoices = [make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(1))]) for _each in range(4)]
    rows = [("20/11/2026", str(invoice.number), 111_000) for invoice in invoices]
    statement = make_statement(world, make_bank_account(world), rows)
    lines = list(BankLine.objects.filter(statement=statement).order_by("position"))
    bookings = [
        Booking(line.pk, [Part("payment", line.amount, invoice.customer_id, ((invoice.id, None),))])
        for line, invoice in zip(lines, invoices, strict=True)
    ]

    def book(wanted: list[Booking]) -> int:
        return len(wanted) - len(book_lines(bookings=wanted, by=world.owner, at=NOW))

    said = race([partial(book, bookings), partial(book, bookings[::-1]), partial(book, bookings[2:] + bookings[:2])])

    assert sum(map(int, said)) == 4, said
    assert Payment.objects.count() == 4
    assert not InvoiceBalance.objects.filter(settled_at=None).exists()


def test_overlapping_statements_taken_in_at_once_double_nothing() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    rows = [("20/11/2026", f"SETORAN {number}", 1_000 + number) for number in range(40)]
    shared = {"by": world.owner, "at": NOW}
    drafts = []
    for part in (rows[:30], rows[10:], rows[::-1]):
        draft = receive_statement(
            bank_account_id=account_id, chunks=[csv_of(part, opening=None)], file_name=f"{new_id()}.csv", **shared
        )
        lay_out_statement(statement_id=draft.id, layout=LAYOUT, **shared)
        drafts.append(draft.id)

    def take(statement_id: object) -> int:
        return take_statement(statement_id=statement_id, **shared).lines_new  # type: ignore[arg-type]

    said = race([partial(take, one) for one in drafts])

    assert sum(map(int, said)) == 40, said
    assert BankLine.objects.count() == 40
    assert sum(BankStatement.objects.values_list("lines_new", flat=True)) == 40
