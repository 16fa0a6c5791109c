"""How one order is billed, whatever the rule of its customer says."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.models import AuditEntry
from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.parties.models import Customer
from niaga.sales.errors import BilledAlready
from niaga.sales.models import BillingCause, BillingChoice, SalesOrder
from niaga.sales.rules.billing_period import ends
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.choose_billing import choose_billing
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.note_choice import note_choice
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_periods import note_periods
from niaga.sales.tests.test_billing_rules import NEXT_MONDAY, bill, line, rule, ship
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_user, make_world


def choose(world: World, order: SalesOrder, way: str, *, period: str = "", issues: bool = False) -> list[UUID]:
    """What was chosen, and what its job then does."""
    choose_billing(order_id=order.id, way=way, period=period, issues=issues, by=world.owner, at=NOW)
    causes = note_choice(order_id=order.id, at=NOW)
    for cause_id in causes:
        bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)
    return causes


def test_a_day_ends_the_periods_that_it_is_the_last_of() -> None:
    sunday_the_15th = (NOW + timedelta(days=-8)).date()

    assert (sunday_the_15th.isoformat(), ends("week", sunday_the_15th)) == ("2026-11-15", True)
    assert (ends("half_month", sunday_the_15th), ends("month", sunday_the_15th)) == (True, False)


@pytest.mark.django_db
def test_an_order_by_hand_is_left_out_though_its_customer_is_billed_at_confirmation() -> None:
    world = make_world()
    rule(world, "confirmation")
    order = make_confirmed_order(world, line(world))

    choose(world, order, "by_hand")

    assert note_confirmed(order_id=order.id, at=NOW) is None
    assert Invoice.objects.count() == 0


@pytest.mark.django_db
def test_a_choice_holds_at_once_for_what_was_confirmed_and_delivered_before_and_once() -> None:
    world = make_world()
    whole, parts = (make_confirmed_order(world, line(world)) for _n in range(2))
    ship(world, parts, 1)
    ship(world, parts, 2)

    for _turn in range(2):
        note_choice(order_id=whole.id, at=NOW)
    choose(world, whole, "confirmation", issues=True)
    choose(world, parts, "delivery")
    again = [*note_choice(order_id=whole.id, at=NOW), *note_choice(order_id=parts.id, at=NOW)]

    bills = Invoice.objects.order_by("created_at", "id").values_list("status", "total")
    assert sorted(bills) == [("draft", 111_000), ("draft", 222_000), ("issued", 444_000)]
    assert again == []


@pytest.mark.django_db
def test_what_waits_by_the_rule_is_let_go_by_the_choice_and_comes_back_without_it() -> None:
    world = make_world()
    customer = make_customer(world)
    rule(world, "confirmation", customer=customer)
    order = make_confirmed_order(world, line(world), customer=customer)
    Customer.objects.filter(pk=customer.pk).update(archived_at=NOW)
    waiting = bill(note_confirmed(order_id=order.id, at=NOW))
    Customer.objects.filter(pk=customer.pk).update(archived_at=None)

    choose(world, order, "delivery")
    let_go = BillingCause.objects.get()
    choose(world, order, "", issues=True)
    back = BillingCause.objects.get()

    assert (waiting.code, let_go.code, let_go.invoice_id) == ("customer_archived", "chosen_otherwise", None)
    assert back.invoice is not None
    assert (back.invoice.status, back.invoice.total) == ("draft", Decimal(444_000))


@pytest.mark.django_db
def test_a_cause_noted_a_moment_before_the_choice_bills_nothing_after_it() -> None:
    world = make_world()
    rule(world, "confirmation", issues=True)
    order = make_confirmed_order(world, line(world))
    noted = note_confirmed(order_id=order.id, at=NOW)

    choose_billing(order_id=order.id, way="by_hand", by=world.owner, at=NOW)

    assert bill(noted).code == "chosen_otherwise"
    assert Invoice.objects.count() == 0


@pytest.mark.django_db
def test_an_order_chosen_for_the_periods_end_joins_those_under_the_rule_and_one_draft_makes_it_a_draft() -> None:
    world = make_world()
    customer = make_customer(world)
    rule(world, "period", customer=customer, period="week", issues=True)
    under_rule, chosen, monthly, by_hand = (
        make_confirmed_order(world, line(world), customer=customer) for _n in range(4)
    )
    stranger = make_confirmed_order(world, line(world))
    choose(world, chosen, "period", period="week")
    choose(world, monthly, "period", period="month")
    choose(world, by_hand, "by_hand")
    choose(world, stranger, "period", period="week", issues=True)
    for order in (under_rule, chosen, monthly, by_hand, stranger):
        ship(world, order, 1)

    for _turn in range(2):
        for cause_id in note_periods(at=NEXT_MONDAY):
            bill(cause_id, NEXT_MONDAY)

    assert sorted(Invoice.objects.values_list("status", "total", "source_numbers")) == [
        ("draft", 222_000, [under_rule.number, chosen.number]), ("issued", 111_000, [stranger.number])
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_choice_is_refused_once_something_is_billed_but_not_for_a_down_payment() -> None:
    world = make_world()
    order, ended = make_confirmed_order(world, line(world)), make_confirmed_order(world, line(world))
    cancel_order(order_id=ended.id, reason="", by=world.owner, at=NOW)
    invoice_down_payment(order_id=order.id, percent=Decimal(50), by=world.owner, at=NOW)
    choose(world, order, "by_hand")
    invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)

    with pytest.raises(BilledAlready):
        choose(world, order, "delivery")
    with pytest.raises(WrongState):
        choose(world, ended, "delivery")

    assert list(BillingChoice.objects.values_list("order_id", "way")) == [(order.id, "by_hand")]
    assert AuditEntry.objects.filter(verb="choose_billing").count() == 1


@pytest.mark.django_db
def test_who_may_write_an_orders_invoices_chooses_and_who_may_issue_them_has_them_issued() -> None:
    world, stranger = make_world(), make_world()
    order = make_confirmed_order(world, line(world))
    admin, foreign = make_user(world.company, "sales_admin"), stranger.owner
    stock = make_user(world.company, "warehouse")
    choice = {"order_id": order.id, "way": "delivery", "at": NOW}

    choose_billing(**choice, by=admin)
    with pytest.raises(Forbidden):
        choose_billing(**choice, issues=True, by=admin)
    with pytest.raises((Forbidden, NotFound)):
        choose_billing(**choice, by=stock)
    with pytest.raises((Forbidden, NotFound)):
        choose_billing(**choice, by=foreign)
    with pytest.raises(Invalid):
        choose(world, order, "period")
    with pytest.raises(Invalid):
        choose(world, order, "whenever")

    assert list(BillingChoice.objects.values_list("way", "issues")) == [("delivery", False)]


@pytest.mark.django_db
def test_the_choice_is_made_on_a_page_of_the_order_and_told_on_it_and_by_the_api(client: Client) -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    client.force_login(world.owner)
    page = f"/orders/{order.id}"

    before = client.get(page).content.decode()
    form = client.get(f"{page}/billing").content.decode()
    lacking = client.post(f"{page}/billing", {"way": "period"})
    client.post(f"{page}/billing", {"way": "period", "period": "week", "issues": "on"})
    after = client.get(page).content.decode()
    token = create_token(user_id=world.owner.id, name="api", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    told = api.get(f"/api/v1/orders/{order.id}/billing").json()
    left = api.put(f"/api/v1/orders/{order.id}/billing", {"way": ""}, content_type="application/json").json()

    assert f"{page}/billing" in before
    assert 'name="issues"' in form
    assert lacking.status_code == 422
    assert "Each week, to Sunday; issued at once" in after or "Setiap minggu" in after
    chosen = {"way": "period", "period": "week", "issues": True}
    none = {"way": "", "period": "", "issues": False}
    assert told == {**chosen, "holds": chosen}
    assert left == {**none, "holds": {**none, "way": "by_hand"}}
