"""Bank lines, booked: each once, whole, and taken back whole."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.ledger.models import JournalLine
from niaga.payments.errors import AlreadyTied, BookedFromStatement, LineDone, PartsDiffer
from niaga.payments.models import BankLine, GiroClearing, KnownPayer, LineSettlement, Payment, PaymentReversal
from niaga.payments.queries.match_facts import line_facts, match_facts
from niaga.payments.rules.line_parts import Part, parts_of
from niaga.payments.rules.match_facts import Match
from niaga.payments.rules.match_lines import match_lines
from niaga.payments.services.book_lines import book_line, book_lines
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.forget_payer import forget_payer
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.unbook_line import unbook_line
from niaga.sales.rules.lines import LineInput
from tests.bank import make_bank_account, make_line, make_statement
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company=world.company).values_list("role").order_by()
    return {role: amount for role, amount in rows.annotate(sum=Sum("amount")) if amount}


def make_debt(world: World, quantity: int = 1, **details: Any) -> Invoice:
    """An issued invoice of `quantity` x 111,000."""
    coffee = make_product(world, stock=quantity)
    return make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(quantity))], **details)


def book(world: World, line: BankLine, *parts: Part, **said: Any) -> BankLine:
    return book_line(booking=Booking(line.pk, parts, **said), by=world.owner, at=NOW)


def matched(world: World, *lines: BankLine) -> dict[UUID, Match]:
    facts = [line_facts(line) for line in lines]
    known = match_facts(lines=facts, company_id=world.company.id, currency="IDR", by=world.owner)
    return match_lines(facts, known)


def open_on(invoice: Invoice) -> Decimal:
    balance = InvoiceBalance.objects.get(invoice=invoice)
    return balance.total - balance.allocated


def test_a_line_that_names_its_invoice_is_certain_and_pays_it() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), f"TRSF E-BANKING {invoice.number}", 111_000)

    match = matched(world, line)[line.pk]
    book(world, line, *parts_of(match.proposals[0], line.amount))

    assert match.outcome == "certain"
    assert open_on(invoice) == 0
    payment = Payment.objects.get()
    assert (payment.method, payment.amount, payment.date) == ("transfer", 111_000, line.date)
    assert BankLine.objects.get().status == "settled"
    assert books(world)["bank"] == 111_000


def test_what_the_bank_took_off_is_a_part_of_its_own() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), f"{invoice.number}", 108_500)

    match = matched(world, line)[line.pk]
    book(world, line, *parts_of(match.proposals[0], line.amount))

    assert match.outcome == "suggested"
    assert open_on(invoice) == 0
    assert (books(world)["bank"], books(world)["bank_fees"]) == (108_500, 2_500)
    kinds = dict(LineSettlement.objects.values_list("kind", "amount"))
    assert kinds == {"payment": 111_000, "account": -2_500}


def test_parts_that_do_not_make_the_line_are_refused_and_nothing_is_booked() -> None:
    world = make_world()
    line = make_line(world, make_bank_account(world), "BUNGA", 5_000)

    with pytest.raises(PartsDiffer):
        book(world, line, Part("account", Decimal(4_000), role="bank_interest"))
    with pytest.raises(PartsDiffer):
        book(world, line, Part("account", Decimal(5_000), role="receivable"))

    assert BankLine.objects.get().status == "open"
    assert not LineSettlement.objects.exists()
    assert books(world) == {}


def test_money_of_nobody_waits_in_suspense_and_is_resolved_later() -> None:
    world = make_world()
    customer = make_customer(world)
    line = make_line(world, make_bank_account(world), "SETORAN TUNAI", 250_000)

    book(world, line, Part("account", line.amount, role="suspense"))
    held = books(world)
    book(world, line, Part("payment", Decimal(200_000), customer.id), Part("account", Decimal(50_000), role="suspense"))

    assert held == {"bank": 250_000, "suspense": -250_000}
    assert books(world) == {"bank": 250_000, "suspense": -50_000, "advances": -200_000}
    assert BankLine.objects.get().status == "suspense"
    book(world, line, Part("account", Decimal(50_000), role="owners_money"))
    assert books(world) == {"bank": 250_000, "owners_money": -50_000, "advances": -200_000}
    assert BankLine.objects.get().status == "settled"


def test_a_payment_that_was_recorded_by_hand_is_found_and_posted_once() -> None:
    world = make_world()
    payment = record_payment(
        customer_id=make_customer(world, name="Toko Sinar Abadi").id, branch_id=world.branch.id, invoices=[],
        by=world.owner, at=NOW, details=PaymentDetails(method="transfer", currency="IDR", amount=Decimal(75_000)),
    )  # fmt: skip
    account_id = make_bank_account(world)
    line = make_line(world, account_id, "TRSF SINAR ABADI", 75_000)

    best = matched(world, line)[line.pk].proposals[0]
    book(world, line, *parts_of(best, line.amount))

    assert (best.kind, best.payment_id) == ("tie", payment.id)
    assert Payment.objects.count() == 1
    assert books(world) == {"bank": 75_000, "advances": -75_000}
    again = make_line(world, account_id, "TRSF SINAR ABADI", 75_000, "21/11/2026")
    with pytest.raises(AlreadyTied):
        book(world, again, Part("tie", Decimal(75_000), payment_id=payment.id))
    assert BankLine.objects.get(pk=again.pk).status == "open"


def test_a_giro_that_waits_is_cleared_by_the_line_that_shows_it_and_returned_by_the_one_that_takes_it_back() -> None:
    world = make_world()
    invoice = make_debt(world)
    giro = record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=world.owner,
        at=NOW - timedelta(days=6),
        details=PaymentDetails(method="giro", currency="IDR", amount=invoice.total, reference="GB 123456"),
    )  # fmt: skip
    account_id = make_bank_account(world)
    came = make_line(world, account_id, "KLIRING GIRO GB123456", 111_000, "19/11/2026")
    went = make_line(world, account_id, "TOLAKAN KLIRING GB123456 SALDO TDK CUKUP", -116_000, "20/11/2026")

    book(world, came, *parts_of(matched(world, came)[came.pk].proposals[0], came.amount))
    cleared = books(world)["bank"]
    book(world, went, Part("giro_return", Decimal(-111_000), payment_id=giro.id),
         Part("account", Decimal(-5_000), role="bank_fees"))  # fmt: skip

    assert GiroClearing.objects.get().payment_id == giro.id
    assert (cleared, books(world)["bank"], books(world)["bank_fees"]) == (111_000, -5_000, 5_000)
    assert PaymentReversal.objects.get().bounced
    assert open_on(invoice) == 111_000


def test_a_giro_returned_by_hand_is_not_reversed_again_by_its_line() -> None:
    world = make_world()
    invoice = make_debt(world)
    giro = record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=world.owner, at=NOW,
        details=PaymentDetails(method="giro", currency="IDR", amount=invoice.total, reference="GB 123456"),
    )  # fmt: skip
    reverse_payment(payment_id=giro.id, reason="Tolakan", bounced=True, by=world.owner, at=NOW)
    line = make_line(world, make_bank_account(world), "TOLAKAN GIRO GB123456", -111_000, "23/11/2026")

    best = matched(world, line)[line.pk].proposals[0]
    book(world, line, *parts_of(best, line.amount))

    assert best.payment_id == giro.id
    assert PaymentReversal.objects.count() == 1
    assert open_on(invoice) == 111_000


def test_a_booking_is_taken_back_whole_and_the_line_waits_again() -> None:
    world = make_world()
    invoice = make_debt(world)
    before = books(world)
    line = make_line(world, make_bank_account(world), f"PT MAJU {invoice.number}", 108_500)
    book(world, line, Part("payment", Decimal(111_000), invoice.customer_id, ((invoice.id, None),)),
         Part("account", Decimal(-2_500), role="bank_fees"))  # fmt: skip

    with pytest.raises(BookedFromStatement):
        reverse_payment(payment_id=Payment.objects.get().id, reason="Salah", by=world.owner, at=NOW)
    unbook_line(line_id=line.pk, reason="Salah pelanggan", by=world.owner, at=NOW)

    assert BankLine.objects.get().status == "open"
    assert books(world) == before
    assert open_on(invoice) == 111_000
    assert Payment.objects.get().status == "reversed"
    assert not KnownPayer.objects.exists()
    book(world, line, Part("account", line.amount, role="suspense"))
    assert LineSettlement.objects.count() == 5


def test_a_line_is_booked_once_even_by_who_saw_it_before() -> None:
    world = make_world()
    line = make_line(world, make_bank_account(world), "BUNGA", 5_000)
    book(world, line, Part("account", line.amount, role="suspense"), version=1)

    with pytest.raises(LineDone):
        book(world, line, Part("account", line.amount, role="bank_interest"), version=1)

    assert books(world) == {"bank": 5_000, "suspense": -5_000}


def test_many_lines_are_booked_in_one_deed_and_what_cannot_be_is_left() -> None:
    world = make_world()
    first, second = make_debt(world), make_debt(world)
    statement = make_statement(world, make_bank_account(world), [
        ("20/11/2026", first.number or "", 111_000), ("20/11/2026", second.number or "", 111_000),
        ("20/11/2026", "BIAYA ADM", -10_000),
    ])  # fmt: skip
    lines = list(BankLine.objects.filter(statement=statement).order_by("position"))
    found = matched(world, *lines)
    make_payment(world, second.customer_id, 111_000)

    left = book_lines(
        bookings=[Booking(line.pk, parts_of(found[line.pk].proposals[0], line.amount)) for line in lines],
        by=world.owner, at=NOW,
    )  # fmt: skip

    assert [found[line.pk].outcome for line in lines] == ["certain", "certain", "certain"]
    assert set(left) == {lines[1].pk}
    assert list(BankLine.objects.order_by("position").values_list("status", flat=True)) == [
        "settled",
        "open",
        "settled",
    ]
    assert Payment.objects.count() == 2


def test_who_paid_before_is_known_by_account_and_forgotten_on_demand() -> None:
    world = make_world()
    customer = make_customer(world, name="Zzyx")
    account_id = make_bank_account(world)
    line = make_line(world, account_id, "YOHANES WENDA TRF", 60_000)
    book(world, line, Part("payment", line.amount, customer.id))
    again = make_line(world, account_id, "YOHANES WENDA TRF", 80_000, "21/11/2026")

    known = matched(world, again)[again.pk].proposals[0]
    forget_payer(payer_id=KnownPayer.objects.get().pk, by=world.owner, at=NOW)

    assert known.customer_id == customer.id
    assert next(reason.code for reason in known.reasons) == "known"
    assert matched(world, again)[again.pk].outcome == "none"


def test_who_may_not_book_books_nothing() -> None:
    world = make_world()
    line = make_line(world, make_bank_account(world), "BUNGA", 5_000)

    with pytest.raises(Forbidden):
        book_line(
            booking=Booking(line.pk, [Part("account", line.amount, role="suspense")]),
            by=make_user(world.company, "warehouse"), at=NOW,
        )  # fmt: skip

    assert BankLine.objects.get().status == "open"


def test_the_database_keeps_a_line_whole_and_as_the_bank_told_it() -> None:
    world = make_world()
    line = make_line(world, make_bank_account(world), "BUNGA", 5_000)

    for sql in (
        "UPDATE payments_bankline SET status = 'settled'", "UPDATE payments_bankline SET amount = 1",
        "DELETE FROM payments_bankline", "UPDATE payments_bankstatement SET closing = 1",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    assert BankLine.objects.get().amount == line.amount


def test_facts_cost_the_same_statements_for_one_line_as_for_thirty() -> None:
    world = make_world()
    invoice = make_debt(world)
    account_id = make_bank_account(world)
    one = [make_line(world, account_id, f"PT MAJU {invoice.number}", 111_000)]
    statement = make_statement(
        world,
        account_id,
        [("18/11/2026", f"CV JAYA {number} {invoice.number}", 50_000 + number) for number in range(30)],
    )
    many = list(BankLine.objects.filter(statement=statement))

    counts = []
    for lines in (one, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            matched(world, *lines)
        counts.append(len(asked))

    assert counts[0] == counts[1]
