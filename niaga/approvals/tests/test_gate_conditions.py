"""What a rule may be about besides the margin: value, payment term, credit, territory, team and days."""

from decimal import Decimal

import pytest

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.tests.shop import Shop, every, some, that
from niaga.organization.services.keep_territory import keep_territory
from niaga.parties.models import PaymentTerm
from niaga.parties.services.set_credit import set_credit
from tests.makers import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_any_and_all_join_to_every_expression():
    shop = Shop()
    shop.rule(
        some(
            every(that("discount_percent", "above", "5"), that("order_value", "above", "1000000")),
            that("payment_term_days", "above", "45"),
        )
    )

    assert shop.confirm(shop.order(quantity=1, discount=6)).status == "confirmed"
    assert shop.confirm(shop.order(quantity=20)).status == "confirmed"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=20, discount=6))


def test_the_value_of_an_order_alone_can_need_a_yes():
    shop = Shop()
    shop.rule(every(that("order_value", "at_least", "1110000")))

    assert shop.confirm(shop.order(quantity=9)).status == "confirmed"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=10))  # 1,110,000 with its tax


def test_a_longer_payment_term_than_usual_waits():
    shop = Shop()
    shop.rule(every(that("payment_term_days", "above", "14")))
    terms = {term.code: term.id for term in PaymentTerm.objects.filter(company=shop.world.company)}

    assert shop.confirm(shop.order(payment_term_id=terms["NET14"])).status == "confirmed"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(payment_term_id=terms["NET30"]))


def test_an_offer_above_the_credit_limit_waits_for_a_yes_before_it_is_made():
    shop = Shop()
    shop.rule(every(that("credit_over_by", "above", "0")))
    set_credit(customer_id=shop.customer.id, limit=Decimal(500_000), on_hold=False, by=shop.owner, at=NOW)
    shop.confirm(shop.order(quantity=3))  # 333,000 of it

    shop.send(shop.quotation(quantity=1))
    with pytest.raises(ApprovalNeeded):
        shop.send(shop.quotation(quantity=2))


def test_a_rule_of_a_territory_is_about_what_lies_in_it():
    shop = Shop()
    java, bali = (
        keep_territory(company_id=shop.world.company.id, name=name, by=shop.owner, at=NOW) for name in ("Jawa", "Bali")
    )
    surabaya = keep_territory(
        company_id=shop.world.company.id, name="Surabaya", parent_id=java, by=shop.owner, at=NOW
    )  # fmt: skip
    shop.rule(territory_id=java)

    for territory, waits in ((bali, False), (java, True), (surabaya, True)):
        shop.customer = make_customer(shop.world, territory_id=territory, salesperson_id=shop.seller.id)
        order = shop.order(discount=20)
        if waits:
            with pytest.raises(ApprovalNeeded):
                shop.confirm(order)
        else:
            assert shop.confirm(order).status == "confirmed"


def test_a_band_a_team_and_days_say_which_documents_a_rule_is_about():
    shop = Shop()
    shop.rule(least=Decimal(500_000), most=Decimal(1_000_000), team_id=shop.team)

    assert shop.confirm(shop.order(quantity=1, discount=20)).status == "confirmed"  # 88,800
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=6, discount=20))  # 532,800
    assert shop.confirm(shop.order(quantity=12, discount=20)).status == "confirmed"  # 1,065,600
