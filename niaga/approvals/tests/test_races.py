"""Two at once, with real processes on the tests' database."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.approvals.models import ApprovalDecision, ApprovalRequest
from niaga.approvals.tests.shop import MANAGER, OWNER, Shop, person, step
from niaga.organization.models import User
from niaga.sales.models import SalesOrder
from niaga.sales.tests.test_races import at_once
from tests.makers import NOW
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)


def _say(request_id: UUID, user_id: UUID, approved: bool = True) -> None:
    from niaga.approvals.services.decide_approval import decide_approval

    decide_approval(
        request_id=request_id, approved=approved, reason="Ya", by=User.objects.get(pk=user_id), at=NOW
    )  # fmt: skip


def _withdraw(request_id: UUID, user_id: UUID) -> None:
    from niaga.approvals.services.withdraw_approval import withdraw_approval

    withdraw_approval(request_id=request_id, by=User.objects.get(pk=user_id), at=NOW)


def _ask(order_id: UUID, user_id: UUID) -> None:
    from niaga.sales.services.ask_order_approval import ask_order_approval

    ask_order_approval(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW)


def _confirm(order_id: UUID, user_id: UUID) -> None:
    from niaga.sales.services.confirm_order import confirm_order

    confirm_order(order_id=order_id, by=User.objects.get(pk=user_id), at=NOW)


def _worsen(order_id: UUID, user_id: UUID, product_id: UUID) -> None:
    from niaga.sales.rules.lines import LineInput
    from niaga.sales.services.draft_order import OrderDetails
    from niaga.sales.services.update_order import update_order

    line = LineInput(product_id=product_id, quantity=Decimal(1), discount_percent=Decimal(50))
    update_order(
        order_id=order_id, version=None, lines=[line], details=OrderDetails(), by=User.objects.get(pk=user_id), at=NOW
    )


def _pass_on(_turn: int) -> None:
    from niaga.approvals.services.pass_on_steps import pass_on_steps

    pass_on_steps(at=NOW + timedelta(hours=5))


def test_of_a_yes_and_a_no_at_once_one_counts():
    shop = Shop()
    shop.rule(steps=[step(MANAGER, OWNER)])
    request = shop.ask(shop.order(discount=20))

    answers = at_once(
        (_say, (request.id, shop.manager.id)), (_say, (request.id, shop.owner.id, False)),
    )  # fmt: skip

    assert answers == ["done", "wrong_state"]
    decision = ApprovalDecision.objects.get()
    request.refresh_from_db()
    assert request.status == ("approved" if decision.approved else "rejected")


def test_all_of_two_who_say_yes_at_once_approve_it():
    shop = Shop()
    shop.rule(steps=[step(person(shop.manager), person(shop.finance), mode="all")])
    request = shop.ask(shop.order(discount=20))

    answers = at_once((_say, (request.id, shop.manager.id)), (_say, (request.id, shop.finance.id)))

    request.refresh_from_db()
    assert (answers, request.status) == (["done", "done"], "approved")
    assert broken_promises() == []


def test_one_person_with_four_hands_decides_once():
    shop = Shop()
    shop.rule(steps=[step(person(shop.manager), person(shop.finance), mode="all")])
    request = shop.ask(shop.order(discount=20))

    answers = at_once(*[(_say, (request.id, shop.manager.id))] * 4)

    assert answers == ["decided_already"] * 3 + ["done"]
    assert ApprovalDecision.objects.count() == 1


def test_a_withdrawal_and_a_yes_at_once_leave_one_outcome():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    answers = at_once((_say, (request.id, shop.manager.id)), (_withdraw, (request.id, shop.seller.id)))

    request.refresh_from_db()
    assert answers == ["done", "wrong_state"]
    assert ApprovalDecision.objects.count() == (1 if request.status == "approved" else 0)
    assert broken_promises() == []


def test_of_four_who_ask_at_once_one_request_waits():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)

    answers = at_once(*[(_ask, (order.id, shop.seller.id))] * 4)

    assert answers == ["approval_asked_already"] * 3 + ["done"]
    assert ApprovalRequest.objects.count() == 1


def test_a_change_for_the_worse_while_it_is_approved_is_never_confirmed():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    request = shop.ask(order)

    at_once((_say, (request.id, shop.manager.id)), (_worsen, (order.id, shop.seller.id, shop.product.id)))
    answers = at_once(*[(_confirm, (order.id, shop.seller.id))] * 3)

    assert answers == ["approval_needed"] * 3
    assert SalesOrder.objects.get().status == "draft"


def test_the_job_runs_in_four_processes_and_passes_on_once():
    shop = Shop()
    shop.rule(steps=[step(MANAGER, hours=4), step(OWNER)])
    request = shop.ask(shop.order(discount=20))

    deeds: list[Any] = [(_pass_on, (turn,)) for turn in range(4)]
    answers = at_once(*deeds)

    from niaga.core.models import AuditEntry

    request.refresh_from_db()
    assert answers == ["done"] * 4
    assert request.waits_for == [shop.owner.id]
    assert AuditEntry.objects.filter(verb="escalate_approval").count() == 1
