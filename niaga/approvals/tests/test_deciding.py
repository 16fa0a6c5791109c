"""Who decides: chains, any and all, deputies, time that runs out, people who left; never one's own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from niaga.approvals.errors import (
    ApprovalNeeded,
    BadDelegation,
    DecidedAlready,
    NobodyCanApprove,
    NotAsked,
    OwnDocument,
)
from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from niaga.approvals.queries.requests import visible_requests, waiting_for
from niaga.approvals.services.delegate_approvals import delegate_approvals
from niaga.approvals.services.end_delegation import end_delegation
from niaga.approvals.services.pass_on_steps import pass_on_steps
from niaga.approvals.services.withdraw_approval import withdraw_approval
from niaga.approvals.tests.shop import MANAGER, OWNER, Shop, every, person, step, that
from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion, WrongState
from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.organization.services.keep_team import keep_team
from tests.makers import NOW, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TODAY = NOW.date()


def left(user):
    user.is_active = False
    user.save()


def steps_of(request):
    return [
        (one.status, one.why) for one in ApprovalStep.objects.filter(request=request).order_by("position")
    ]  # fmt: skip


def away(shop, person, deputy, **more):
    facts = {"first_day": TODAY, "last_day": TODAY, "by": person, "at": NOW, **more}
    return delegate_approvals(
        company_id=shop.world.company.id, person_id=person.id, deputy_id=deputy.id, **facts
    )  # fmt: skip


def test_a_chain_goes_from_the_manager_to_the_owner():
    shop = Shop()
    shop.rule(steps=[step(MANAGER), step(OWNER)])
    quotation = shop.quotation(discount=20)
    request = shop.ask(quotation)
    assert request.waits_for == [shop.manager.id]

    with pytest.raises(NotAsked):
        shop.say(request, shop.owner)
    shop.say(request, shop.manager)
    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("waiting", [shop.owner.id])
    with pytest.raises(ApprovalNeeded) as refused:
        shop.send(quotation)
    assert refused.value.facts["waiting"] is True
    shop.say(request, shop.owner)

    request.refresh_from_db()
    assert (request.status, steps_of(request)) == ("approved", [("approved", ""), ("approved", "")])
    assert broken_promises() == []


def test_of_any_one_is_enough_and_of_all_everybody_is_needed():
    shop = Shop()
    both = [person(shop.manager), person(shop.finance)]
    rule = shop.rule(steps=[step(*both)])
    easy = shop.ask(shop.order(discount=20))
    shop.say(easy, shop.finance)

    shop.change(rule, steps=[step(*both, mode="all")])
    hard = shop.ask(shop.order(discount=20))
    shop.say(hard, shop.finance)
    with pytest.raises(DecidedAlready):
        shop.say(hard, shop.finance)

    easy.refresh_from_db()
    hard.refresh_from_db()
    assert (easy.status, hard.status) == ("approved", "waiting")
    assert list(waiting_for(by=shop.manager, at=NOW)) == [hard]
    assert list(waiting_for(by=shop.finance, at=NOW)) == []


def test_several_rules_are_one_chain_and_a_step_they_share_is_asked_once():
    shop = Shop()
    shop.rule(steps=[step(MANAGER), step(OWNER)])
    shop.rule(every(that("order_value", "above", "50000")), steps=[step(person(shop.finance)), step(OWNER)])

    request = shop.ask(shop.order(discount=20))

    people = ApprovalStep.objects.filter(request=request).order_by("position").values_list("people", flat=True)
    assert list(people) == [[shop.manager.id], [shop.finance.id], [shop.owner.id]]


def test_a_no_ends_it_and_says_why():
    shop = Shop()
    shop.rule(steps=[step(MANAGER), step(OWNER)])
    order = shop.order(discount=20)
    request = shop.ask(order)

    with pytest.raises(Invalid) as refused:
        shop.say(request, shop.manager, yes=False, reason="   ")
    assert refused.value.field == "reason"
    assert not ApprovalDecision.objects.exists()
    shop.say(request, shop.manager, yes=False, reason="Terlalu murah")

    request.refresh_from_db()
    assert (request.status, steps_of(request)) == ("rejected", [("rejected", ""), ("later", "")])
    assert Notice.objects.filter(user_id=shop.seller.id).get().facts["name"] == "Maya"
    assert AuditEntry.objects.get(subject_id=order.id, verb="reject").note == "Terlalu murah"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(order)
    with pytest.raises(WrongState):
        shop.say(request, shop.manager)
    assert broken_promises() == []


def test_nobody_decides_about_their_own():
    shop = Shop()
    shop.rule(steps=[step(MANAGER, OWNER)])
    order = shop.order(discount=20)

    request = shop.ask(order, by=shop.manager)

    assert request.waits_for == [shop.owner.id]
    with pytest.raises(OwnDocument):
        shop.say(request, shop.manager)
    with pytest.raises(Forbidden):
        shop.say(request, shop.seller)


def test_a_step_of_only_the_asker_falls_to_the_next_and_says_so():
    shop = Shop()
    shop.rule(steps=[step(MANAGER), step(OWNER)])

    request = shop.ask(shop.order(discount=20), by=shop.manager)

    assert steps_of(request) == [("passed_on", "nobody"), ("open", "")]


def test_without_a_next_step_it_falls_to_the_owner():
    shop = Shop()
    shop.rule(steps=[step(person(shop.manager))])
    left(shop.manager)

    request = shop.ask(shop.order(discount=20))

    assert request.waits_for == [shop.owner.id]


def test_where_nobody_can_decide_it_says_what_to_set_and_nothing_is_asked():
    shop = Shop()
    shop.rule(steps=[step(OWNER)], name="Diskon besar")

    with pytest.raises(NobodyCanApprove) as refused:
        shop.ask(shop.order(discount=20), by=shop.owner)

    assert "Diskon besar" in str(refused.value.message)
    assert not ApprovalRequest.objects.exists()


def test_the_manager_is_sought_in_the_team_above_when_there_is_none():
    shop = Shop()
    region = keep_team(company_id=shop.world.company.id, name="Jawa Timur", by=shop.owner, at=NOW)
    keep_team(company_id=shop.world.company.id, team_id=shop.team, parent_id=region, by=shop.owner, at=NOW)
    head = make_user(shop.world.company, "sales_manager", team_id=region)
    shop.rule()
    left(shop.manager)

    request = shop.ask(shop.order(discount=20))

    assert request.waits_for == [head.id]


def test_a_deputy_decides_in_the_absent_ones_place_and_the_row_says_for_whom():
    shop = Shop()
    shop.rule()
    away(shop, shop.manager, shop.finance)
    request = shop.ask(shop.order(discount=20))
    assert list(waiting_for(by=shop.finance, at=NOW)) == [request]

    decision = shop.say(request, shop.finance)

    assert (decision.decided_by, decision.on_behalf_of) == (shop.finance, shop.manager)
    request.refresh_from_db()
    assert request.status == "approved"


def test_a_deputy_decides_only_on_the_days_and_not_after_it_was_ended():
    shop = Shop()
    shop.rule()
    found = away(shop, shop.manager, shop.finance)
    request = shop.ask(shop.order(discount=20))

    with pytest.raises(NotAsked):
        shop.say(request, shop.finance, at=NOW + timedelta(days=1))
    end_delegation(delegation_id=found.id, by=shop.manager, at=NOW)
    with pytest.raises(NotAsked):
        shop.say(request, shop.finance)

    assert list(waiting_for(by=shop.finance, at=NOW)) == []


def test_a_deputy_who_asked_does_not_decide():
    shop = Shop()
    shop.rule()
    away(shop, shop.manager, shop.finance)
    owner_asks = shop.ask(shop.order(discount=20), by=shop.owner)
    assert list(waiting_for(by=shop.owner, at=NOW)) == []

    with pytest.raises(OwnDocument):
        shop.say(owner_asks, shop.owner)


def test_a_deputy_must_be_another_who_may_approve_for_days_that_can_be():
    shop = Shop()

    for deputy, days, field in (
        (shop.manager, {}, "deputy"), (shop.seller, {}, "deputy"),
        (shop.finance, {"last_day": TODAY - timedelta(days=1)}, "last_day"),
        (shop.finance, {"last_day": TODAY + timedelta(days=800)}, "last_day"),
    ):  # fmt: skip
        with pytest.raises(BadDelegation) as refused:
            away(shop, shop.manager, deputy, **days)
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        away(shop, shop.manager, shop.finance, by=shop.finance)


def test_time_that_runs_out_hands_it_to_the_next_step_once():
    shop = Shop()
    shop.rule(steps=[step(MANAGER, hours=4), step(OWNER)])
    request = shop.ask(shop.order(discount=20))

    assert pass_on_steps(at=NOW + 3 * HOUR) == 0
    assert pass_on_steps(at=NOW + 4 * HOUR) == 1
    assert pass_on_steps(at=NOW + 5 * HOUR) == 0

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("waiting", [shop.owner.id])
    assert steps_of(request) == [("passed_on", "late"), ("open", "")]
    with pytest.raises(NotAsked):
        shop.say(request, shop.manager)
    shop.say(request, shop.owner)
    request.refresh_from_db()
    assert request.status == "approved"
    assert broken_promises() == []


def test_time_that_runs_out_hands_it_to_a_named_person():
    shop = Shop()
    shop.rule(steps=[step(MANAGER, hours=4, then=shop.finance)])
    request = shop.ask(shop.order(discount=20))

    pass_on_steps(at=NOW + 4 * HOUR)

    request.refresh_from_db()
    assert request.waits_for == [shop.finance.id]
    assert pass_on_steps(at=NOW + 9 * HOUR) == 0
    shop.say(request, shop.finance)
    request.refresh_from_db()
    assert request.status == "approved"


def test_silence_is_never_a_yes():
    shop = Shop()
    shop.rule(steps=[step(OWNER, hours=1, then=shop.manager)])
    order = shop.order(discount=20)
    request = shop.ask(order, by=shop.manager)

    assert pass_on_steps(at=NOW + 2 * HOUR) == 1
    assert pass_on_steps(at=NOW + 900 * HOUR) == 0

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("waiting", [shop.owner.id])
    with pytest.raises(ApprovalNeeded):
        shop.confirm(order)


def test_an_approver_who_left_is_replaced_by_who_sits_there_now():
    shop = Shop()
    shop.rule(steps=[step(MANAGER)])
    request = shop.ask(shop.order(discount=20))
    left(shop.manager)

    assert pass_on_steps(at=NOW) == 1
    request.refresh_from_db()
    assert request.waits_for == [shop.owner.id]
    assert steps_of(request) == [("passed_on", "nobody"), ("open", "")]
    assert pass_on_steps(at=NOW) == 0
    assert broken_promises() == []


def test_of_all_the_one_who_left_is_not_waited_for():
    shop = Shop()
    shop.rule(steps=[step(person(shop.manager), person(shop.finance), mode="all")])
    request = shop.ask(shop.order(discount=20))
    shop.say(request, shop.finance)
    left(shop.manager)

    pass_on_steps(at=NOW)

    request.refresh_from_db()
    assert request.status == "approved"
    assert broken_promises() == []


def test_who_has_no_part_in_it_does_not_know_of_it():
    shop, stranger = Shop(), make_world().owner
    other = make_user(shop.world.company, "salesperson")
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    with pytest.raises(NotFound):
        shop.say(request, stranger)
    with pytest.raises(Forbidden):
        shop.say(request, other)
    assert list(visible_requests(by=other)) == []
    assert list(visible_requests(by=shop.seller)) == [request]
    assert list(visible_requests(by=shop.manager)) == [request]


def test_an_answer_to_other_figures_than_were_shown_is_refused():
    from niaga.approvals.services.decide_approval import decide_approval

    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    with pytest.raises(StaleVersion):
        decide_approval(request_id=request.id, approved=True, facts_hash="0" * 64, by=shop.manager, at=NOW)

    assert not ApprovalDecision.objects.exists()


def test_a_request_is_taken_back_by_who_asked_and_not_by_a_colleague():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    with pytest.raises(Forbidden):
        withdraw_approval(request_id=request.id, by=shop.finance, at=NOW)
    withdraw_approval(request_id=request.id, by=shop.seller, at=NOW)

    request.refresh_from_db()
    assert request.status == "withdrawn"
    with pytest.raises(WrongState):
        shop.say(request, shop.manager)
    assert broken_promises() == []


def test_decisions_and_settled_requests_never_change():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))
    decision = shop.say(request, shop.manager)

    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalDecision.objects.filter(pk=decision.pk).update(approved=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(amount=Decimal(1))
