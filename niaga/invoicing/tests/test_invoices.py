from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, NotFound, StaleVersion, WrongState
from niaga.core.models import NumberSeries
from niaga.invoicing.errors import (
    CreditsTooMuch,
    CreditUsedUp,
    NothingToCredit,
    NothingToInvoice,
    OtherCustomers,
    ReasonMissing,
)
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue, InvoiceLine
from niaga.invoicing.services import allocate_credit, change_draft, issue_invoice
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.parties.models import CreditAccount
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.sales.errors import NotOneInvoice, OverInvoicing
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.invoice_orders import invoice_orders
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_shipped_order,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company=world.company).values_list("role")
    return {role: amount for role, amount in rows.annotate(sum=Sum("amount")) if amount}


def account(invoice: Invoice) -> tuple[Decimal, Decimal, Decimal]:
    return CreditAccount.objects.values_list("orders", "invoices", "advances").get(customer_id=invoice.customer_id)


def line(product, quantity: int, **facts) -> LineInput:
    return LineInput(sku=product.sku, quantity=Decimal(quantity), **facts)


def test_an_issued_invoice_has_its_number_dues_balance_and_books():
    world = make_world()
    coffee = make_product(world, stock=10)

    invoice = make_issued_invoice(world, [line(coffee, 10)])

    assert (invoice.number, invoice.net, invoice.tax, invoice.total) == (
        "INV-2026-00001", Decimal(1_000_000), Decimal(110_000), Decimal(1_110_000),
    )  # fmt: skip
    assert InvoiceDue.objects.get().amount == Decimal(1_110_000)
    assert books(world) == {
        "receivable": Decimal(1_110_000), "revenue": Decimal(-1_000_000), "tax_payable": Decimal(-110_000),
    }  # fmt: skip


def test_the_statements_of_issuing_do_not_grow_with_the_lines():
    world = make_world()
    coffee = make_product(world, stock=1000)
    counts = []
    for lines in (1, 200):
        order = make_shipped_order(world, [line(coffee, 1)] * lines)
        with CaptureQueriesContext(connection) as billed:
            invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
        with CaptureQueriesContext(connection) as issued:
            issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
        counts.append((len(billed), len(issued)))

    assert counts[0] == counts[1]
    assert counts[0] <= (8, 6)


def test_the_database_refuses_to_change_or_delete_an_issued_invoice_or_its_lines():
    world = make_world()
    invoice = make_issued_invoice(world, [line(make_product(world, stock=10), 10)])

    for deed in (
        lambda: Invoice.objects.filter(pk=invoice.id).update(note="lain"),
        lambda: Invoice.objects.filter(pk=invoice.id).delete(),
        lambda: InvoiceLine.objects.filter(invoice=invoice).update(quantity=1),
        lambda: InvoiceLine.objects.create(invoice=invoice, position=9),
        lambda: InvoiceLine.objects.filter(invoice=invoice).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()

    assert Invoice.objects.get(pk=invoice.id).note == ""


def test_an_invoice_is_issued_once_and_only_by_who_may():
    world = make_world()
    order = make_shipped_order(world, [line(make_product(world, stock=10), 10)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)

    with pytest.raises(Forbidden):
        issue_invoice(invoice_id=invoice_id, by=make_user(world.company, "warehouse"), at=NOW)
    assert Invoice.objects.get().number is None
    issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)

    assert NumberSeries.objects.get(kind="invoice").last == 1


def test_a_draft_says_something_else_until_it_is_issued():
    world = make_world()
    order = make_shipped_order(world, [line(make_product(world, stock=10), 10)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    words = {"note": "Terima kasih", "terms_text": "", "customer_reference": "PO-7"}

    change_draft(invoice_id=invoice_id, **words, version=1, by=world.owner, at=NOW)
    with pytest.raises(StaleVersion):
        change_draft(invoice_id=invoice_id, **words, version=1, by=world.owner, at=NOW)
    issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        change_draft(invoice_id=invoice_id, **words, by=world.owner, at=NOW)

    invoice = Invoice.objects.get()
    assert (invoice.note, invoice.customer_reference) == ("Terima kasih", "PO-7")


def test_a_draft_takes_only_a_payment_term_of_its_company():
    world, other = make_world(), make_world()
    order = make_shipped_order(world, [line(make_product(world, stock=10), 10)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    before = Invoice.objects.values().get()
    words = {"note": "", "terms_text": "", "customer_reference": ""}
    theirs, ours = (
        save_payment_term(
            company_id=one.company.id, code="T45", name="45 hari", parts=[Part(Decimal(100), 45, False)],
            by=one.owner, at=NOW,
        )
        for one in (other, world)
    )  # fmt: skip

    with pytest.raises(NotFound) as refused:
        change_draft(invoice_id=invoice_id, **words, payment_term_id=theirs.id, by=world.owner, at=NOW)
    assert refused.value.field == "payment_term_id"
    assert Invoice.objects.values().get() == before
    change_draft(invoice_id=invoice_id, **words, payment_term_id=ours.id, by=world.owner, at=NOW)

    assert Invoice.objects.get().term_name == "45 hari"


def test_a_discarded_draft_can_be_billed_anew_and_misses_no_number():
    world = make_world()
    order = make_shipped_order(world, [line(make_product(world, stock=10), 10)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)

    discard_invoice(invoice_id=invoice_id, reason="salah", by=world.owner, at=NOW)

    again = SalesOrder.objects.get(pk=order.id)
    assert (again.invoice_progress, again.exposure) == ("none", again.total)
    assert SalesOrderLine.objects.get().invoiced == 0
    issued = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    assert issued.number == "INV-2026-00001"
    with pytest.raises(WrongState):
        discard_invoice(invoice_id=issued.id, by=world.owner, at=NOW)
    assert account(issued) == (0, issued.total, 0)


def test_a_full_credit_note_settles_its_invoice_and_turns_its_books_round():
    world = make_world()
    invoice = make_issued_invoice(world, [line(make_product(world, stock=10), 10)])

    note = issue_invoice(
        invoice_id=credit_invoice(invoice_id=invoice.id, reason="barang rusak", by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip

    assert (note.number, note.total, note.reason) == ("CN-2026-00001", Decimal(1_110_000), "barang rusak")
    balances = InvoiceBalance.objects.values_list("total", "allocated")
    assert set(balances) == {(Decimal(1_110_000), Decimal(1_110_000))}
    assert books(world) == {}
    assert account(invoice) == (0, 0, 0)


def test_credit_notes_never_exceed_what_was_invoiced_and_add_up_to_it():
    world = make_world()
    coffee = make_product(world, stock=10, price=Decimal(33_333))
    invoice = make_issued_invoice(world, [line(coffee, 7, discount_percent=Decimal(3))])
    sold = InvoiceLine.objects.get(invoice=invoice)

    with pytest.raises(CreditsTooMuch) as refused:
        credit_invoice(invoice_id=invoice.id, quantities={sold.id: Decimal(8)}, reason="rusak", by=world.owner, at=NOW)
    assert (refused.value.lines[0]["wanted"], refused.value.lines[0]["available"]) == (8, 7)
    with pytest.raises(ReasonMissing):
        credit_invoice(invoice_id=invoice.id, reason="", by=world.owner, at=NOW)
    assert Invoice.objects.count() == 1

    for quantity in (Decimal(2), Decimal(4), Decimal(1)):
        note_id = credit_invoice(
            invoice_id=invoice.id, quantities={sold.id: quantity}, reason="rusak", by=world.owner, at=NOW
        )
        issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
    sums = Invoice.objects.filter(kind="credit_note").aggregate(net=Sum("net"), tax=Sum("tax"), total=Sum("total"))
    assert (sums["net"], sums["tax"], sums["total"]) == (invoice.net, invoice.tax, invoice.total)
    with pytest.raises(NothingToCredit):
        credit_invoice(invoice_id=invoice.id, reason="rusak", by=world.owner, at=NOW)
    assert books(world) == {}


def test_what_is_credited_to_be_billed_again_can_be_billed_again():
    world = make_world()
    order = make_shipped_order(world, [line(make_product(world, stock=10), 10)])
    invoice = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    note_id = credit_invoice(invoice_id=invoice.id, reason="nama salah", bill_again=True, by=world.owner, at=NOW)
    issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
    assert account(invoice) == (invoice.total, 0, 0)
    second = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    assert (second.number, second.total) == ("INV-2026-00002", invoice.total)
    assert account(invoice) == (0, invoice.total, 0)
    assert SalesOrder.objects.get().invoice_progress == "done"


def test_a_discarded_credit_note_gives_the_order_its_invoice_back():
    world = make_world()
    invoice = make_issued_invoice(world, [line(make_product(world, stock=10), 10)])
    note_id = credit_invoice(invoice_id=invoice.id, reason="nama salah", bill_again=True, by=world.owner, at=NOW)
    assert SalesOrder.objects.get().invoice_progress == "none"

    discard_invoice(invoice_id=note_id, by=world.owner, at=NOW)

    order = SalesOrder.objects.get()
    assert (order.invoice_progress, order.exposure) == ("done", 0)
    with pytest.raises(NothingToInvoice):
        invoice_order(order_id=order.id, by=world.owner, at=NOW)


def test_the_rest_of_a_credit_settles_another_invoice_of_the_customer():
    world = make_world()
    customer = make_customer(world)
    coffee = make_product(world, stock=100)
    paid = make_issued_invoice(world, [line(coffee, 10)], customer=customer)
    make_payment(world, customer.id, paid.total)
    later = make_issued_invoice(world, [line(coffee, 20)], customer=customer)
    strange = make_issued_invoice(world, [line(coffee, 1)])
    note = issue_invoice(
        invoice_id=credit_invoice(invoice_id=paid.id, reason="retur", by=world.owner, at=NOW), by=world.owner, at=NOW
    )
    assert InvoiceBalance.objects.get(invoice_id=note.id).allocated == 0

    with pytest.raises(OtherCustomers):
        allocate_credit(credit_note_id=note.id, invoice_id=strange.id, by=world.owner, at=NOW)
    with pytest.raises(CreditUsedUp):
        allocate_credit(credit_note_id=note.id, invoice_id=later.id, amount=note.total + 1, by=world.owner, at=NOW)
    assert allocate_credit(credit_note_id=note.id, invoice_id=later.id, by=world.owner, at=NOW) == note.total

    assert InvoiceBalance.objects.get(invoice_id=later.id).allocated == note.total
    assert InvoiceBalance.objects.get(invoice_id=note.id).settled_at == NOW
    allocate_credit(credit_note_id=note.id, invoice_id=later.id, amount=-note.total, by=world.owner, at=NOW)
    assert InvoiceBalance.objects.get(invoice_id=later.id).allocated == 0
    with pytest.raises(CreditUsedUp):
        allocate_credit(credit_note_id=note.id, invoice_id=later.id, amount=Decimal(-1), by=world.owner, at=NOW)


def test_a_down_payment_is_no_revenue_and_comes_off_the_final_invoice():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_shipped_order(world, [line(coffee, 10)])

    down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=Decimal(30), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip
    assert (down.kind, down.net, down.tax, down.total) == (
        "down_payment", Decimal(300_000), Decimal(33_000), Decimal(333_000),
    )  # fmt: skip
    assert books(world) == {
        "receivable": Decimal(333_000), "advances": Decimal(-300_000), "tax_payable": Decimal(-33_000),
    }  # fmt: skip
    final = issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)

    assert (final.net, final.tax, final.total) == (Decimal(700_000), Decimal(77_000), Decimal(777_000))
    assert books(world) == {
        "receivable": Decimal(1_110_000), "revenue": Decimal(-1_000_000), "tax_payable": Decimal(-110_000),
    }  # fmt: skip
    assert account(final) == (0, Decimal(1_110_000), 0)


def test_a_down_payment_comes_off_partial_invoices_only_once_and_an_amount_holds_its_tax():
    world = make_world()
    coffee = make_product(world, stock=10)
    order = make_shipped_order(world, [line(coffee, 10)])
    order_line = SalesOrderLine.objects.get()
    down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, amount=Decimal(500_000), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip
    assert down.total == Decimal(500_000)

    totals = []
    for quantity in (Decimal(3), Decimal(7)):
        invoice_id = invoice_order(order_id=order.id, quantities={order_line.id: quantity}, by=world.owner, at=NOW)
        totals.append(issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW).total)

    assert totals[0] == 0
    assert sum(totals) + down.total == Decimal(1_110_000)
    assert "advances" not in books(world)


def test_a_down_payment_never_exceeds_the_order():
    world = make_world()
    order = make_confirmed_order(world, [line(make_product(world, stock=10), 10)])

    with pytest.raises(OverInvoicing):
        invoice_down_payment(order_id=order.id, amount=Decimal(1_110_001), by=world.owner, at=NOW)
    invoice_id = invoice_down_payment(order_id=order.id, percent=Decimal(100), by=world.owner, at=NOW)
    with pytest.raises(OverInvoicing):
        invoice_down_payment(order_id=order.id, percent=Decimal(1), by=world.owner, at=NOW)
    discard_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)

    assert SalesOrder.objects.get().exposure == order.total


def test_several_orders_of_a_customer_stand_on_one_invoice_and_are_discarded_together():
    world = make_world()
    customer = make_customer(world)
    coffee = make_product(world, stock=100)
    orders = [make_shipped_order(world, [line(coffee, number)], customer=customer) for number in (3, 5)]
    other = make_shipped_order(world, [line(coffee, 1)])

    with pytest.raises(NotOneInvoice):
        invoice_orders(order_ids=[orders[0].id, other.id], by=world.owner, at=NOW)
    invoice_id = invoice_orders(order_ids=[order.id for order in orders], by=world.owner, at=NOW)

    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.source_numbers) == (Decimal(888_000), ["SO-2026-00001", "SO-2026-00002"])
    assert [one.kind for one in InvoiceLine.objects.order_by("position")] == ["section", "item", "section", "item"]
    discard_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    assert set(SalesOrder.objects.values_list("invoice_progress", flat=True)) == {"none"}
    assert [one.exposure for one in SalesOrder.objects.order_by("number")[:2]] == [one.total for one in orders]
    invoice_id = invoice_orders(order_ids=[order.id for order in orders], by=world.owner, at=NOW)
    assert issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW).total == Decimal(888_000)
    assert JournalEntry.objects.count() == 1


def test_an_invoice_that_is_not_there_is_not_found():
    world = make_world()

    with pytest.raises(NotFound):
        issue_invoice(invoice_id=world.company.id, by=world.owner, at=NOW)
    with pytest.raises(NotFound):
        credit_invoice(invoice_id=world.company.id, reason="x", by=world.owner, at=NOW)
