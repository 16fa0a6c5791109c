"""Finance lets one order by, or does not: for whom, up to what, by whom."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.ids import new_id
from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.sales.errors import AlreadyAsked, CreditExceeded, CreditOnHold, NotHeld, OwnOrder
from niaga.sales.models import CreditDecision, CreditRequest
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.ask_delivery_release import ask_delivery_release
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_with_choices import confirm_with_choices
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.refuse_release import refuse_release
from niaga.sales.services.release_order import release_order
from niaga.sales.services.update_order import update_order
from niaga.sales.tests.credit_shop import DAY, LIMIT, Shop
from tests.makers import (
    NOW,
    make_customer,
    make_order,
    make_world,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


# the release of one order


def test_a_release_lets_one_order_by_for_confirming_and_for_shipping() -> None:
    shop = Shop()
    order, other = shop.draft(6), shop.draft(6)
    with pytest.raises(CreditExceeded):
        shop.confirm(order)
    request = ask_release(order_id=order.id, note="Pesanan Lebaran", by=shop.seller, at=NOW)

    decision = shop.release(request)

    shop.confirm(order)
    shop.ship(shop.delivery(order))
    with pytest.raises(CreditExceeded):
        shop.confirm(other)
    assert (decision.released, decision.amount, decision.decided_by_id) == (True, Decimal(666_000), shop.finance.id)
    kept = AuditEntry.objects.get(verb="release_order")
    assert (kept.actor_id, kept.note, kept.subject_id) == (shop.finance.id, "Pelanggan lama", order.id)
    assert Notice.objects.filter(user_id=shop.seller.id, subject_id=order.id).count() == 1
    assert broken_promises() == []


def test_a_release_is_for_no_larger_order() -> None:
    shop = Shop()
    order = shop.draft(6)
    shop.release(ask_release(order_id=order.id, by=shop.seller, at=NOW))
    update_order(order_id=order.id, version=None, customer_id=None, lines=shop.lines(7), details=OrderDetails(),
                 by=shop.seller, at=NOW)  # fmt: skip

    with pytest.raises(CreditExceeded):
        shop.confirm(order)
    again = ask_release(order_id=order.id, by=shop.seller, at=NOW)

    assert again.amount == Decimal(777_000)
    shop.release(again)
    shop.confirm(order)


def test_an_amendment_is_asked_about_by_its_new_total() -> None:
    shop = Shop()
    order = shop.confirmed(4)
    larger = [LineInput(id=order.lines.get().id, product_id=shop.product.id, quantity=Decimal(6))]
    amend = {"order_id": order.id, "version": None, "lines": larger, "by": shop.seller, "at": NOW}
    with pytest.raises(CreditExceeded):
        amend_order(**amend)
    with pytest.raises(Invalid):
        ask_release(order_id=order.id, by=shop.seller, at=NOW)
    request = ask_release(order_id=order.id, amount=Decimal(600_000), by=shop.seller, at=NOW)
    shop.release(request)

    with pytest.raises(CreditExceeded):
        amend_order(**amend)  # 666,000 is more than was released
    shop.release(ask_release(order_id=order.id, amount=Decimal(666_000), by=shop.seller, at=NOW))
    amend_order(**amend)

    assert shop.exposure == Decimal(666_000)
    shop.ship(shop.delivery(order))


def test_a_release_does_not_go_with_the_order_to_another_customer() -> None:
    shop = Shop()
    order = shop.draft(6)
    shop.release(ask_release(order_id=order.id, by=shop.seller, at=NOW))
    other = make_customer(shop.world, credit_limit=LIMIT, salesperson_id=shop.seller.id)
    update_order(order_id=order.id, version=None, customer_id=other.id, lines=shop.lines(6), details=OrderDetails(),
                 by=shop.seller, at=NOW)  # fmt: skip

    with pytest.raises(CreditExceeded):
        shop.confirm(order)


def test_a_hold_by_hand_voids_the_releases_before_it_and_not_those_after() -> None:
    shop = Shop()
    order = shop.draft(6)
    shop.release(ask_release(order_id=order.id, by=shop.seller, at=NOW))
    shop.confirm(order)
    delivery_id = shop.delivery(order)

    shop.set(on_hold=True, at=NOW + DAY)
    with pytest.raises(CreditOnHold):
        shop.ship(delivery_id, at=NOW + DAY)
    request = ask_delivery_release(delivery_id=delivery_id, by=shop.world.owner, at=NOW + DAY)
    release_order(request_id=request.id, reason="Sudah bicara", by=shop.finance, at=NOW + 2 * DAY)

    shop.ship(delivery_id, at=NOW + 2 * DAY)


def test_cancelling_and_writing_anew_passes_no_limit() -> None:
    shop = Shop()
    order = shop.draft(6)
    shop.release(ask_release(order_id=order.id, by=shop.seller, at=NOW))
    shop.confirm(order)
    cancel_order(order_id=order.id, reason="Batal", by=shop.seller, at=NOW)
    again = shop.draft(6)

    with pytest.raises(CreditExceeded):
        shop.confirm(again)
    with pytest.raises(WrongState):
        shop.confirm(order)
    with pytest.raises(CreditExceeded):
        confirm_with_choices(order_id=again.id, version=None, prices="keep", choices={}, by=shop.seller, at=NOW)

    assert shop.exposure == 0


def test_a_limit_is_not_passed_by_making_an_order_small_and_large_again() -> None:
    shop = Shop()
    order = shop.confirmed(4)
    line_id = order.lines.get().id

    def amend(quantity: int) -> None:
        lines = [LineInput(id=line_id, product_id=shop.product.id, quantity=Decimal(quantity))]
        amend_order(order_id=order.id, version=None, lines=lines, by=shop.seller, at=NOW)

    amend(1)
    shop.confirmed(3)
    with pytest.raises(CreditExceeded):
        amend(4)

    assert shop.exposure == Decimal(444_000)


# who may, and who may not


def test_nobody_releases_their_own_order() -> None:
    shop = Shop()
    boss = shop.world.owner
    own = make_order(shop.world, shop.lines(6), customer=shop.customer, by=boss)
    request = ask_release(order_id=own.id, by=shop.world.owner, at=NOW)

    with pytest.raises(OwnOrder):
        release_order(request_id=request.id, reason="Saya sendiri", by=boss, at=NOW)
    with pytest.raises(OwnOrder):
        refuse_release(request_id=request.id, reason="Saya sendiri", by=boss, at=NOW)
    with pytest.raises(Forbidden):
        release_order(request_id=request.id, reason="Saya", by=shop.seller, at=NOW)

    assert not CreditDecision.objects.exists()
    shop.release(request)


def test_another_company_does_not_know_of_it() -> None:
    shop, stranger = Shop(), make_world().owner
    request = ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)

    with pytest.raises(NotFound):
        release_order(request_id=request.id, reason="Ya", by=stranger, at=NOW)
    with pytest.raises(NotFound):
        release_order(request_id=new_id(), reason="Ya", by=shop.finance, at=NOW)

    assert not CreditDecision.objects.exists()


def test_it_is_asked_once_decided_once_and_with_a_reason() -> None:
    shop = Shop()
    order = shop.draft(6)
    request = ask_release(order_id=order.id, by=shop.seller, at=NOW)

    with pytest.raises(AlreadyAsked):
        ask_release(order_id=order.id, by=shop.seller, at=NOW)
    with pytest.raises(Invalid):
        release_order(request_id=request.id, reason="  ", by=shop.finance, at=NOW)
    with pytest.raises(Invalid):
        shop.release(request, amount=Decimal(600_000))  # less than the order: it would not let it by
    refuse_release(request_id=request.id, reason="Lunasi dulu", by=shop.finance, at=NOW)
    with pytest.raises(WrongState):
        shop.release(request)
    with pytest.raises(CreditExceeded):
        shop.confirm(order)
    ask_release(order_id=order.id, by=shop.seller, at=NOW)

    assert CreditDecision.objects.get().released is False
    assert CreditRequest.objects.count() == 2


def test_nobody_is_asked_about_what_nothing_stands_against() -> None:
    shop = Shop()
    small = shop.draft(1)
    gone = shop.draft(1)
    cancel_order(order_id=gone.id, reason="Batal", by=shop.seller, at=NOW)

    with pytest.raises(NotHeld):
        ask_release(order_id=small.id, by=shop.seller, at=NOW)
    with pytest.raises(WrongState):
        ask_release(order_id=gone.id, by=shop.seller, at=NOW)
    shop.confirm(small)
    with pytest.raises(NotHeld):
        ask_delivery_release(delivery_id=shop.delivery(small), by=shop.world.owner, at=NOW)

    assert not CreditRequest.objects.exists()


def test_requests_and_decisions_are_only_ever_added() -> None:
    shop = Shop()
    shop.release(ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW))

    for table in ("sales_creditrequest", "sales_creditdecision"):
        for sql in (f"UPDATE {table} SET amount = 1", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match=r"only ever added|permission denied"), transaction.atomic():
                connection.cursor().execute(sql)
