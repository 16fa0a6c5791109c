"""Money back above a limit waits for a yes, and then goes back once, as it was asked for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from niaga.approvals.errors import ApprovalAskedAlready, NoApprovalNeeded, OwnDocument
from niaga.approvals.models import ApprovalRequest
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.core.errors import Forbidden, WrongState
from niaga.core.models import AuditEntry
from niaga.invoicing.models import Invoice
from niaga.ledger.tests.test_api import post
from niaga.messaging.models import Notice
from niaga.organization.models import User
from niaga.organization.services.keep_team import keep_team
from niaga.payments.errors import RefundNeedsApproval, RefundTooMuch
from niaga.payments.models import AskedRefund, Payment, Refund
from niaga.payments.services.ask_for_refund import ask_for_refund
from niaga.payments.services.make_asked_refund import make_asked_refund
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.tests.test_payment_requests import billed, open_of
from niaga.payments.tests.test_refunds import give_back, paid_by_transfer
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, log_in, make_issued_invoice, make_product, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal
LATER = NOW + timedelta(hours=1)


def with_rule(world: World, most: int, field: str = "refund_amount", team_id: UUID | None = None) -> User:
    """Who must say yes to more than `most`."""
    boss = make_user(world.company, "administrator")
    test = {"field": field, "op": "above", "value": str(most), "unknown": False}
    steps = [{"mode": "any", "approvers": [{"seat": "user", "key": str(boss.id)}], "hours": None, "then": ""}]
    details = RuleDetails(f"Besar {field}", {"match": "all", "parts": [test]}, steps, team_id=team_id)
    save_rule(company_id=world.company.id, details=details, by=world.owner, at=NOW)
    return boss


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def invoice(world: World) -> Invoice:
    return billed(world)


def ask(world: World, payment: Payment, amount: int, **more: Any) -> AskedRefund:
    details = RefundDetails("transfer", "Salah kirim", D(amount), more.pop("reference", ""))
    return ask_for_refund(payment_id=payment.id, details=details, by=more.get("by", world.owner), at=NOW)


def decide(asked: AskedRefund, by: User, approved: bool = True) -> None:
    request = ApprovalRequest.objects.get(pk=asked.request_id)
    decide_approval(
        request_id=request.pk, approved=approved, reason="Sudah dicek", facts_hash=request.facts_hash, by=by, at=LATER
    )


def test_a_refund_above_the_limit_goes_back_once_when_the_last_yes_is_said(world: World, invoice: Invoice) -> None:
    boss = with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice, more=5000)

    with pytest.raises(RefundNeedsApproval) as refused, transaction.atomic():
        give_back(world, payment, 15_000)
    asked = ask(world, payment, 15_000, reference="TRX-9")
    assert (refused.value.facts["waiting"], Refund.objects.count(), open_of(invoice)) == (False, 0, 0)
    assert make_asked_refund(request_id=asked.request_id, at=LATER) == []
    decide(asked, boss)
    [made] = make_asked_refund(request_id=asked.request_id, at=LATER)

    assert (made.amount, made.reference, made.created_by) == (15_000, "TRX-9", world.owner.id)
    assert make_asked_refund(request_id=asked.request_id, at=LATER) == []
    asked.refresh_from_db()
    assert (asked.refund_ids, asked.refusal, open_of(invoice)) == ([made.id], "", 10_000)
    with pytest.raises(RefundNeedsApproval), transaction.atomic():
        give_back(world, payment, 1_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        AskedRefund.objects.update(made_at=None)
    assert broken_promises() == []


def test_parts_do_not_stay_below_the_limit_and_other_rules_do_not_ask(world: World, invoice: Invoice) -> None:
    with_rule(world, 0, field="order_value")
    with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice)

    give_back(world, payment, 6_000)
    with pytest.raises(RefundNeedsApproval), transaction.atomic():
        give_back(world, payment, 5_000)
    with pytest.raises(NoApprovalNeeded), transaction.atomic():
        ask(world, payment, 4_000)

    assert Refund.objects.get().amount == 6_000


def test_what_may_not_be_is_not_asked_and_nobody_decides_about_their_own(world: World, invoice: Invoice) -> None:
    boss = with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice)

    with pytest.raises(RefundTooMuch), transaction.atomic():
        ask(world, payment, int(invoice.total) + 1)
    with pytest.raises(Forbidden), transaction.atomic():
        ask(world, payment, 20_000, by=make_user(world.company, "salesperson"))
    asked = ask(world, payment, 20_000)
    with pytest.raises(ApprovalAskedAlready), transaction.atomic():
        ask(world, payment, 15_000)
    with pytest.raises(OwnDocument), transaction.atomic():
        decide(asked, world.owner)
    decide(asked, boss, approved=False)

    assert make_asked_refund(request_id=asked.request_id, at=LATER) == []
    assert (AskedRefund.objects.count(), Refund.objects.count(), open_of(invoice)) == (1, 0, 0)


def test_what_cannot_go_back_any_more_says_why_and_is_not_tried_again(world: World, invoice: Invoice) -> None:
    boss = with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice)
    asked = ask(world, payment, 20_000)
    decide(asked, boss)
    reverse_payment(payment_id=payment.id, reason="Salah catat", by=world.owner, at=NOW)

    assert make_asked_refund(request_id=asked.request_id, at=LATER) == []
    asked.refresh_from_db()
    page = log_in(boss).get(f"/approvals/{asked.request_id}")

    assert (asked.made_at, asked.refusal, Refund.objects.count()) == (None, "wrong_state", 0)
    assert Notice.objects.filter(user_id=world.owner.id, url=f"/approvals/{asked.request_id}").exists()
    assert "Ask for it again" in page.content.decode() or "Minta lagi" in page.content.decode()
    assert broken_promises() == []


def test_the_page_and_the_api_ask_for_the_yes(world: World, invoice: Invoice) -> None:
    with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice)
    client = log_in(world.owner)
    body = {"way": "cash", "reason": "Batal", "amount": "11000"}

    refused = post(world.owner, f"payments/{payment.id}/refunds", body)
    made = post(world.owner, f"payments/{payment.id}/asked-refunds", body)
    again = client.post(f"/payments/{payment.id}/refund", {**body, "bank_account_id": "", "reference": ""})
    page = client.get(f"/payments/{payment.id}").content.decode()
    larger = client.post(f"/payments/{payment.id}/refund", {"way": "cash", "reason": "Batal", "amount": "12000"})

    assert (refused.status_code, refused.json()["code"]) == (409, "refund_needs_approval")
    assert (made.status_code, made.json()["status"], made.json()["amount"]) == (201, "waiting", "11000")
    assert (made["Location"], made.json()["payment_id"]) == (
        f"/api/v1/asked-refunds/{made.json()['request_id']}", str(payment.id),
    )  # fmt: skip
    assert (again.status_code, larger.status_code) == (422, 422)
    assert f"/approvals/{made.json()['request_id']}" in page
    assert AskedRefund.objects.count() == 1


def test_a_rule_costs_one_statement(world: World, invoice: Invoice, django_assert_num_queries: Any) -> None:
    payment = paid_by_transfer(world, invoice)
    details = RefundDetails("cash", "Batal", D(1000))

    with django_assert_num_queries(STATEMENTS):
        refund_payment(payment_id=payment.id, details=details, by=world.owner, at=NOW)


STATEMENTS = 9


def test_a_rule_of_a_team_asks_for_its_own_money_and_for_money_of_nobody_known(world: World, invoice: Invoice) -> None:
    surabaya = keep_team(company_id=world.company.id, name="Surabaya", by=world.owner, at=NOW)
    jakarta = keep_team(company_id=world.company.id, name="Jakarta", by=world.owner, at=NOW)
    with_rule(world, 10_000, team_id=surabaya)
    payment = paid_by_transfer(world, invoice)

    def sold_by(team_id: UUID | None) -> None:
        seller = make_user(world.company, "salesperson", team_id=team_id).id if team_id else None
        Payment.objects.filter(pk=payment.pk).update(salesperson_id=seller)
        with patch("niaga.payments.queries.refund_gate.sellers_settled_by", lambda key: set()):
            give_back(world, payment, 11_000)

    for team in (surabaya, None):
        with pytest.raises(RefundNeedsApproval), transaction.atomic():
            sold_by(team)
    assert not Refund.objects.exists()
    sold_by(jakarta)

    assert Refund.objects.get().amount == 11_000


def test_the_seller_of_the_invoice_that_is_paid_counts_too(world: World) -> None:
    below = keep_team(
        company_id=world.company.id, name="Rungkut", by=world.owner, at=NOW,
        parent_id=(above := keep_team(company_id=world.company.id, name="Surabaya", by=world.owner, at=NOW)),
    )  # fmt: skip
    seller = make_user(world.company, "salesperson", team_id=below)
    product = make_product(world, stock=1)
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(1))], salesperson_id=seller.id)
    with_rule(world, 10_000, team_id=above)
    payment = paid_by_transfer(world, invoice)

    assert payment.salesperson_id is None
    with pytest.raises(RefundNeedsApproval), transaction.atomic():
        give_back(world, payment, 11_000)


def test_reversing_a_payment_withdraws_the_refund_that_waits_and_tells_who_asked(
    world: World, invoice: Invoice
) -> None:
    boss = with_rule(world, 10_000)
    payment = paid_by_transfer(world, invoice)
    asked = ask(world, payment, 20_000)
    before = Notice.objects.filter(user_id=world.owner.id).count()

    reverse_payment(payment_id=payment.id, reason="Transfer ditarik kembali", by=boss, at=LATER)

    request = ApprovalRequest.objects.get(pk=asked.request_id)
    assert (request.status, request.waits_for) == ("withdrawn", [])
    assert AuditEntry.objects.get(verb="withdraw_approval").note == "Transfer ditarik kembali"
    assert Notice.objects.filter(user_id=world.owner.id).count() == before + 1
    with pytest.raises(WrongState):
        decide(asked, boss)
    assert make_asked_refund(request_id=asked.request_id, at=LATER) == []
    assert not Refund.objects.exists()
