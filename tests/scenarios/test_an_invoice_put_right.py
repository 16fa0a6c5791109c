"""A wrong invoice is put right in one step: the buyer was told the wrong price, and the tax office has the invoice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.documents.services.store_file import store_file
from niaga.invoicing.errors import FilingUnsure, NothingPutRight, PartlyCredited, PutRightAlready, ReasonMissing
from niaga.invoicing.models import Correction, Invoice, InvoiceBalance, InvoiceLine, TaxFile, TaxFiling
from niaga.invoicing.services.cancel_filing import cancel_filing
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials
from niaga.invoicing.services.send_correction import send_correction
from niaga.ledger.models import JournalLine
from niaga.messaging.models import Email, EmailFile
from niaga.messaging.services.queue_email import NotAnAddress
from niaga.organization.access import SYSTEM
from niaga.parties.models import CreditAccount
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.update_customer import update_customer
from niaga.payments.models import Payment
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.put_invoice_right import PutRight, RightDetails, put_invoice_right
from niaga.stock.models import StockMove
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_issued_invoice,
    make_payment,
    make_product,
    make_world,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def put_right(world: World, invoice: Invoice, **details: object) -> PutRight:
    told = RightDetails(**{"reason": "Harga salah", **details})
    return put_invoice_right(invoice_id=invoice.id, details=told, by=world.owner, at=LATER)


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id).values_list("role").annotate(Sum("amount"))
    return {role: amount for role, amount in rows if amount}


def billed(world: World, **details: object) -> Invoice:
    product = make_product(world, stock=10)
    line = LineInput(product_id=product.id, quantity=Decimal(10))
    return make_issued_invoice(world, [line], **details)


def test_a_wrong_price_is_put_right_and_everything_else_stays() -> None:
    world = make_world()
    invoice = billed(world)
    line = InvoiceLine.objects.get(invoice=invoice)
    make_payment(world, invoice.customer_id, 500_000)
    moves = StockMove.objects.count()

    done = put_right(world, invoice, lines={line.id: RightLine(unit_price=Decimal(90_000))})

    old, note, new = (Invoice.objects.get(pk=key) for key in (invoice.id, done.credit_note_id, done.replacement_id))
    assert (invoice.total, note.total, new.total) == (Decimal(1_110_000), Decimal(1_110_000), Decimal(999_000))
    assert (new.net, new.tax, note.credits_id, new.due_date) == (
        Decimal(900_000), Decimal(99_000), invoice.id, old.due_date,
    )  # fmt: skip
    assert (done.settled, done.left_over) == (Decimal(500_000), Decimal(0))
    open_now = dict(InvoiceBalance.objects.values_list("invoice_id", "allocated"))
    assert open_now == {old.id: 1_110_000, note.id: 1_110_000, new.id: 500_000}
    order = SalesOrder.objects.get()
    assert SalesOrderLine.objects.get(product_id__isnull=False).invoiced == 10
    assert (order.invoice_progress, order.exposure) == ("done", 0)
    assert StockMove.objects.count() == moves
    account = CreditAccount.objects.get(customer_id=invoice.customer_id)
    assert (account.orders, account.invoices, account.advances) == (0, 499_000, 0)
    kept = books(world)
    assert (kept["receivable"], kept["revenue"], kept["tax_payable"], kept["bank"]) == (
        499_000, -900_000, -99_000, 500_000,
    )  # fmt: skip
    assert kept.get("advances") is None
    assert sum(kept.values()) == 0


def filed(world: World, **facts: object) -> Invoice:
    """An invoice that the tax office has: it went out in a file, and came back with its serial."""
    customer = create_customer(
        company_id=world.company.id, name="PT Sumber Rejeki", tax_id="0098765432101000", tax_id_kind="npwp",
        by=SYSTEM, at=NOW, **facts,
    )  # fmt: skip
    invoice = billed(world, customer=customer)
    told = TaxSerialTold(invoice.number or "", "04002600000000101")
    record_tax_serials(company_id=world.company.id, told=[told], by=world.owner, at=NOW)
    return invoice


def states(*invoices: object) -> list[str]:
    found = dict(TaxFiling.objects.values_list("invoice_id", "status"))
    return [found.get(one, "open") for one in invoices]  # type: ignore[call-overload]


def test_a_wrong_invoice_is_put_right_after_the_tax_file_went_out() -> None:
    world = make_world()
    invoice = filed(world)
    line = InvoiceLine.objects.get(invoice=invoice)

    done = put_right(world, invoice, lines={line.id: RightLine(quantity=Decimal(9))})

    new = Invoice.objects.get(pk=done.replacement_id)
    assert (new.net, new.tax, new.total) == (Decimal(900_000), Decimal(99_000), Decimal(999_000))
    assert states(invoice.id, new.id) == ["replaced", "open"]
    assert Correction.objects.get().tax_path == "replace"
    assert SalesOrderLine.objects.get(product_id__isnull=False).invoiced == 9
    with pytest.raises(Refusal) as fault:
        make_tax_file(company_id=world.company.id, invoice_ids=[new.id], by=world.owner, at=LATER)
    assert [one["about"] for one in fault.value.lines if one["code"] == "replaces"] == ["04.00.26.00000000101"]
    for serial in ("04002600000000101", "04012600000000999"):
        with pytest.raises(Refusal):
            record_tax_serials(
                company_id=world.company.id, told=[TaxSerialTold(new.number or "", serial)], by=world.owner, at=LATER
            )
    told = TaxSerialTold(new.number or "", "04012600000000101")
    record_tax_serials(company_id=world.company.id, told=[told], by=world.owner, at=LATER)
    assert states(invoice.id, new.id) == ["replaced", "filed"]


def test_for_another_buyer_what_was_filed_is_to_be_cancelled() -> None:
    world = make_world()
    invoice = filed(world)
    update_customer(customer_id=invoice.customer_id, tax_id="0011122233344000", by=SYSTEM, at=NOW)

    done = put_right(world, invoice, buyer="customer")

    new = Invoice.objects.get(pk=done.replacement_id)
    assert (new.party["tax_id"], new.total) == ("0011122233344000", invoice.total)
    assert states(invoice.id, new.id) == ["to_cancel", "open"]
    cancel_filing(invoice_id=invoice.id, reason="Pembeli salah", by=world.owner, at=LATER)
    assert states(invoice.id) == ["cancelled"]


def test_what_was_never_filed_is_left_out_and_what_is_in_a_file_waits() -> None:
    world = make_world(npwp="0123456789012345")
    invoice = billed(world)
    line = InvoiceLine.objects.get(invoice=invoice)
    TaxFiling.objects.create(invoice=invoice, company=world.company, status="open", updated_at=NOW)

    done = put_right(world, invoice, lines={line.id: RightLine(description="Kopi arabika 1 kg")})

    assert states(invoice.id, done.replacement_id) == ["left_out", "open"]
    new_line = InvoiceLine.objects.get(invoice_id=done.replacement_id)
    assert (new_line.description, new_line.net, new_line.tax) == ("Kopi arabika 1 kg", line.net, line.tax)


def test_a_replacement_that_was_not_filed_yet_hands_on_what_it_replaces() -> None:
    world = make_world()
    invoice = filed(world)
    line = InvoiceLine.objects.get(invoice=invoice)
    first = put_right(world, invoice, lines={line.id: RightLine(quantity=Decimal(9))})
    second_line = InvoiceLine.objects.get(invoice_id=first.replacement_id)

    again = put_right(
        world, Invoice.objects.get(pk=first.replacement_id), lines={second_line.id: RightLine(quantity=Decimal(8))}
    )

    assert states(invoice.id, first.replacement_id, again.replacement_id) == ["replaced", "left_out", "open"]
    assert TaxFiling.objects.get(invoice_id=again.replacement_id).replaces.invoice_id == invoice.id


def test_what_was_paid_down_and_too_much_goes_along() -> None:
    world = make_world()
    product = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    shared = {"by": world.owner, "at": NOW}
    ahead = issue_invoice(invoice_id=invoice_down_payment(order_id=order.id, percent=Decimal(30), **shared), **shared)
    make_payment(world, order.customer_id, 333_000, invoices=[(ahead.id, None)])
    draft = invoice_order(order_id=order.id, basis="ordered", **shared)
    invoice = issue_invoice(invoice_id=draft, **shared)
    make_payment(world, order.customer_id, 777_000, invoices=[(invoice.id, None)])
    line = InvoiceLine.objects.get(invoice=invoice, product_id__isnull=False)

    done = put_right(world, invoice, lines={line.id: RightLine(unit_price=Decimal(80_000))})

    new = Invoice.objects.get(pk=done.replacement_id)
    assert (invoice.total, new.total, new.advance_net) == (Decimal(777_000), Decimal(555_000), Decimal(300_000))
    assert (done.settled, done.left_over) == (Decimal(555_000), Decimal(222_000))
    kept = books(world)
    assert (kept["revenue"], kept["tax_payable"], kept["advances"]) == (-800_000, -88_000, -222_000)
    assert kept.get("receivable") is None


def test_what_cannot_be_put_right_is_refused_and_nothing_changes() -> None:
    world = make_world()
    invoice, other = billed(world), billed(world)
    line = InvoiceLine.objects.get(invoice=invoice)
    credit_invoice(
        invoice_id=other.id, reason="Retur", by=world.owner, at=NOW,
        quantities={InvoiceLine.objects.get(invoice=other).id: Decimal(1)},
    )  # fmt: skip
    before = (Invoice.objects.count(), JournalLine.objects.count(), Payment.objects.count())

    wrong = {line.id: RightLine(quantity=Decimal(9))}
    refusals = [
        (other, PartlyCredited, {"lines": {}}),
        (invoice, NothingPutRight, {"lines": {line.id: RightLine(quantity=Decimal(10))}}),
        (invoice, ReasonMissing, {"lines": wrong, "reason": " "}),
        (invoice, OverInvoicing, {"lines": {line.id: RightLine(quantity=Decimal(11))}}),
        (invoice, Invalid, {"lines": {line.id: RightLine(quantity=Decimal(0))}}),
        (invoice, Invalid, {"lines": {line.id: RightLine(unit_price=Decimal(-1))}}),
        (invoice, NotFound, {"lines": {other.id: RightLine(quantity=Decimal(1))}}),
        (invoice, NotAnAddress, {"lines": wrong, "mail_to": ["nobody"]}),
    ]
    for subject, refusal, details in refusals:
        with pytest.raises(refusal), transaction.atomic():
            put_right(world, subject, **details)
    TaxFiling.objects.create(
        invoice=invoice, company=world.company, status="exported", updated_at=NOW,
        file=make_file(world),
    )  # fmt: skip
    with pytest.raises(FilingUnsure), transaction.atomic():
        put_right(world, invoice, lines=wrong)
    assert (Invoice.objects.count(), JournalLine.objects.count(), Payment.objects.count()) == before


def make_file(world: World) -> TaxFile:
    return TaxFile.objects.create(
        company=world.company, name="coretax.xml", invoice_count=1, net=0, tax=0, created_at=NOW,
        file=store_file(content=b"<x/>", at=NOW),
    )  # fmt: skip


def test_both_papers_go_to_the_customer_in_one_mail_once() -> None:
    world = make_world()
    invoice = billed(world)
    line = InvoiceLine.objects.get(invoice=invoice)

    done = put_right(
        world, invoice, lines={line.id: RightLine(discount_percent=Decimal(10))}, mail_to=["sari@example.com"]
    )
    sent = send_correction(correction_id=done.correction_id, by=SYSTEM, at=LATER)
    again = send_correction(correction_id=done.correction_id, by=SYSTEM, at=LATER)

    mail = Email.objects.get()
    assert (mail.pk, again) == (sent, None)
    numbers = Invoice.objects.filter(pk__in=[done.credit_note_id, done.replacement_id]).values_list("number", flat=True)
    assert EmailFile.objects.filter(email=mail).count() == 2
    assert all(number in mail.text for number in numbers)
    with pytest.raises(PutRightAlready):
        put_right(world, invoice, lines={line.id: RightLine(quantity=Decimal(9))})
