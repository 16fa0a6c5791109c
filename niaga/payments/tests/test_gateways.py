"""Midtrans and Xendit: what they are asked with, what they answer, and what proves that a call is theirs."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from niaga.core.models import IncomingCall
from niaga.invoicing.models import Invoice
from niaga.payments.models import Payment, PaymentRequest
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.gateways.midtrans.hooks import signature
from niaga.payments.rules.gateways.shape import Bill, Keys, RefundAsked, RefundTold, Told, Unreadable
from niaga.payments.rules.payment_request_flow import move_told
from niaga.payments.services.ask_payment_request import ask_payment_request
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.tests.gateways import SECRET, handle_all, knock, make_gateway, status_of, streamed
from niaga.payments.tests.test_payment_requests import billed
from tests.makers import NOW, World, make_world

D = Decimal
KEY = "019ac2b0-0000-7000-8000-000000000001"
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
KEYS = Keys("SB-key", "token", live=True)
MIDTRANS, XENDIT, SANDBOX = GATEWAYS["midtrans"], GATEWAYS["xendit"], GATEWAYS["sandbox"]


def bill(method: str = "link", bank: str = "", amount: str = "44000.0000", **more: Any) -> Bill:
    facts = {"expires_at": AT + timedelta(hours=2), "asked_at": AT, "payer": "Toko Sari 88", **more}
    return Bill(KEY, "INV-1", D(amount), method, bank, **facts)


def test_every_gateway_has_the_same_files() -> None:
    from pathlib import Path

    import niaga.payments.rules.gateways as home

    folders = [one for one in Path(home.__file__).parent.iterdir() if one.is_dir() and one.name != "__pycache__"]
    assert {one.name for one in folders} == set(GATEWAYS)
    for folder in folders:
        names = {one.name for one in folder.glob("*.py")}
        assert names >= {"__init__.py", "calls.py", "answers.py", "hooks.py"}
        assert all(len(one.read_text().splitlines()) <= 190 for one in folder.glob("*.py"))


def test_midtrans_is_asked_for_a_link_an_account_or_a_code() -> None:
    link, account, code = (MIDTRANS.make(KEYS, bill(*way)) for way in (("link",), ("va", "bca"), ("qris",)))

    assert (link.method, link.url) == ("POST", "https://app.midtrans.com/snap/v1/transactions")
    assert link.headers["Authorization"] == "Basic U0Ita2V5Og=="
    assert link.headers["Idempotency-Key"] == KEY
    assert link.body
    assert link.body["transaction_details"] == {"order_id": KEY, "gross_amount": 44000}
    assert link.body["expiry"] == {"unit": "minutes", "duration": 120}
    assert account.url == code.url == "https://api.midtrans.com/v2/charge"
    assert account.body
    assert account.body["bank_transfer"] == {"bank": "bca"}
    assert code.body
    assert code.body["payment_type"] == "qris"
    assert MIDTRANS.ask(Keys("k"), bill()).url == f"https://api.sandbox.midtrans.com/v2/{KEY}/status"


def test_midtrans_answers_are_read_and_what_says_nothing_is_not() -> None:
    assert MIDTRANS.made({"token": "t", "redirect_url": "https://app.midtrans.com/x"}, bill()).url.endswith("/x")
    charged = {"status_code": "201", "transaction_id": "m1", "va_numbers": [{"bank": "bca", "va_number": "812785002"}]}
    assert MIDTRANS.made(charged, bill("va", "bca")).account == "812785002"
    permata = {"status_code": "201", "transaction_id": "m2", "permata_va_number": "8562000087926752"}
    assert MIDTRANS.made(permata, bill("va", "permata")).account == "8562000087926752"
    assert (
        MIDTRANS.made({"status_code": "201", "transaction_id": "m3", "qr_string": "0002"}, bill("qris")).code == "0002"
    )
    for answer in ({"status_code": "406", "status_message": "order_id taken"}, {}, [], None, {"redirect_url": "x"}):
        with pytest.raises(Unreadable):
            MIDTRANS.made(answer, bill("va", "bca"))
    with pytest.raises(Unreadable):
        MIDTRANS.made({"redirect_url": "javascript:alert(1)"}, bill())


@pytest.mark.parametrize(
    ("status", "fraud", "state"),
    [
        ("settlement", "accept", "paid"), ("capture", "accept", "paid"), ("capture", "challenge", "pending"),
        ("pending", "accept", "pending"), ("expire", "", "expired"), ("deny", "", "failed"), ("cancel", "", "failed"),
        ("refund", "", "paid"), ("something new", "", "unknown"),
    ],
)  # fmt: skip
def test_midtrans_states_are_told(status: str, fraud: str, state: str) -> None:
    answer = {
        "status_code": "200", "order_id": KEY, "transaction_id": "m1", "transaction_status": status,
        "fraud_status": fraud, "gross_amount": "44000.00",
    }  # fmt: skip
    assert MIDTRANS.asked(answer, bill()) == Told(KEY, state, "m1", D("44000.00"), words=status)


def test_the_signature_of_midtrans_is_over_the_raw_text_of_the_amount() -> None:
    words = {"order_id": "Postman-1578568851", "status_code": "200", "gross_amount": "10000.00"}
    sign = hashlib.sha512(b"Postman-157856885120010000.00SB-key").hexdigest()
    assert signature("Postman-1578568851", "200", "10000.00", "SB-key") == sign

    def signed(**changed: Any) -> bool:
        return MIDTRANS.is_signed(json.dumps({**words, "signature_key": sign, **changed}).encode(), {}, KEYS)

    assert signed()
    assert not signed(gross_amount="10000.0")
    assert not signed(gross_amount=10000.0)
    assert not signed(order_id="Postman-1578568852")
    assert not signed(signature_key=sign[:-1] + "0")
    assert not signed(signature_key=None)
    for body in (b"", b"[]", b"null", b"{", b"\xff"):
        assert not MIDTRANS.is_signed(body, {}, KEYS)
    assert not MIDTRANS.is_signed(json.dumps({**words, "signature_key": sign}).encode(), {}, Keys(""))


def test_xendit_is_asked_for_a_link_an_account_or_a_code() -> None:
    link, account, code = (XENDIT.make(KEYS, bill(*way)) for way in (("link",), ("va", "BCA"), ("qris",)))

    assert (link.url, link.body and link.body["external_id"]) == ("https://api.xendit.co/v2/invoices", KEY)
    assert link.body
    assert (link.body["amount"], link.body["invoice_duration"]) == (44000, 7200)
    assert account.body
    assert account.body["name"] == "TOKO SARI"
    assert account.body["expected_amount"] == 44000
    assert account.body["is_closed"] is True
    assert code.headers["api-version"] == "2022-07-31"
    assert code.body
    assert code.body["reference_id"] == KEY
    with pytest.raises(ValueError, match="no whole number"):
        XENDIT.make(KEYS, bill(amount="1.5"))


def test_xendit_tells_of_links_accounts_codes_and_refunds() -> None:
    link = {"id": "x1", "external_id": KEY, "status": "PAID", "amount": 44000, "paid_amount": 44000,
            "fees_paid_amount": 400, "payment_channel": "BCA"}  # fmt: skip
    account = {"payment_id": "p1", "callback_virtual_account_id": "v1", "external_id": KEY, "amount": 44000,
               "bank_code": "BCA"}  # fmt: skip
    code = {"event": "qr.payment", "data": {"reference_id": KEY, "amount": 44000, "status": "SUCCEEDED"}}
    refund = {"event": "refund.failed", "data": {"id": "r1", "reference_id": KEY, "status": "FAILED",
                                                 "failure_code": "INSUFFICIENT_BALANCE"}}  # fmt: skip

    assert XENDIT.told(link) == [Told(KEY, "paid", "x1", D(44000), D(400), "PAID BCA")]
    assert XENDIT.told(account) == [Told(KEY, "paid", "v1", D(44000), words="BCA")]
    assert XENDIT.told(code) == [Told(KEY, "paid", "", D(44000), words="SUCCEEDED")]
    assert XENDIT.told(refund) == [RefundTold(KEY, "failed", "r1", "INSUFFICIENT_BALANCE")]
    for other in (
        {"external_id": KEY, "status": "ACTIVE", "owner_id": "o"},
        {},
        [],
        None,
        {"event": "qr.x", "data": 1},
    ):
        assert list(XENDIT.told(other)) == []


def test_the_token_of_xendit_proves_its_calls_and_the_id_of_an_event_tells_repeated_ones() -> None:
    assert XENDIT.is_signed(b"{}", {"x-callback-token": "token"}, KEYS)
    assert not XENDIT.is_signed(b"{}", {"x-callback-token": "other"}, KEYS)
    assert not XENDIT.is_signed(b"{}", {"x-callback-token": ""}, Keys("k", ""))
    assert XENDIT.event_key(b"{}", {"webhook-id": "1"}) == XENDIT.event_key(b"{}", {"webhook-id": "1"})
    assert XENDIT.event_key(b"{}", {"webhook-id": "1"}) != XENDIT.event_key(b"{}", {"webhook-id": "2"})


def test_what_cannot_be_told_from_an_answer_is_not_guessed() -> None:
    assert XENDIT.asked([], bill()).state == "unknown"
    assert XENDIT.asked({"status": "INACTIVE", "id": "v1"}, bill("va", "BCA")).state == "unknown"
    asked = RefundAsked("r", D(5), "x", bill())
    assert MIDTRANS.asked_refund({"refunds": [{"refund_key": "other"}]}, asked).state == "unknown"
    assert MIDTRANS.asked_refund({"refunds": [{"refund_key": "r"}]}, asked).state == "paid"
    assert (
        XENDIT.asked_refund({"data": [{"reference_id": "r", "status": "SUCCEEDED", "id": "1"}]}, asked).state == "paid"
    )
    with pytest.raises(Unreadable):
        MIDTRANS.refunded({"status_code": "500"}, asked)
    with pytest.raises(Unreadable):
        SANDBOX.refunded({"key": "another", "state": "paid"}, asked)


@pytest.mark.parametrize(
    ("state", "status", "move"),
    [
        ("paid", "expired", "pay"), ("paid", "failed", "pay"), ("paid", "paid", None), ("pending", "paid", None),
        ("expired", "paid", None), ("failed", "paid", None), ("pending", "sending", None),
        ("pending", "uncertain", "open"), ("failed", "expired", None), ("unknown", "pending", None),
    ],
)  # fmt: skip
def test_late_and_repeated_words_only_add(state: str, status: str, move: str | None) -> None:
    assert move_told(state, status) == move


# --- the whole way with Midtrans and Xendit ---------------------------------------------------------------------------


class Provider:
    """Answers instead of the net; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []  # type: ignore[var-annotated]

    def __call__(self, method: str, url: str, **given: Any) -> httpx.Response:
        self.sent.append((method, url, given.get("json")))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, told = answer
        return httpx.Response(status, json=told, headers={})


def through(provider: Provider) -> Any:
    return patch("niaga.core.services.call_out.httpx.stream", streamed(provider))


@pytest.fixture
def world() -> World:
    return make_world()


def requested(
    world: World, invoice: Invoice, provider: Provider, method: str = "link", bank: str = ""
) -> PaymentRequest:
    request = request_payment(invoice_id=invoice.id, method=method, bank=bank, by=world.owner, at=NOW)
    with through(provider):
        send_payment_request(request_id=request.id, clock=lambda: NOW)
    return PaymentRequest.objects.get(pk=request.pk)


def notification(request: PaymentRequest, state: str, code: str, amount: Decimal) -> bytes:
    gross = f"{amount:.2f}"
    told = {
        "order_id": str(request.pk), "status_code": code, "gross_amount": gross, "transaction_status": state,
        "transaction_id": "m1", "signature_key": signature(str(request.pk), code, gross, SECRET),
    }  # fmt: skip
    return json.dumps(told).encode()


@pytest.mark.django_db
def test_midtrans_is_asked_before_its_word_is_taken(world: World) -> None:
    account = make_gateway(world, "midtrans")
    invoice = billed(world)
    snap = Provider((201, {"token": "t1", "redirect_url": "https://app.sandbox.midtrans.com/snap/v4/t1"}))
    request = requested(world, invoice, snap)
    assert (request.status, request.url[-2:]) == ("pending", "t1")

    assert knock(account, notification(request, "settlement", "200", invoice.total)) == 200
    assert handle_all() == ["handled"]
    assert Payment.objects.count() == 0  # its signature does not cover the state
    truth = {"status_code": "200", "order_id": str(request.pk), "transaction_id": "m1",
             "transaction_status": "settlement", "gross_amount": f"{invoice.total:.2f}"}  # fmt: skip
    with through(Provider((200, truth))):
        assert ask_payment_request(request_id=request.pk, clock=lambda: NOW) == "paid"
    assert knock(account, notification(request, "settlement", "200", invoice.total)) == 200

    assert handle_all() == []
    assert (Payment.objects.get().amount, IncomingCall.objects.count()) == (invoice.total, 1)


@pytest.mark.django_db
def test_a_forged_state_of_midtrans_is_found_out_by_asking(world: World) -> None:
    account = make_gateway(world, "midtrans")
    invoice = billed(world)
    request = requested(world, invoice, Provider((201, {"token": "t1", "redirect_url": "https://m.id/t1"})))
    knock(account, notification(request, "settlement", "201", invoice.total))
    handle_all()
    truth = {"status_code": "201", "order_id": str(request.pk), "transaction_status": "pending"}

    with through(Provider((200, truth))):
        assert ask_payment_request(request_id=request.pk, clock=lambda: NOW) == "pending"

    assert Payment.objects.count() == 0


@pytest.mark.django_db
def test_xendit_pays_an_account_and_says_its_fee_for_a_link(world: World) -> None:
    account = make_gateway(world, "xendit", live=True)
    invoice = billed(world)
    va = requested(world, invoice, Provider((200, {"id": "v1", "account_number": "10766"})), "va", "BCA")
    body = json.dumps({"payment_id": "p1", "callback_virtual_account_id": "v1", "external_id": str(va.pk),
                       "amount": int(invoice.total), "bank_code": "BCA"}).encode()  # fmt: skip

    assert knock(account, body, **{"x-callback-token": "wrong"}) == 403
    for _turn in range(3):
        assert knock(account, body, **{"x-callback-token": "token-callback", "webhook-id": "w1"}) == 200
    handle_all()

    assert (status_of(va), Payment.objects.get().amount, IncomingCall.objects.count()) == ("paid", invoice.total, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (httpx.ConnectError("refused"), "queued", "later"),
        ((429, {"message": "slow down"}), "queued", "later"),
        ((401, {"message": "wrong key"}), "failed", "never"),
        ((500, {"message": "oops"}), "uncertain", "unknown"),
        (httpx.ReadTimeout("no answer"), "uncertain", "unknown"),
        ((200, {"nothing": "useful"}), "uncertain", "unknown"),
        ((302, {}), "uncertain", "unknown"),
    ],
)
def test_what_is_known_after_a_call_is_said_and_nothing_more(
    world: World, answer: Any, status: str, reason: str
) -> None:
    make_gateway(world, "xendit", live=True)
    provider = Provider(answer)

    request = requested(world, billed(world), provider)

    assert (request.status, request.reason, len(provider.sent)) == (status, reason, 1)
    with through(provider):  # nothing is left to be sent, whatever job comes again
        if status != "queued":
            assert send_payment_request(request_id=request.pk, clock=lambda: NOW) == ""


@pytest.mark.django_db
def test_a_call_of_one_account_does_nothing_for_another(world: World) -> None:
    mine, other = make_gateway(world, "xendit", live=True), make_gateway(make_world(), "xendit", live=True)
    invoice = billed(world)
    request = requested(world, invoice, Provider((200, {"id": "x1", "invoice_url": "https://x.co/1"})))
    body = json.dumps({"id": "x1", "external_id": str(request.pk), "status": "PAID", "amount": 5}).encode()

    assert knock(other, body, **{"x-callback-token": "token-callback"}) == 200
    assert handle_all() == ["handled"]

    assert (status_of(request), Payment.objects.count(), mine.kind) == ("pending", 0, "xendit")
