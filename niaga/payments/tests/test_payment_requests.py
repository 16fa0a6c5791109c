"""A customer pays through a gateway: recorded once, whatever the gateway does."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import Client

from niaga.core import clock
from niaga.core.errors import Forbidden, Invalid
from niaga.core.models import IncomingCall
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.ledger.models import JournalLine
from niaga.messaging.models import Notice
from niaga.organization.access import SYSTEM
from niaga.payments.errors import BadQrisText, GatewayMissing, MethodNotOffered, NothingToPay
from niaga.payments.models import GatewayAccount, GatewayPayout, Payment, PaymentRequest, RefusedCall, SandboxCharge
from niaga.payments.queries.qris import qris_for
from niaga.payments.queries.waiting import due_ask_ids
from niaga.payments.rules.qris import SANDBOX
from niaga.payments.services.ask_payment_request import ask_payment_request
from niaga.payments.services.pay_sandbox_charge import pay_sandbox_charge
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.set_qris import set_qris
from niaga.payments.services.settle_lost_requests import settle_lost_requests
from niaga.payments.services.tell_of_sandbox import tell_of_sandbox
from niaga.payments.tests.gateways import handle_all, knock, make_gateway, status_of, without_a_net
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, log_in, make_issued_invoice, make_payment, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def billed(world: World) -> Invoice:
    product = make_product(world, stock=10)
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(2))])


def asked(world: World, invoice: Invoice, method: str = "link", bank: str = "") -> PaymentRequest:
    """A request that stands at the sandbox."""
    request = request_payment(invoice_id=invoice.id, method=method, bank=bank, by=world.owner, at=NOW)
    with without_a_net():
        send_payment_request(request_id=request.id, clock=lambda: NOW)
    return PaymentRequest.objects.get(pk=request.id)


def pay(request: PaymentRequest, behaviour: str = "pay") -> list[int]:
    """The customer pays at the sandbox, which tells it in the way that was chosen; the worker handles the calls."""
    charge = SandboxCharge.objects.get(key=str(request.pk))
    pay_sandbox_charge(charge_id=charge.id, behaviour=behaviour, at=NOW)
    with without_a_net():
        statuses = tell_of_sandbox(charge_id=charge.id, behaviour=behaviour)
    handle_all()
    return statuses


def open_of(invoice: Invoice) -> Decimal:
    balance = InvoiceBalance.objects.get(invoice_id=invoice.id)
    return balance.total - balance.allocated


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_paid_link_pays_the_invoice_and_books_the_fee(world: World) -> None:
    make_gateway(world, fee_percent=D("0.7"), fee_fixed=D(1000))
    invoice = billed(world)
    request = asked(world, invoice)
    assert (request.status, request.url.split("/sandbox")[1][:5]) == ("pending", "/pay/")

    assert pay(request) == [200]

    request.refresh_from_db()
    payment = Payment.objects.get()
    assert (request.status, request.payment_id, request.paid_amount) == ("paid", payment.id, invoice.total)
    assert (payment.method, payment.amount, payment.allocated) == ("gateway", invoice.total, invoice.total)
    assert open_of(invoice) == 0
    fee = (invoice.total * D("0.007") + 1000).quantize(D(1))
    lines = {line.role: line.amount for line in JournalLine.objects.filter(entry__source_id=payment.id)
             if line.role != "gateway_clearing"}  # fmt: skip
    assert lines == {"receivable": -invoice.total, "gateway_fees": fee}
    assert sum(JournalLine.objects.filter(role="gateway_clearing").values_list("amount", flat=True)) == (
        invoice.total - fee
    )
    assert Notice.objects.filter(user_id=world.owner.id, subject_kind="payment_request").count() == 1


@pytest.mark.parametrize("behaviour", ["pay_told_twice", "pay_out_of_order"])
def test_what_is_told_twice_or_in_the_wrong_order_is_paid_once(world: World, behaviour: str) -> None:
    make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice, "va", "BCA")
    assert request.account_number.startswith("8808")

    statuses = pay(request, behaviour)

    assert set(statuses) == {200}
    assert (status_of(request), Payment.objects.count(), open_of(invoice)) == ("paid", 1, 0)


def test_a_wrong_signature_is_kept_apart_and_pays_nothing(world: World) -> None:
    account = make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice)

    assert pay(request, "pay_wrongly_signed") == [403]

    assert (status_of(request), Payment.objects.count()) == ("pending", 0)
    assert open_of(invoice) == invoice.total
    assert not IncomingCall.objects.exists()
    assert str(request.pk) in RefusedCall.objects.get(account=account).body


def test_only_the_newest_calls_that_prove_nothing_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("niaga.payments.services.receive_gateway_call.KEPT", 3)
    account = make_gateway(world)

    assert {knock(account, f"{{{turn}".encode()) for turn in range(5)} == {403}

    assert set(RefusedCall.objects.values_list("body", flat=True)) == {"{2", "{3", "{4"}
    assert knock(GatewayAccount(hook_path="unknown"), b"{}") == 403


def test_what_is_never_told_is_asked_for(world: World) -> None:
    make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice)
    assert pay(request, "pay_never_told") == []
    assert due_ask_ids(at=NOW) == []
    assert due_ask_ids(at=NOW + timedelta(minutes=1)) == [request.pk]

    with without_a_net() as called:
        ask_payment_request(request_id=request.pk, clock=lambda: NOW)
        ask_payment_request(request_id=request.pk, clock=lambda: NOW)

    assert called == [("GET", f"/sandbox/charges/{request.pk}")]
    assert (status_of(request), Payment.objects.count(), open_of(invoice)) == ("paid", 1, 0)


@pytest.mark.parametrize(("behaviour", "more"), [("pay_less", -1000), ("pay_more", 1000)])
def test_another_amount_is_recorded_as_it_came_and_people_are_told(world: World, behaviour: str, more: int) -> None:
    make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice)

    pay(request, behaviour)

    payment = Payment.objects.get()
    assert payment.amount == invoice.total + more
    assert open_of(invoice) == max(-more, 0)
    assert payment.amount - payment.allocated == max(more, 0)
    assert "which is not what was asked for" in Notice.objects.latest("at").text


def test_a_second_payment_of_the_same_invoice_is_an_advance_and_somebody_is_told(world: World) -> None:
    make_gateway(world)
    invoice = billed(world)
    link, account = asked(world, invoice), asked(world, invoice, "va", "BCA")
    pay(link)

    pay(account)

    assert (status_of(link), status_of(account)) == ("paid", "paid")
    first, second = Payment.objects.order_by("number")
    assert (first.allocated, second.allocated, second.amount) == (invoice.total, D(0), invoice.total)
    assert "advance" in Notice.objects.order_by("-id").first().text  # type: ignore[union-attr]


def test_money_that_comes_after_the_request_expired_counts(world: World) -> None:
    account = make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice)
    pay(request, "expire")
    assert status_of(request) == "expired"
    SandboxCharge.objects.update(state="paid", paid_amount=invoice.total)

    with without_a_net():
        tell_of_sandbox(charge_id=SandboxCharge.objects.get(account=account).id, behaviour="pay")
    handle_all()

    assert (status_of(request), open_of(invoice)) == ("paid", 0)


def test_the_same_way_for_the_same_amount_is_given_again_and_another_amount_makes_it_anew(world: World) -> None:
    make_gateway(world)
    invoice = billed(world)
    first = asked(world, invoice)

    assert asked(world, invoice).pk == first.pk
    make_payment(world, invoice.customer_id, 1000, invoices=[(invoice.id, None)])
    anew = asked(world, invoice)

    assert (anew.pk == first.pk, anew.amount) == (False, invoice.total - 1000)


def test_what_died_on_the_way_is_uncertain_and_settled_by_asking_never_by_sending(world: World) -> None:
    make_gateway(world)
    invoice = billed(world)
    request = asked(world, invoice)
    PaymentRequest.objects.filter(pk=request.pk).update(
        status="sending", started_at=NOW, provider_id="", url="", next_ask_at=None
    )  # as a worker leaves it that dies before it notes the answer

    late = NOW + timedelta(minutes=4)
    assert settle_lost_requests(at=late) == 1
    assert status_of(request) == "uncertain"
    with without_a_net() as called:
        assert send_payment_request(request_id=request.pk, clock=lambda: late) == ""
        ask_payment_request(request_id=request.pk, clock=lambda: late)

    request.refresh_from_db()
    assert [method for method, _path in called] == ["GET"]
    assert (request.status, bool(request.url)) == ("pending", True)
    assert SandboxCharge.objects.count() == 1


def test_nothing_is_asked_for_what_cannot_be_paid_this_way(world: World) -> None:
    invoice = billed(world)
    with pytest.raises(GatewayMissing):
        request_payment(invoice_id=invoice.id, method="link", by=world.owner, at=NOW)
    make_gateway(world, methods=["link", "va"])
    with pytest.raises(MethodNotOffered):
        request_payment(invoice_id=invoice.id, method="qris", by=world.owner, at=NOW)
    with pytest.raises(MethodNotOffered):
        request_payment(invoice_id=invoice.id, method="va", bank="NOWHERE", by=world.owner, at=NOW)
    make_payment(world, invoice.customer_id, invoice.total, invoices=[(invoice.id, None)])
    with pytest.raises(NothingToPay):
        request_payment(invoice_id=invoice.id, method="link", by=SYSTEM, at=NOW)

    assert not PaymentRequest.objects.exists()


def test_a_payout_moves_what_the_gateway_held_to_the_bank(world: World) -> None:
    account = make_gateway(world, fee_fixed=D(1000))
    invoice = billed(world)
    pay(asked(world, invoice))
    held = invoice.total - 1000

    record_payout(account_id=account.id, details=PayoutDetails(held - 500, D(500)), by=world.owner, at=NOW)

    def booked(role: str) -> Decimal:
        return sum(JournalLine.objects.filter(role=role).values_list("amount", flat=True), D(0))

    assert (booked("gateway_clearing"), booked("bank"), booked("gateway_fees")) == (0, held - 500, 1500)
    cashier = make_user(world.company, "cashier")
    with pytest.raises(Forbidden):
        record_payout(account_id=account.id, details=PayoutDetails(D(5)), by=cashier, at=NOW)
    with pytest.raises(Invalid):
        record_payout(account_id=account.id, details=PayoutDetails(D(0)), by=world.owner, at=NOW)
    assert GatewayPayout.objects.count() == 1


def test_a_shown_qris_code_never_marks_anything_paid(world: World) -> None:
    invoice = billed(world)
    set_qris(company_id=world.company.id, text=SANDBOX, by=world.owner, at=NOW)
    path = urlsplit(share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW)).path

    page = Client().get(path).content.decode()
    assert log_in(world.owner).get(f"/payment-requests/new?invoice={invoice.id}").status_code == 200

    assert 'class="qr"' in page
    assert (open_of(invoice), Payment.objects.count()) == (invoice.total, 0)
    code = qris_for(company_id=world.company.id, currency="IDR", amount=open_of(invoice))
    assert code is not None
    assert (code.value("01"), code.value("54")) == ("12", str(int(invoice.total)))
    with pytest.raises(BadQrisText):
        set_qris(company_id=world.company.id, text=SANDBOX[:-1] + "0", by=world.owner, at=NOW)


def test_the_customer_pays_on_the_page_of_the_invoice_and_sees_it(world: World) -> None:
    make_gateway(world)
    invoice = billed(world)
    path = urlsplit(share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW)).path
    customer = Client(headers={"HX-Request": "true"})

    panel = customer.post(f"{path}/pay", {"method": "link"}).content.decode()
    request = PaymentRequest.objects.get()
    assert f'hx-get="{path}/pay/{request.pk}" hx-trigger="every 1s"' in panel
    with without_a_net():
        send_payment_request(request_id=request.pk, clock=clock.now)
    assert "/sandbox/pay/" in customer.get(f"{path}/pay/{request.pk}").content.decode()
    pay(request)

    assert customer.get(f"{path}/pay/{request.pk}").headers["HX-Refresh"] == "true"
    assert (request.by_customer, open_of(invoice)) == (True, 0)
    another = billed(world)
    other = urlsplit(share_invoice(invoice_id=another.id, by=world.owner, at=NOW)).path
    assert customer.get(f"{other}/pay/{request.pk}").status_code == 404
    assert customer.post(f"{other}/pay", {"method": "carrier pigeon"}).status_code == 200
    assert PaymentRequest.objects.count() == 1
