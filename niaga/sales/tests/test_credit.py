"""An order that its customer's credit holds: at confirming, amending and shipping, on every path."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.ids import new_id
from niaga.core.models import AuditEntry
from niaga.core.registry import invariants
from niaga.invoicing.models import InvoiceBalance
from niaga.messaging.models import Notice
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from niaga.parties.models import CreditAccount
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.save_group import save_group
from niaga.parties.services.set_credit import set_credit
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.sales.errors import AlreadyAsked, CreditExceeded, CreditOnHold, CreditOverdue, NotHeld, OwnOrder
from niaga.sales.models import CreditDecision, CreditRequest, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.ask_delivery_release import ask_delivery_release
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.confirm_with_choices import confirm_with_choices
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.refuse_release import refuse_release
from niaga.sales.services.release_order import release_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.update_order import update_order
from niaga.stock.models import Delivery
from tests.makers import (
    NOW,
    World,
    log_in,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_payment,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
LIMIT = Decimal(500_000)
DAY = timedelta(days=1)


class Shop:
    """A customer with a limit of 500,000, a product of 100,000 and its tax of 11,000, a seller and finance."""

    def __init__(self, **customer: Any) -> None:
        self.world: World = make_world()
        self.product = make_product(self.world, stock=500)
        self.finance = make_user(self.world.company, "finance", name="Fina")
        self.seller = make_user(self.world.company, "salesperson", name="Sari")
        facts = {"credit_limit": LIMIT, "salesperson_id": self.seller.id, **customer}
        self.customer = make_customer(self.world, **facts)

    def lines(self, quantity: int) -> list[LineInput]:
        return [LineInput(product_id=self.product.id, quantity=Decimal(quantity))]

    def draft(self, quantity: int, by: User | None = None) -> SalesOrder:
        return make_order(self.world, self.lines(quantity), customer=self.customer, by=by or self.seller)

    def confirm(self, order: SalesOrder, **more: Any) -> SalesOrder:
        return confirm_order(order_id=order.id, by=self.seller, at=NOW, **more)

    def confirmed(self, quantity: int) -> SalesOrder:
        return self.confirm(self.draft(quantity))

    def delivery(self, order: SalesOrder) -> UUID:
        return deliver_order(order_id=order.id, by=self.world.owner, at=NOW)

    def ship(self, delivery_id: UUID, at: Any = NOW) -> SalesOrder:
        return ship_order_delivery(delivery_id=delivery_id, by=self.world.owner, at=at)

    def release(self, request: CreditRequest, **more: Any) -> CreditDecision:
        return release_order(request_id=request.id, reason="Pelanggan lama", by=self.finance, at=NOW, **more)

    def set(self, **credit: Any) -> None:
        facts = {"limit": LIMIT, "on_hold": False, "by": self.finance, "at": NOW, **credit}
        set_credit(customer_id=self.customer.id, **facts)

    @property
    def exposure(self) -> Decimal:
        account = CreditAccount.objects.get(customer=self.customer)
        return account.orders + account.invoices - account.advances


def _broken() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for name, check in invariants:
            cursor.execute(check.sql)
            if cursor.fetchall():
                found.append(name)
    return found


def late_invoice(shop: Shop, days: int) -> str:
    """An invoice of the customer that has been due for so many days."""
    invoice = make_issued_invoice(shop.world, shop.lines(1), customer=shop.customer)
    InvoiceBalance.objects.filter(invoice=invoice).update(due_date=NOW.date() - days * DAY)
    return str(invoice.number)


# the limit, of the customer or the group


def test_a_group_says_the_limit_of_members_without_one_of_their_own() -> None:
    shop = Shop(credit_limit=None)
    group = save_group(company_id=shop.world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    shop.customer.__class__.objects.update(group=group)
    rich = make_customer(shop.world, group_id=group.id, credit_limit=Decimal(9_000_000))
    set_credit_policy(
        company_id=shop.world.company.id, overdue_days=None, groups=[GroupCredit(group.id, Decimal(200_000), None)],
        by=shop.finance, at=NOW,
    )  # fmt: skip

    with pytest.raises(CreditExceeded) as refused:
        shop.confirmed(2)
    shop.confirmed(1)
    make_confirmed_order(shop.world, shop.lines(20), customer=rich)
    sister = make_customer(shop.world, group_id=group.id)
    make_confirmed_order(shop.world, shop.lines(1), customer=sister)  # members do not share the limit

    assert refused.value.facts["limit"] == Decimal(200_000)
    assert refused.value.facts["over_by"] == Decimal(22_000)
    assert shop.exposure == Decimal(111_000)
    assert _broken() == []


def test_without_any_limit_a_customer_may_owe_any_amount() -> None:
    shop = Shop(credit_limit=None)

    shop.confirmed(400)

    assert shop.exposure == Decimal(44_400_000)


# an invoice that is late


@pytest.mark.parametrize("path", ["customer", "group", "company"])
def test_an_invoice_that_is_overdue_for_too_long_holds_and_names_itself(path: str) -> None:
    shop = Shop()
    group = save_group(company_id=shop.world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    shop.customer.__class__.objects.update(group=group)
    policy = {"company": 30, "group": 90, "customer": 90}[path]
    of_group = {"company": None, "group": 30, "customer": 90}[path]
    set_credit_policy(company_id=shop.world.company.id, overdue_days=policy, by=shop.finance, at=NOW,
                      groups=[GroupCredit(group.id, None, of_group)])  # fmt: skip
    if path == "customer":
        shop.set(overdue_days=30)
    order = shop.draft(1)
    number = late_invoice(shop, 31)

    with override("en"), pytest.raises(CreditOverdue) as refused:
        shop.confirm(order)

    assert str(refused.value) == f"Invoice {number} is 31 days overdue; 30 are allowed."
    assert (refused.value.facts["invoice"], refused.value.facts["overdue_days"]) == (number, 31)
    order.refresh_from_db()
    assert order.status == "draft"


def test_days_that_are_allowed_hold_nothing_nor_does_a_paid_invoice() -> None:
    shop = Shop()
    shop.set(overdue_days=30)
    late_invoice(shop, 30)
    shop.confirmed(1)
    InvoiceBalance.objects.update(due_date=NOW.date() - 90 * DAY)

    make_payment(shop.world, shop.customer.id, 111_000)

    shop.confirmed(1)


def test_no_day_allowed_holds_from_the_first_day_overdue() -> None:
    shop = Shop()
    shop.set(overdue_days=0)
    order = shop.draft(1)
    late_invoice(shop, 0)
    shop.confirm(order)
    other = shop.draft(1)
    InvoiceBalance.objects.update(due_date=NOW.date() - DAY)

    with pytest.raises(CreditOverdue):
        shop.confirm(other)


# a raise with an end


def test_a_raise_counts_through_its_last_day_and_ends_by_itself() -> None:
    shop = Shop()
    raise_credit(
        customer_id=shop.customer.id, amount=Decimal(100_000), last_day=NOW.date() + DAY, reason="Ramadan",
        by=shop.finance, at=NOW,
    )  # fmt: skip
    first, second = shop.draft(5), shop.draft(5)
    cancel = shop.confirm(first)
    cancel_order(order_id=cancel.id, reason="Batal", by=shop.seller, at=NOW)

    confirm_order(order_id=second.id, by=shop.seller, at=NOW + DAY)
    delivery_id = shop.delivery(second)
    with pytest.raises(CreditExceeded):
        shop.ship(delivery_id, at=NOW + 2 * DAY)
    shop.ship(delivery_id, at=NOW + DAY)

    assert _broken() == []


# checked again when goods leave


def test_shipping_asks_again_whatever_happened_since() -> None:
    shop = Shop()
    order = shop.confirmed(4)
    delivery_id = shop.delivery(order)

    shop.set(on_hold=True)
    with pytest.raises(CreditOnHold):
        shop.ship(delivery_id)
    shop.set(limit=Decimal(400_000))
    with pytest.raises(CreditExceeded) as refused:
        shop.ship(delivery_id)
    shop.set(overdue_days=10)
    late_invoice_of = late_invoice_by_hand(shop)
    with pytest.raises(CreditOverdue):
        shop.ship(delivery_id)
    assert refused.value.facts["over_by"] == Decimal(44_000)
    assert Delivery.objects.get(pk=delivery_id).status == "draft"

    InvoiceBalance.objects.filter(pk=late_invoice_of).update(due_date=NOW.date())
    make_payment(shop.world, shop.customer.id, 111_000)
    shop.ship(delivery_id)
    assert Delivery.objects.get(pk=delivery_id).status == "shipped"


def late_invoice_by_hand(shop: Shop) -> UUID:
    shop.set(limit=LIMIT * 4)
    invoice = make_issued_invoice(shop.world, shop.lines(1), customer=shop.customer)
    balance = InvoiceBalance.objects.get(invoice=invoice)
    InvoiceBalance.objects.filter(pk=balance.pk).update(due_date=NOW.date() - 11 * DAY)
    shop.set(overdue_days=10)
    return balance.pk


def test_nothing_ships_an_order_but_the_verb_that_asks() -> None:
    """And nothing lets a customer owe more for orders without asking."""
    niaga = Path(__file__).resolve().parents[2]
    code = {path: path.read_text() for path in niaga.rglob("*.py") if "/tests/" not in str(path)}

    ships = {path.name for path, text in code.items() if re.search(r"(?<!def )\bship_delivery\(", text)}
    grows = {path.name for path, text in code.items() if re.search(r"orders=(?!-|exposure)\w", text)
             and "post_exposure(" in text and path.name != "post_exposure.py"}  # fmt: skip

    assert ships == {"ship_order_delivery.py"}
    assert grows <= {"confirm_order.py", "issue_invoice.py"}
    for name in ("ship_order_delivery.py", "confirm_order.py", "amend_order.py"):
        text = (niaga / "sales/services" / name).read_text()
        assert "check_credit(" in text, name


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
    assert _broken() == []


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


# statements


def test_asking_the_credit_costs_confirming_and_shipping_no_statement() -> None:
    """Limit, raise, group, days, the oldest invoice and the release come with the rows that are locked anyhow."""
    shop = Shop()
    shop.set(overdue_days=30)
    order = shop.draft(1)
    confirmed = _statements(lambda: shop.confirm(order))
    delivery_id = shop.delivery(order)
    shipped = _statements(lambda: shop.ship(delivery_id))

    about = [sql for sql in confirmed if "parties_creditaccount" in sql and sql.lstrip().startswith("SELECT")]
    assert len(about) == 1
    assert "FOR UPDATE" in about[0]
    assert [sql for sql in confirmed + shipped if sql.startswith("SELECT") and "sales_creditdecision" in sql
            and "FOR UPDATE" not in sql] == []  # fmt: skip
    assert (len(confirmed), len(shipped)) == (10, 5)


def _statements(deed: Any) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as kept:
        deed()
    return [one["sql"] for one in kept.captured_queries if "SAVEPOINT" not in one["sql"]]


# the pages


def test_finance_finds_it_in_the_queue_and_releases_it_with_one_form() -> None:
    shop = Shop()
    order = shop.draft(6)
    seller, finance = log_in(shop.seller), log_in(shop.finance)

    dialog = seller.get(f"/orders/{order.id}/confirmation").content.decode()
    seller.post(f"/orders/{order.id}/credit-request", {"note": "Pesanan Lebaran"})
    request = CreditRequest.objects.get()
    waits = seller.get(f"/orders/{order.id}").content.decode()
    queue = finance.get("/credit-releases").content.decode()
    page = finance.get(f"/credit-releases/{request.id}").content.decode()
    finance.post(f"/credit-releases/{request.id}/release", {"reason": "Pelanggan lama"})
    after = seller.get(f"/orders/{order.id}").content.decode()

    assert f"/orders/{order.id}/credit-request" in dialog
    assert "Pesanan Lebaran" in waits
    assert order.customer.name in queue
    assert "166.000" in queue or "166,000" in queue
    assert "Pesanan Lebaran" in page
    assert "Pelanggan lama" in after
    assert order.customer.name not in finance.get("/credit-releases").content.decode().partition("<main")[2]
    shop.confirm(order)


def test_the_queue_is_three_statements_more_than_none_however_long() -> None:
    shop = Shop()
    finance = log_in(shop.finance)
    ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    finance.get("/credit-releases")
    one = _statements(lambda: finance.get("/credit-releases"))
    for _turn in range(5):
        ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    many = _statements(lambda: finance.get("/credit-releases"))

    assert len(one) == len(many)


def test_who_may_not_decide_sees_no_queue() -> None:
    shop = Shop()
    request = ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    seller = log_in(shop.seller)

    assert seller.get("/credit-releases").status_code == 403
    assert seller.get(f"/credit-releases/{request.id}").status_code == 403
    assert seller.post(f"/credit-releases/{request.id}/release", {"reason": "Ya"}).status_code == 403
    assert not CreditDecision.objects.exists()


def test_shipping_from_the_page_asks_finance_by_itself() -> None:
    shop = Shop()
    delivery_id = shop.delivery(shop.confirmed(4))
    shop.set(limit=Decimal(1))
    owner = log_in(shop.world.owner)

    for _turn in range(2):
        owner.post(f"/deliveries/{delivery_id}/shipment")

    assert Delivery.objects.get(pk=delivery_id).status == "draft"
    assert CreditRequest.objects.get().stage == "ship"


def test_the_limit_is_raised_from_the_queue() -> None:
    shop = Shop()
    order = shop.draft(6)
    request = ask_release(order_id=order.id, by=shop.seller, at=NOW)
    finance = log_in(shop.finance)

    bad = finance.post(f"/credit-releases/{request.id}/raise", {"amount": "banyak", "last_day": "x", "reason": "y"})
    gone = finance.post(
        f"/credit-releases/{request.id}/raise", {"amount": "200.000", "last_day": "2020-01-01", "reason": "y"}
    )
    day = (NOW.date() + 400 * DAY).isoformat()
    far = finance.post(f"/credit-releases/{request.id}/raise", {"amount": "200.000", "last_day": day, "reason": "y"})

    assert (bad.status_code, gone.status_code, far.status_code) == (422, 422, 422)
    assert CreditAccount.objects.get(customer=shop.customer).raised == 0


# the API


def _api(user: User) -> Any:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=NOW)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_by_the_api_an_order_is_asked_about_and_released() -> None:
    shop = Shop()
    order = shop.draft(6)
    seller, finance = _api(shop.seller), _api(shop.finance)

    refused = seller.post(f"/api/v1/orders/{order.id}/confirmation", content_type="application/json")
    asked = seller.post(
        f"/api/v1/orders/{order.id}/credit-requests", {"note": "Lebaran"}, content_type="application/json"
    )
    listed = finance.get("/api/v1/credit-requests?state=open").json()["items"]
    key = asked.json()["id"]
    no = seller.post(f"/api/v1/credit-requests/{key}/release", {"reason": "Ya"}, content_type="application/json")
    done = finance.post(f"/api/v1/credit-requests/{key}/release", {"reason": "Ya"}, content_type="application/json")
    confirmed = seller.post(f"/api/v1/orders/{order.id}/confirmation", content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "credit_exceeded")
    assert (asked.status_code, asked.json()["waits_for"], asked.json()["over_by"]) == (201, ["over_limit"], "166000")
    assert [one["id"] for one in listed] == [key]
    assert no.status_code == 403
    assert (done.json()["state"], done.json()["released_up_to"]) == ("released", "666000")
    assert confirmed.status_code == 200


def test_by_the_api_a_delivery_is_asked_about() -> None:
    shop = Shop()
    delivery_id = shop.delivery(shop.confirmed(4))
    shop.set(limit=Decimal(1))
    owner = _api(shop.world.owner)

    refused = owner.post(f"/api/v1/deliveries/{delivery_id}/shipment", content_type="application/json")
    asked = owner.post(f"/api/v1/deliveries/{delivery_id}/credit-requests", content_type="application/json")
    again = owner.post(f"/api/v1/deliveries/{delivery_id}/credit-requests", content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "credit_exceeded")
    assert (asked.status_code, asked.json()["stage"]) == (201, "ship")
    assert (again.status_code, again.json()["code"]) == (409, "already_asked")


@pytest.mark.parametrize(
    "body", [{"amount": "NaN"}, {"amount": "-1"}, {"amount": 1e40}, {"amount": "1"}, {"note": "x" * 1001}, "x"]
)
def test_by_the_api_nonsense_is_refused(body: Any) -> None:
    shop = Shop()
    order = shop.draft(6)

    answer = _api(shop.seller).post(f"/api/v1/orders/{order.id}/credit-requests", body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert not CreditRequest.objects.exists()
