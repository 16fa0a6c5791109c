"""An order that waits for its customer's credit goes on when they pay: once, and only as far as there is room."""

from decimal import Decimal

import pytest

from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.sales.models import CreditFreed, SalesOrder
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.free_held import free_held
from niaga.sales.tests.credit_shop import Shop
from tests.makers import NOW, make_issued_invoice, make_payment

pytestmark = pytest.mark.django_db


def waiting(shop: Shop, quantity: int = 3) -> SalesOrder:
    """An order that the limit of 500,000 holds: 444,000 are owed."""
    make_issued_invoice(shop.world, shop.lines(4), customer=shop.customer)
    order = shop.draft(quantity)
    ask_release(order_id=order.id, by=shop.seller, at=NOW)
    return order


def goes_on(shop: Shop) -> None:
    set_credit_policy(
        company_id=shop.world.company.id, overdue_days=None, confirms_when_free=True, by=shop.finance, at=NOW
    )


def test_the_seller_is_told_once_that_a_paid_customers_order_is_free_again() -> None:
    shop = Shop()
    order = waiting(shop)
    assert free_held(customer_id=shop.customer.id, at=NOW) == []
    make_payment(shop.world, shop.customer.id, 444_000)

    first, again = (free_held(customer_id=shop.customer.id, at=NOW) for _time in range(2))

    assert (first, again) == ([order.id], [])
    assert SalesOrder.objects.get(pk=order.id).status == "draft"
    assert Notice.objects.filter(user_id=shop.seller.id, text__contains="free again").count() == 1
    assert AuditEntry.objects.filter(subject_id=order.id, verb="free_again").count() == 1


def test_by_the_companys_policy_it_is_confirmed_by_itself_once() -> None:
    shop = Shop()
    order = waiting(shop)
    goes_on(shop)
    make_payment(shop.world, shop.customer.id, 444_000)

    free_held(customer_id=shop.customer.id, at=NOW)
    free_held(customer_id=shop.customer.id, at=NOW)

    assert SalesOrder.objects.get(pk=order.id).status == "confirmed"
    assert CreditFreed.objects.get().confirmed
    assert AuditEntry.objects.filter(subject_id=order.id, verb="confirm").count() == 1
    assert shop.exposure == Decimal(333_000)


def test_too_little_money_frees_nothing() -> None:
    shop = Shop()
    order = waiting(shop)
    goes_on(shop)
    make_payment(shop.world, shop.customer.id, 276_999)  # 277,000 would make room for 333,000

    assert free_held(customer_id=shop.customer.id, at=NOW) == []
    assert (SalesOrder.objects.get(pk=order.id).status, CreditFreed.objects.count()) == ("draft", 0)


def test_of_two_that_wait_only_the_older_goes_on_when_there_is_room_for_one() -> None:
    shop = Shop()
    order, later = waiting(shop), shop.draft(3)
    ask_release(order_id=later.id, by=shop.seller, at=NOW)
    goes_on(shop)
    make_payment(shop.world, shop.customer.id, 444_000)

    assert free_held(customer_id=shop.customer.id, at=NOW) == [order.id]
    assert SalesOrder.objects.get(pk=later.id).status == "draft"
    assert shop.exposure == Decimal(333_000)


def test_what_else_stands_against_it_is_told_and_not_forced() -> None:
    shop = Shop()
    order = waiting(shop)
    make_issued_invoice(shop.world, shop.lines(494))  # the shelf is empty but for two
    goes_on(shop)
    make_payment(shop.world, shop.customer.id, 444_000)

    assert free_held(customer_id=shop.customer.id, at=NOW) == [order.id]
    assert SalesOrder.objects.get(pk=order.id).status == "draft"
    assert not CreditFreed.objects.get().confirmed
