"""Rules about approvals are in the company's own currency; documents in another are held against them at their rate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.tests.shop import Shop, every, that
from niaga.core.models import AuditEntry
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.tests.makers import make_price_list
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.confirm_order import confirm_order
from tests.makers import NOW
from tests.scenarios.foreign_books import DAY, D, rated

pytestmark = pytest.mark.django_db


def shop_with_dollars(rate: str = "16000") -> Shop:
    shop = Shop()
    choose_currencies(company_id=shop.world.company.id, currencies=["USD"], rate_days=7, by=shop.owner, at=NOW)
    rated(shop.world, ("USD", rate))
    return shop


def dollars(shop: Shop, quantity: int, price: str | None = None) -> SalesOrder:
    order: SalesOrder = shop.order(quantity, price=None if price is None else D(price), currency="USD")  # type: ignore[arg-type]
    return order


def test_the_value_of_an_order_in_dollars_is_held_against_rupiah_at_the_day_s_rate() -> None:
    shop = shop_with_dollars()
    shop.rule(every(that("order_value", "at_least", "11100000")), name="Besar")
    within, beyond, waited = (dollars(shop, quantity, "5") for quantity in (124, 125, 120))

    assert shop.confirm(within).status == "confirmed"  # 688.20 x 16,000
    with pytest.raises(ApprovalNeeded):
        shop.confirm(beyond)  # 693.75 x 16,000 = 11,100,000
    rated(shop.world, ("USD", "16700"), day=DAY + timedelta(days=1))
    with pytest.raises(ApprovalNeeded) as refused:  # 666.00 x 16,700 = 11,122,200; by the rate of then 10,656,000
        confirm_order(order_id=waited.id, by=shop.seller, at=NOW + timedelta(days=1), prices="keep")

    assert refused.value.facts["rules"] == ["Besar"]
    assert SalesOrder.objects.get(pk=waited.pk).status == "draft"
    assert not AuditEntry.objects.filter(subject_id__in=[beyond.id, waited.id], verb="confirm").exists()


def test_what_is_added_to_a_promise_is_held_against_the_rule_at_the_promise_s_rate() -> None:
    shop = shop_with_dollars()
    shop.rule(every(that("order_value", "at_least", "11100000")))
    order = shop.confirm(dollars(shop, 120, "5"))
    [line] = shop.lines(124, price=D(5))  # type: ignore[arg-type]
    rated(shop.world, ("USD", "20000"), day=DAY + timedelta(days=1))

    def amended(quantity: int) -> SalesOrder:
        [stored] = SalesOrder.objects.get(pk=order.pk).lines.all()
        wanted: Any = type(line)(id=stored.id, product_id=line.product_id, quantity=D(quantity), unit_price=D(5))
        return amend_order(order_id=order.id, version=None, lines=[wanted], by=shop.seller, at=NOW + timedelta(days=1))

    assert amended(124).exposure == D(11_011_200)
    with pytest.raises(ApprovalNeeded):
        amended(126)


def test_a_floor_of_a_list_in_dollars_is_of_the_cost_turned_and_told_in_rupiah() -> None:
    shop = shop_with_dollars()
    base = make_price_list(shop.world.company, {(shop.product, 0): 6}, currency="USD", priority=-1)
    export = make_price_list(shop.world.company, currency="USD")
    rule = NewRule("list", base_list_id=base.pk, least_margin=Decimal(25))  # cost 3.75: not below 5.00
    set_rules(price_list_id=export.pk, rules=[rule], by=shop.owner, at=NOW)
    shop.rule(every(that("below_floor", "above", "80000")), name="Di bawah batas")

    assert shop.confirm(dollars(shop, 10, "4.50")).status == "confirmed"  # 5.00 in all below: 80,000
    with pytest.raises(ApprovalNeeded) as refused:
        shop.confirm(dollars(shop, 10, "4.49"))

    assert refused.value.facts["rules"] == ["Di bawah batas"]


def test_without_a_rate_every_limit_in_rupiah_is_passed() -> None:
    shop = shop_with_dollars()
    choose_currencies(company_id=shop.world.company.id, currencies=["USD", "SGD"], rate_days=7, by=shop.owner, at=NOW)
    shop.rule(every(that("order_value", "at_least", "11100000")))
    quotation = shop.quotation(1, price=D("0.5"), currency="SGD")  # type: ignore[arg-type]

    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)

    assert Quotation.objects.get(pk=quotation.pk).status == "draft"
