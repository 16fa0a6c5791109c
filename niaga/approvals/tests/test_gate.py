"""Nothing binds a customer while a yes is missing; and what was approved is not asked again unless it got worse."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.approvals.errors import ApprovalAskedAlready, ApprovalNeeded, NoApprovalNeeded
from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from niaga.approvals.tests.shop import Shop, every, step, that
from niaga.core.models import AuditEntry
from niaga.messaging.models import Email, Notice
from niaga.sales.models import Quotation, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.draft_quotation import QuotationDetails
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.update_order import update_order
from niaga.sales.services.update_quotation import update_quotation
from tests.makers import NOW, make_order

pytestmark = pytest.mark.django_db


def test_a_quotation_within_the_rules_is_sent_and_one_beyond_them_is_not():
    shop = Shop()
    shop.rule(name="Diskon besar")
    within, beyond = shop.quotation(discount=10), shop.quotation(discount=11)

    shop.send(within)
    with pytest.raises(ApprovalNeeded) as refused:
        shop.send(beyond)

    assert Quotation.objects.get(pk=within.id).status == "sent"
    assert Quotation.objects.get(pk=beyond.id).status == "draft"
    assert refused.value.facts == {"waiting": False, "rules": ["Diskon besar"]}
    assert not AuditEntry.objects.filter(subject_id=beyond.id, verb="send").exists()


def test_what_was_approved_is_sent_and_its_order_confirmed_without_asking_again():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)

    request = shop.ask(quotation)
    shop.say(request, shop.manager)
    shop.send(quotation)
    order = accept_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)
    confirmed = shop.confirm(order)

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("approved", [])
    assert confirmed.status == "confirmed"
    assert ApprovalRequest.objects.count() == 1
    decision = ApprovalDecision.objects.get()
    assert (decision.decided_by, decision.approved, decision.on_behalf_of) == (shop.manager, True, None)
    assert decision.facts_hash == request.facts_hash
    assert AuditEntry.objects.get(subject_id=order.id, verb="confirm").data["approvals"][0]["revision"] == 1


def test_asking_tells_the_manager_by_bell_and_mail_with_a_link_that_needs_a_log_in():
    shop = Shop()
    shop.manager.email = "maya@example.com"
    shop.manager.save()
    shop.rule(name="Diskon besar")
    quotation = shop.quotation(discount=15)

    request = shop.ask(quotation)

    notice = Notice.objects.get()
    assert (notice.user_id, notice.url) == (shop.manager.id, f"/approvals/{request.id}")
    mail = Email.objects.get()
    assert mail.to == ["maya@example.com"]
    assert f"/approvals/{request.id}" in mail.text
    assert "Diskon besar" in mail.text


def test_a_change_after_the_yes_asks_again_only_when_it_got_worse():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)

    def with_discount(percent):
        now = Quotation.objects.get(pk=quotation.id)
        update_quotation(
            quotation_id=quotation.id, version=now.version, lines=shop.lines(discount=percent), by=shop.seller, at=NOW,
            details=QuotationDetails(),
        )  # fmt: skip

    with_discount(16)
    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)
    with_discount(14)
    shop.send(quotation)

    assert Quotation.objects.get(pk=quotation.id).status == "sent"
    assert ApprovalRequest.objects.count() == 1


def test_a_yes_is_for_one_customer():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)
    other = shop.customer_of()

    update_quotation(
        quotation_id=quotation.id, version=quotation.version, customer_id=other.id, lines=shop.lines(discount=15),
        details=QuotationDetails(), by=shop.seller, at=NOW,
    )  # fmt: skip

    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)


def test_a_rule_that_changed_what_it_asks_is_asked_anew_and_a_renamed_one_is_not():
    shop = Shop()
    rule = shop.rule(name="Lama")
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)

    shop.change(rule, name="Baru")
    shop.send(quotation)
    shop.change(rule, steps=[step({"seat": "role", "key": "owner"})])

    rule.refresh_from_db()
    assert rule.revision == 2
    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)
    with pytest.raises(ApprovalNeeded):
        share_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)


def test_nothing_is_asked_when_no_rule_holds_nor_twice_for_the_same():
    shop = Shop()
    shop.rule()
    within, beyond = shop.order(), shop.order(discount=20)

    with pytest.raises(NoApprovalNeeded):
        shop.ask(within)
    shop.ask(beyond)
    with pytest.raises(ApprovalAskedAlready):
        shop.ask(beyond)

    assert ApprovalRequest.objects.count() == 1


def test_asking_for_more_takes_the_earlier_request_back():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    first = shop.ask(order)

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(discount=30), details=OrderDetails(),
        by=shop.seller, at=NOW,
    )  # fmt: skip
    second = shop.ask(order)

    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "waiting")
    assert second.facts["discount_percent"] == "30"


def test_a_request_is_dropped_when_the_document_needs_it_no_more():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    request = shop.ask(order)

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(discount=5), details=OrderDetails(), by=shop.seller,
        at=NOW,
    )  # fmt: skip
    shop.confirm(order)

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("withdrawn", [])


def test_an_amendment_that_makes_it_worse_waits_and_one_that_does_not_goes_through():
    shop = Shop()
    order = shop.confirm(shop.order(quantity=5, discount=12))
    shop.rule()
    line = SalesOrderLine.objects.get(order=order)

    def amended(discount, quantity=5, instead="amend"):
        wish = LineInput(
            id=line.id, product_id=shop.product.id, quantity=Decimal(quantity), discount_percent=Decimal(discount)
        )
        return amend_order(
            order_id=order.id,
            version=None,
            lines=[wish],
            by=shop.seller,
            at=NOW,
            reason="Lebih banyak",
            instead=instead,
        )

    assert amended(12, quantity=4).version == order.version + 1
    with pytest.raises(ApprovalNeeded):
        amended(20)
    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 12

    amended(20, instead="ask")
    request = ApprovalRequest.objects.get()
    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 12
    assert request.facts["discount_percent"] == "20"
    shop.say(request, shop.manager)
    amended(20)

    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 20


def test_a_revised_quotation_keeps_the_yes_it_has():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)
    shop.send(quotation)

    revise_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)
    shop.send(quotation)

    assert Quotation.objects.get(pk=quotation.id).status == "sent"
    assert ApprovalStep.objects.count() == 1


@pytest.mark.parametrize("lines", [1, 40])
def test_rules_cost_one_statement_whatever_their_number_and_the_lines(lines):
    shop = Shop()
    few, many = ([*shop.lines()] * lines for _turn in range(2))
    plain = make_order(shop.world, few, customer=shop.customer, by=shop.seller)
    ruled = make_order(shop.world, many, customer=shop.customer, by=shop.seller)
    shop.confirm(make_order(shop.world, few, customer=shop.customer, by=shop.seller))

    with CaptureQueriesContext(connection) as without:
        shop.confirm(plain)
    for percent in range(20, 30):
        shop.rule(every(that("discount_percent", "above", str(percent))))
    with CaptureQueriesContext(connection) as with_rules:
        shop.confirm(ruled)

    assert len(with_rules) == len(without) + 1
