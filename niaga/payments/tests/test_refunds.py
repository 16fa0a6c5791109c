"""Money back to a customer: never more than came in, booked once, and settled by the gateway's word."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.ledger.models import JournalLine
from niaga.payments.errors import NotRefundableThere, ReasonMissing, RefundTooMuch
from niaga.payments.models import Payment, PaymentRequest, Refund, SandboxCharge
from niaga.payments.queries.waiting import due_refund_ask_ids
from niaga.payments.rules.gateways.shape import FAILED, RefundTold
from niaga.payments.services.ask_refund import ask_refund
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.send_refund import send_refund
from niaga.payments.services.settle_lost_requests import settle_lost_requests
from niaga.payments.services.settle_refund import settle_refund
from niaga.payments.services.settle_refund_by_hand import settle_refund_by_hand
from niaga.payments.tests.gateways import make_gateway, without_a_net
from niaga.payments.tests.test_payment_requests import asked, billed, open_of, pay
from tests.makers import NOW, World, log_in, make_payment, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def invoice(world: World) -> Invoice:
    return billed(world)


def paid_by_transfer(world: World, invoice: Invoice, more: int = 0) -> Payment:
    return make_payment(world, invoice.customer_id, invoice.total + more, invoices=[(invoice.id, None)])


def paid_online(world: World, invoice: Invoice) -> Payment:
    make_gateway(world)
    pay(asked(world, invoice))
    return Payment.objects.get()


def give_back(
    world: World, payment: Payment, amount: Decimal | int | None, way: str = "transfer", **more: Any
) -> Refund:
    details = RefundDetails(way=way, reason=more.pop("reason", "Salah kirim"), amount=amount and D(amount), **more)
    return refund_payment(payment_id=payment.id, details=details, by=more.get("by", world.owner), at=NOW)


def books() -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for role, amount in JournalLine.objects.values_list("role", "amount"):
        found[role] = found.get(role, D(0)) + amount
    return {role: found.get(role, D(0)) for role in ("receivable", "advances", "bank", "gateway_clearing", "cash")}


def test_a_part_goes_back_out_of_the_advance_first(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice, more=5000)

    refund = give_back(world, payment, 3000, reference="TRX-1")

    payment.refresh_from_db()
    assert (refund.number, refund.status, refund.amount) == ("RF-2026-00001", "done", D(3000))
    assert (payment.allocated, open_of(invoice)) == (invoice.total + 3000, D(0))
    assert books() == {
        "receivable": D(0), "advances": D(-2000), "bank": invoice.total + 2000, "gateway_clearing": D(0), "cash": D(0),
    }  # fmt: skip
    assert broken_promises() == []


def test_what_settled_an_invoice_is_owed_again_when_it_goes_back(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice, more=5000)

    give_back(world, payment, 15_000, way="cash")

    payment.refresh_from_db()
    assert open_of(invoice) == 10_000
    assert payment.allocated == payment.amount
    assert books() == {
        "receivable": D(10_000), "advances": D(0), "bank": invoice.total + 5000, "gateway_clearing": D(0),
        "cash": D(-15_000),
    }  # fmt: skip
    give_back(world, payment, None)
    assert (open_of(invoice), Refund.objects.latest("id").amount) == (invoice.total, invoice.total - 10_000)
    assert broken_promises() == []


def test_never_more_goes_back_than_is_left(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice)
    give_back(world, payment, 1000)

    for amount, refusal in ((invoice.total - 999, RefundTooMuch), (0, Invalid), (D("0.5"), Invalid), (-5, Invalid)):
        with pytest.raises(refusal):
            give_back(world, payment, D(amount) or D(0))
    with pytest.raises(IntegrityError, match="never_overspent"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(allocated=payment.amount + 1)

    assert Refund.objects.count() == 1


def test_a_refund_that_may_not_be_leaves_everything_as_it_was(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice)
    cashier = make_user(world.company, "cashier")
    before = books()

    with pytest.raises(Forbidden):
        refund_payment(payment_id=payment.id, details=RefundDetails("cash", "x", D(1)), by=cashier, at=NOW)
    with pytest.raises(ReasonMissing):
        give_back(world, payment, 1000, reason="  ")
    with pytest.raises(NotRefundableThere):
        give_back(world, payment, 1000, way="gateway")

    assert (Refund.objects.count(), books(), open_of(invoice)) == (0, before, 0)


def test_a_payment_that_was_refunded_in_part_cannot_be_reversed(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice)
    give_back(world, payment, 1000)

    with pytest.raises(WrongState):
        reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=NOW)

    payment.refresh_from_db()
    assert (payment.status, payment.allocated) == ("recorded", invoice.total)


def test_through_the_gateway_it_goes_back_once(world: World, invoice: Invoice) -> None:
    payment = paid_online(world, invoice)
    refund = give_back(world, payment, 1000, way="gateway")
    assert refund.status == "queued"

    with without_a_net() as called:
        assert send_refund(refund_id=refund.id, clock=lambda: NOW) == "done"
        assert send_refund(refund_id=refund.id, clock=lambda: NOW) == ""

    assert len(called) == 1
    assert SandboxCharge.objects.get().refunds == {str(refund.id): "1000"}
    assert books()["gateway_clearing"] == invoice.total - 1000
    assert (open_of(invoice), broken_promises()) == (1000, [])


def test_one_that_the_gateway_refuses_is_the_customers_advance_again(world: World, invoice: Invoice) -> None:
    payment = paid_online(world, invoice)
    refund = give_back(world, payment, 1000, way="gateway")
    SandboxCharge.objects.update(state="expired")

    with without_a_net():
        assert send_refund(refund_id=refund.id, clock=lambda: NOW) == "failed"
    assert settle_refund(refund_id=refund.id, told=RefundTold(str(refund.id), FAILED), at=NOW) == "failed"

    payment.refresh_from_db()
    assert payment.amount - payment.allocated == 1000
    assert (books()["gateway_clearing"], books()["advances"]) == (invoice.total, D(-1000))
    assert broken_promises() == []


def test_one_that_died_on_the_way_is_asked_for_and_never_sent_again(world: World, invoice: Invoice) -> None:
    payment = paid_online(world, invoice)
    refund = give_back(world, payment, 1000, way="gateway")
    with without_a_net():
        send_refund(refund_id=refund.id, clock=lambda: NOW)
    Refund.objects.update(status="sending", started_at=NOW)  # as a worker leaves it that dies before the answer
    late = NOW + timedelta(minutes=4)

    settle_lost_requests(at=late)
    assert due_refund_ask_ids(at=late) == [refund.id]
    with without_a_net() as called:
        assert send_refund(refund_id=refund.id, clock=lambda: late) == ""
        assert ask_refund(refund_id=refund.id, clock=lambda: late) == "done"

    assert [method for method, _path in called] == ["GET"]


def test_a_person_says_what_became_of_an_uncertain_one(world: World, invoice: Invoice) -> None:
    payment = paid_online(world, invoice)
    refund = give_back(world, payment, 1000, way="gateway")
    shared = {"refund_id": refund.id, "went_back": True, "by": world.owner, "at": NOW}
    with pytest.raises(WrongState):
        settle_refund_by_hand(note="Dilihat", **shared)
    Refund.objects.update(status="uncertain")
    with pytest.raises(ReasonMissing):
        settle_refund_by_hand(note=" ", **shared)

    assert settle_refund_by_hand(note="Dilihat di dasbor", **shared) == "done"

    assert InvoiceBalance.objects.get(invoice_id=invoice.id).allocated == invoice.total - 1000
    assert PaymentRequest.objects.get().status == "paid"


def test_a_refund_stands_on_the_customers_statement(world: World, invoice: Invoice) -> None:
    payment = paid_by_transfer(world, invoice)
    give_back(world, payment, 1000)

    page = log_in(world.owner).get(
        f"/customers/{invoice.customer_id}/statement?since=2026-11-01&until=2026-11-30&currency=IDR"
    )

    assert page.status_code == 200
    assert "RF-2026-00001" in page.content.decode()
