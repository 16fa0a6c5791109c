"""A change of a promise that a rule is about is kept as it was asked for, and made by the yes: once, and as asked."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from niaga.approvals.models import ApprovalRequest, ApprovalRule
from niaga.approvals.tests.shop import OWNER, Shop, every, step, that
from niaga.core.errors import Forbidden
from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.parties.services.set_credit import set_credit
from niaga.pricing.models import PromotionUse
from niaga.pricing.tests.makers import make_price_list
from niaga.sales.errors import ChangeMade, ChangeNotApproved, OrderMoved
from niaga.sales.models import AskedChange, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.apply_change import apply_change, apply_when_approved
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.tests.test_promotions import promote
from niaga.stock.models import Reservation
from tests.api import Api
from tests.makers import NOW, log_in, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


class Asked:
    """Five of a product, 12 % off, promised; asked for: eight of it at 20 % off, and three of another."""

    def __init__(self, **rule: Any) -> None:
        self.shop = shop = Shop()
        self.order = shop.confirm(shop.order(quantity=5, discount=12))
        shop.rule(**rule)
        self.line = SalesOrderLine.objects.get(order=self.order)
        self.other = shop.product_of(cost=Decimal(10_000), price=Decimal(50_000))
        self.ask()

    def ask(self, discount: int = 20, quantity: int = 8, note: str | None = None) -> None:
        first = LineInput(
            id=self.line.id, product_id=self.shop.product.id, quantity=Decimal(quantity),
            discount_percent=Decimal(discount),
        )  # fmt: skip
        second = LineInput(product_id=self.other.id, quantity=Decimal(3))
        amend_order(
            order_id=self.order.id, version=None, lines=[first, second], by=self.shop.seller, at=NOW, note=note,
            reason="Tawar lagi", instead="ask",
        )  # fmt: skip
        self.request = ApprovalRequest.objects.get(status="waiting")

    def approve(self) -> None:
        self.shop.say(self.request, self.shop.manager)

    def now(self) -> SalesOrder:
        return SalesOrder.objects.get(pk=self.order.id)

    def make(self, by: Any = None) -> SalesOrder:
        return apply_change(order_id=self.order.id, request_id=self.request.id, by=by or self.shop.seller, at=LATER)

    def lines(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        rows = SalesOrderLine.objects.filter(order=self.order).order_by("position")
        return [(line.quantity, line.unit_price, line.discount_percent) for line in rows]


AS_PROMISED = [(Decimal(5), Decimal(100_000), Decimal(12))]
AS_ASKED = [(Decimal(8), Decimal(100_000), Decimal(20)), (Decimal(3), Decimal(50_000), Decimal(0))]


def test_the_last_yes_makes_the_change_as_who_asked_for_it():
    asked = Asked(steps=(step({"seat": "manager", "key": ""}), step(OWNER)))

    asked.shop.say(asked.request, asked.shop.manager)
    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False
    assert asked.lines() == AS_PROMISED
    asked.shop.say(asked.request, asked.shop.owner)
    assert apply_when_approved(request_id=asked.request.id, at=LATER) is True

    assert asked.lines() == AS_ASKED
    kept = AskedChange.objects.get()
    assert (kept.made_at, kept.total) == (LATER, asked.now().total)
    entry = AuditEntry.objects.get(subject_id=asked.order.id, verb="amend")
    assert (entry.actor_id, entry.note, entry.data["approval"]) == (
        asked.shop.seller.id, "Tawar lagi", str(asked.request.id),
    )  # fmt: skip
    held = Reservation.objects.filter(source_id=asked.order.id)
    assert {row.product_id: row.quantity for row in held} == {asked.shop.product.id: 8, asked.other.id: 3}


def test_asking_changes_nothing_of_the_order():
    asked = Asked()

    assert asked.lines() == AS_PROMISED
    assert (asked.now().version, asked.now().total) == (asked.order.version, asked.order.total)
    assert not AuditEntry.objects.filter(subject_id=asked.order.id, verb="amend").exists()


def test_nothing_is_made_twice():
    asked = Asked()
    asked.approve()
    assert apply_when_approved(request_id=asked.request.id, at=LATER) is True
    version = asked.now().version

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False
    with pytest.raises(ChangeMade):
        asked.make()

    assert asked.now().version == version
    assert AuditEntry.objects.filter(subject_id=asked.order.id, verb="amend").count() == 1
    assert AskedChange.objects.get().refused_at is None


@pytest.mark.parametrize("answer", ["none", "no"])
def test_without_a_yes_it_is_not_made(answer: str):
    asked = Asked()
    if answer == "no":
        asked.shop.say(asked.request, asked.shop.manager, yes=False)

    with pytest.raises(ChangeNotApproved):
        asked.make()

    assert asked.lines() == AS_PROMISED


def test_the_prices_that_were_approved_hold_whatever_lists_say_meanwhile():
    asked = Asked()
    make_price_list(asked.shop.world.company, {(asked.other, 0): 44_000})
    asked.approve()

    asked.make()

    assert asked.lines() == AS_ASKED
    new = SalesOrderLine.objects.get(order=asked.order, product=asked.other)
    assert (new.list_price, new.price_is_manual) == (50_000, False)


def test_an_order_that_moved_meanwhile_is_left_alone_and_who_asked_is_told():
    asked = Asked()
    asked.approve()
    wish = LineInput(
        id=asked.line.id, product_id=asked.shop.product.id, quantity=Decimal(4), discount_percent=Decimal(12)
    )
    amend_order(order_id=asked.order.id, version=None, lines=[wish], by=asked.shop.seller, at=NOW)
    Notice.objects.all().delete()

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False

    assert asked.lines() == [(Decimal(4), Decimal(100_000), Decimal(12))]
    kept = AskedChange.objects.get()
    assert (kept.made_at, kept.refused_at, kept.refusal) == (None, LATER, "order_moved")
    assert [(one.user_id, one.url) for one in Notice.objects.all()] == [
        (asked.shop.seller.id, f"/orders/{asked.order.id}")
    ]
    with pytest.raises(OrderMoved):
        asked.make()


def test_a_change_that_credit_stops_is_made_by_one_tap_when_it_does_no_more():
    asked = Asked()
    asked.approve()
    set_credit(
        customer_id=asked.shop.customer.id, limit=None, on_hold=True, note="Giro ditolak", by=asked.shop.owner, at=NOW
    )
    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False
    assert AskedChange.objects.get().refusal == "credit_on_hold"
    assert asked.lines() == AS_PROMISED

    set_credit(customer_id=asked.shop.customer.id, limit=None, on_hold=False, by=asked.shop.owner, at=LATER)
    asked.make()

    assert asked.lines() == AS_ASKED
    assert (AskedChange.objects.get().made_at, AskedChange.objects.get().refusal) == (LATER, "")


def test_what_was_delivered_meanwhile_stays_delivered():
    asked = Asked()
    asked.ask(discount=30, quantity=2)
    asked.approve()
    deliver_order(order_id=asked.order.id, by=asked.shop.owner, at=NOW)

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False

    assert AskedChange.objects.get(request=asked.request).refusal == "line_fixed"
    assert asked.lines() == AS_PROMISED


def test_what_was_invoiced_meanwhile_stays_invoiced():
    asked = Asked()
    asked.approve()
    invoice_order(order_id=asked.order.id, basis="ordered", by=asked.shop.owner, at=NOW)

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False

    assert AskedChange.objects.get().refusal == "line_fixed"
    assert asked.lines() == AS_PROMISED


def test_who_left_makes_no_change_and_another_who_may_does():
    asked = Asked()
    asked.approve()
    asked.shop.seller.is_active = False
    asked.shop.seller.save()

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False
    assert AskedChange.objects.get().refusal == "not_found"
    stranger = make_user(asked.shop.world.company, "warehouse", name="Wawan")
    with pytest.raises(Forbidden):
        asked.make(by=stranger)
    assert asked.lines() == AS_PROMISED

    asked.make(by=asked.shop.owner)

    assert asked.lines() == AS_ASKED


def test_the_note_and_a_promotion_of_a_new_line_come_with_it():
    asked = Asked()
    promotion = promote(asked.shop.world, "percent", 10)
    asked.ask(discount=25, note="Antar pagi")
    asked.approve()

    asked.make()

    assert asked.now().note == "Antar pagi"
    new = SalesOrderLine.objects.get(order=asked.order, product=asked.other)
    assert new.promotion_discount == 15_000
    use = PromotionUse.objects.get(promotion_id=promotion.id)
    assert (use.source_id, use.amount) == (asked.order.id, 15_000)


def test_asking_for_a_worse_change_takes_the_earlier_back_and_only_the_later_is_made():
    asked = Asked()
    first = asked.request
    asked.ask(discount=30)
    asked.approve()

    assert apply_when_approved(request_id=first.id, at=LATER) is False
    assert apply_when_approved(request_id=asked.request.id, at=LATER) is True

    assert asked.lines()[0] == (Decimal(8), Decimal(100_000), Decimal(30))
    assert AskedChange.objects.get(request=first).made_at is None


def test_the_database_keeps_what_was_asked_and_what_was_made():
    asked = Asked()
    for change in ({"lines": []}, {"total": 1, "order_version": 99}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AskedChange.objects.update(**change)
    asked.approve()
    asked.make()

    with pytest.raises(DatabaseError), transaction.atomic():
        AskedChange.objects.update(made_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        AskedChange.objects.all().delete()

    assert AskedChange.objects.get().made_at == LATER


def test_a_rule_that_changed_after_the_yes_asks_anew():
    asked = Asked(name="Diskon")
    asked.approve()
    asked.shop.change(ApprovalRule.objects.get(), condition=every(that("discount_percent", "above", "15")))

    assert apply_when_approved(request_id=asked.request.id, at=LATER) is False

    assert AskedChange.objects.get().refusal == "approval_needed"
    assert asked.lines() == AS_PROMISED


def _page(user: Any, address: str) -> str:
    user.language = "en"
    user.save()
    return log_in(user).get(address, headers={"accept-language": "en"}).content.decode()


def test_its_page_shows_each_line_as_it_shall_be_and_as_it_was(settings):
    settings.LANGUAGE_CODE = "en"
    asked = Asked()
    address = f"/approvals/{asked.request.id}"

    before = _page(asked.shop.manager, address)
    asked.approve()
    apply_when_approved(request_id=asked.request.id, at=LATER)
    after = _page(asked.shop.manager, address)

    assert "Lines as they shall be" in before
    assert "was 5 pcs × 100,000 − 12%" in before
    assert "It is made by itself once it is approved" in before
    assert "The change is made" in after
    assert "was 5 pcs × 100,000 − 12%" in after


def test_one_tap_on_the_order_makes_what_something_stood_in_the_way_of(settings):
    settings.LANGUAGE_CODE = "en"
    asked = Asked()
    asked.approve()
    set_credit(customer_id=asked.shop.customer.id, limit=None, on_hold=True, by=asked.shop.owner, at=NOW)
    apply_when_approved(request_id=asked.request.id, at=LATER)
    address = f"/orders/{asked.order.id}/asked-changes/{asked.request.id}"

    shown = _page(asked.shop.seller, f"/orders/{asked.order.id}")
    request_page = _page(asked.shop.seller, f"/approvals/{asked.request.id}")
    refused = log_in(asked.shop.seller).post(address, headers={"hx-request": "1"})
    set_credit(customer_id=asked.shop.customer.id, limit=None, on_hold=False, by=asked.shop.owner, at=LATER)
    made = log_in(asked.shop.seller).post(address)

    assert "Approved, but not made." in shown
    assert address in shown
    assert address in request_page
    assert refused.status_code == 409
    assert (made.status_code, made["Location"]) == (303, f"/orders/{asked.order.id}")
    assert asked.lines() == AS_ASKED
    assert address not in _page(asked.shop.seller, f"/orders/{asked.order.id}")


def test_a_program_makes_what_was_approved_and_hears_why_not():
    asked = Asked()
    api = Api(asked.shop.seller)
    address = f"orders/{asked.order.id}/amendment-approvals/{asked.request.id}/amendment"

    early = api.send("post", address)
    asked.approve()
    made = api.send("post", address)
    again = api.send("post", address)

    assert (early.status_code, early.json()["code"]) == (409, "change_not_approved")
    assert (made.status_code, made.json()["lines"][0]["quantity"]) == (200, "8")
    assert (again.status_code, again.json()["code"]) == (409, "change_made")
