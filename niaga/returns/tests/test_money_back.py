"""Money back for what came back: out of the payments of its invoice, and never more than came in or was credited."""

from decimal import Decimal
from typing import Any

import pytest

from niaga.core.errors import Forbidden
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.ledger.models import JournalLine
from niaga.ledger.tests.test_api import post
from niaga.payments.errors import NothingToPayOut, RefundTooMuch
from niaga.payments.models import AskedRefund, CreditRefund, Payment, Refund
from niaga.payments.rules.gateways.shape import FAILED, RefundTold
from niaga.payments.services.make_asked_refund import make_asked_refund
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.settle_refund import settle_refund
from niaga.payments.tests.gateways import make_gateway
from niaga.payments.tests.test_asked_refunds import LATER, decide, with_rule
from niaga.payments.tests.test_payment_requests import asked as asked_online
from niaga.payments.tests.test_payment_requests import pay
from niaga.returns.models import Return
from niaga.returns.tests.shop import make_return, make_sold_order, settle, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, log_in, make_payment, make_product, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world() -> World:
    return make_world()


def sold(world: World) -> tuple[SalesOrder, Invoice]:
    """Five for 555,000 with tax."""
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=D(5))])
    return order, Invoice.objects.get(kind="invoice")


def paid(world: World, invoice: Invoice, *amounts: int, **more: Any) -> list[Payment]:
    return [make_payment(world, invoice.customer_id, one, invoices=[(invoice.id, D(one))], **more) for one in amounts]


def inspected(world: World, order: SalesOrder, quantity: int) -> Return:
    return take_in(world, make_return(world, order, quantity))


def moved(role: str) -> Decimal:
    return sum(JournalLine.objects.filter(role=role).values_list("amount", flat=True), D(0))


def test_a_return_goes_back_in_money_the_newest_payment_first(world: World) -> None:
    order, invoice = sold(world)
    first, second = paid(world, invoice, 400_000, 155_000)

    rma = settle(world, inspected(world, order, 2), way="refund")
    note = Invoice.objects.get(kind="credit_note")

    assert (rma.settlement.way, note.total) == ("refund", 222_000)
    assert list(Refund.objects.order_by("number").values_list("payment_id", "amount", "way", "status")) == [
        (second.id, 155_000, "transfer", "done"), (first.id, 67_000, "transfer", "done"),
    ]  # fmt: skip
    assert set(CreditRefund.objects.values_list("credit_note_id", flat=True)) == {note.id}
    assert {row.kind: row.total - row.allocated for row in InvoiceBalance.objects.all()} == {
        "invoice": 0, "credit_note": 0,
    }  # fmt: skip
    assert (moved("receivable"), moved("advances"), moved("bank")) == (0, 0, 333_000)
    assert broken_promises() == []


def test_an_advance_of_the_same_payment_stays_an_advance(world: World) -> None:
    order, invoice = sold(world)
    [payment] = [make_payment(world, invoice.customer_id, 600_000, invoices=[(invoice.id, D(555_000))])]

    settle(world, inspected(world, order, 1), way="refund", refund_way="cash")
    payment.refresh_from_db()

    assert (payment.allocated, Refund.objects.get().way, Refund.objects.get().amount) == (555_000, "cash", 111_000)
    assert (moved("advances"), moved("cash"), moved("receivable")) == (-45_000, -111_000, 0)
    assert broken_promises() == []


def test_what_was_not_paid_settles_the_invoice_and_only_the_rest_goes_back(world: World) -> None:
    order, invoice = sold(world)
    paid(world, invoice, 455_000)

    settle(world, inspected(world, order, 2), way="refund")

    assert Refund.objects.get().amount == 122_000
    assert moved("receivable") == 0
    assert broken_promises() == []


def test_without_money_that_came_in_none_goes_back_and_nothing_is_settled(world: World) -> None:
    order, _invoice = sold(world)
    rma = inspected(world, order, 2)

    with pytest.raises(NothingToPayOut):
        settle(world, rma, way="refund")

    assert Return.objects.get().status == "inspected"
    assert (Invoice.objects.filter(kind="credit_note").count(), Refund.objects.count()) == (0, 0)


def test_a_credit_that_was_kept_is_paid_out_later_and_never_twice(world: World) -> None:
    order, invoice = sold(world)
    paid(world, invoice, 555_000)
    settle(world, inspected(world, order, 2))
    note = Invoice.objects.get(kind="credit_note")
    seller = make_user(world.company, "salesperson")

    with pytest.raises(RefundTooMuch):
        pay_out_credit(credit_note_id=note.id, details=PayOut("Minta uang", amount=D(222_001)), by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        pay_out_credit(credit_note_id=note.id, details=PayOut("Minta uang"), by=seller, at=NOW)
    assert Refund.objects.count() == 0
    pay_out_credit(credit_note_id=note.id, details=PayOut("Minta uang", amount=D(200_000)), by=world.owner, at=NOW)
    [rest] = pay_out_credit(credit_note_id=note.id, details=PayOut("Sisanya", way="cash"), by=world.owner, at=NOW)

    assert rest.amount == 22_000
    with pytest.raises(NothingToPayOut):
        pay_out_credit(credit_note_id=note.id, details=PayOut("Lagi"), by=world.owner, at=NOW)
    assert broken_promises() == []


def test_pages_and_api_pay_out(world: World) -> None:
    order, invoice = sold(world)
    paid(world, invoice, 555_000)
    rma = inspected(world, order, 2)
    client = log_in(world.owner)
    client.post(f"/returns/{rma.id}/settlement", {"way": "credit"})
    note = Invoice.objects.get(kind="credit_note")
    address = f"/credit-notes/{note.id}/refund"

    assert address in client.get(f"/invoices/{note.id}").content.decode()
    assert "222.000" in client.get(address).content.decode()
    made = client.post(address, {"amount": "22000", "way": "original", "reason": "Minta uang"})
    by_api = post(world.owner, f"credit-notes/{note.id}/refunds", {"reason": "Sisanya"})

    assert made.status_code == 303
    assert (by_api.status_code, [one["amount"] for one in by_api.json()]) == (201, ["200000"])
    assert (
        Refund.objects.order_by("number").latest("number").number in client.get(f"/returns/{rma.id}").content.decode()
    )
    assert "222.000" not in client.get(address).content.decode()


def test_money_back_above_a_limit_waits_for_a_yes_while_the_return_is_settled(world: World) -> None:
    order, invoice = sold(world)
    paid(world, invoice, 400_000, 155_000)
    boss = with_rule(world, 200_000)

    rma = settle(world, inspected(world, order, 2), way="refund")
    note = Invoice.objects.get(kind="credit_note")
    asked = AskedRefund.objects.get()
    page = log_in(world.owner).get(f"/returns/{rma.id}").content.decode()

    assert (rma.status, asked.credit_note_id, asked.amount, Refund.objects.count()) == ("settled", note.id, 222_000, 0)
    assert f"/approvals/{asked.request_id}" in page
    decide(asked, boss)
    made = make_asked_refund(request_id=asked.request_id, at=LATER)
    asked.refresh_from_db()
    assert ([one.amount for one in made], asked.refund_ids) == ([155_000, 67_000], [one.id for one in made])
    assert (moved("receivable"), moved("bank")) == (0, 333_000)
    assert broken_promises() == []


def test_what_came_through_a_gateway_is_asked_for_there_and_stays_credit_when_refused(world: World) -> None:
    order, invoice = sold(world)
    make_gateway(world)
    pay(asked_online(world, invoice))

    settle(world, inspected(world, order, 1), way="refund")
    refund = Refund.objects.get()
    settle_refund(refund_id=refund.id, told=RefundTold(str(refund.id), FAILED), at=NOW)

    refund.refresh_from_db()
    payment = Payment.objects.get()
    assert (refund.way, refund.amount, refund.status) == ("gateway", 111_000, "failed")
    assert (payment.amount - payment.allocated, moved("advances"), moved("receivable")) == (111_000, -111_000, 0)
    assert broken_promises() == []
