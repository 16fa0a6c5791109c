"""Several workers with one gateway's word, and several people with one refund: money counts once."""

import os
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.payments.models import Payment, PaymentRequest, Refund
from niaga.payments.rules.gateways.shape import Told
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.settle_payment_request import settle_payment_request
from niaga.payments.tests.gateways import make_gateway
from niaga.payments.tests.test_payment_requests import billed, open_of
from tests.makers import NOW, make_world

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
