"""Several workers with one gateway's word, and several people with one refund: money counts once."""

import os
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.payments.models import Payment, PaymentRequest, Refund
from niaga.payments.rules.gateways.shape import Told
from niaga.payments.services.ask_for_refund import ask_for_pay_out
from niaga.payments.services.make_asked_refund import make_asked_refund
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.settle_payment_request import settle_payment_request
from niaga.payments.tests.gateways import make_gateway
from niaga.payments.tests.test_asked_refunds import decide, with_rule
from niaga.payments.tests.test_payment_requests import billed, open_of
from niaga.sales.services.credit_invoice import credit_invoice
from tests.makers import NOW, make_payment, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def at_once(deed: Callable[[], object], count: int = 4) -> None:
    """The deed in so many processes; one that is refused ends quietly."""
    connections.close_all()
    started = []
    for _turn in range(count):
        pid = os.fork()
        if pid:
            started.append(pid)
            continue
        try:
            deed()
        except Refusal:
            pass
        finally:
            os._exit(0)
    for pid in started:
        os.waitpid(pid, 0)


def test_what_is_told_to_four_workers_at_once_is_paid_once_and_given_back_once() -> None:
    world = make_world()
    account = make_gateway(world)
    invoice = billed(world)
    request = request_payment(invoice_id=invoice.id, method="link", by=world.owner, at=NOW)
    told = Told(str(request.id), "paid", "x", invoice.total)

    at_once(lambda: settle_payment_request(request_id=request.id, told=told, account_id=account.id, at=now()))

    payment = Payment.objects.get()
    assert PaymentRequest.objects.get().payment_id == payment.id
    assert (payment.amount, open_of(invoice)) == (invoice.total, 0)

    most = invoice.total - Decimal(1000)
    details = RefundDetails("cash", "Salah kirim", most)
    at_once(lambda: refund_payment(payment_id=payment.id, details=details, by=world.owner, at=now()))

    payment.refresh_from_db()
    assert (Refund.objects.get().amount, payment.allocated) == (most, invoice.total)
    assert open_of(invoice) == most


def test_what_a_credit_note_left_is_paid_out_once_whoever_is_first_a_click_or_the_last_yes() -> None:
    world = make_world()
    invoice = billed(world)
    payment = make_payment(world, invoice.customer_id, invoice.total, invoices=[(invoice.id, None)])
    draft_id = credit_invoice(invoice_id=invoice.id, reason="Salah kirim", by=world.owner, at=NOW)
    note = issue_invoice(invoice_id=draft_id, by=world.owner, at=NOW)
    boss = with_rule(world, int(invoice.total) - 1)
    asked = ask_for_pay_out(credit_note_id=note.id, details=PayOut("Salah kirim"), by=world.owner, at=NOW)
    decide(asked, boss)

    def either() -> None:
        make_asked_refund(request_id=asked.request_id, at=now())
        pay_out_credit(credit_note_id=note.id, details=PayOut("Lagi", amount=Decimal(1000)), by=world.owner, at=now())

    at_once(either)

    refund = Refund.objects.get()
    asked.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.amount, asked.refund_ids, payment.allocated) == (invoice.total, [refund.id], invoice.total)
    assert open_of(invoice) == 0
