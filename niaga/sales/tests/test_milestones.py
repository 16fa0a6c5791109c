"""An order billed by milestones: together they are the order, to the last rupiah, and each is billed once."""

import os
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.errors import BilledAlready
from niaga.sales.models import BillingCause, Milestone, SalesOrder
from niaga.sales.queries.milestones import milestones_of
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.milestones import BadMilestones, Part, check_milestones, expected
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.bill_milestone import bill_milestone
from niaga.sales.services.choose_billing import choose_billing
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_due_milestones import note_due_milestones
from niaga.sales.services.plan_milestones import plan_milestones
from niaga.sales.tests.test_billing_rules import line, rule
from tests.makers import NOW, World, log_in, make_confirmed_order, make_product, make_user, make_world

COUNT = int(os.environ.get("NIAGA_EXAMPLES", "2000"))
D = Decimal
THREE = (Part("Mulai", D(30)), Part("Tengah", D("33.3333")), Part("Selesai", D("36.6667")))


def plan(world: World, order: SalesOrder, parts: Any = THREE, **how: Any) -> list[Milestone]:
    plan_milestones(order_id=order.id, parts=parts, by=world.owner, at=NOW, **how)
    return list(order.milestones.order_by("position"))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([Part("Satu", D(100))], "too_few"),
        ([Part("x", D(1))] * 25, "too_many"),
        ([Part(" ", D(50)), Part("b", D(50))], "unnamed"),
        ([Part("a", D(50)), Part("b", amount=D(500))], "mixed"),
        ([Part("a", D(110)), Part("b", D(-10))], "not_positive"),
        ([Part("a", D("NaN")), Part("b", D(50))], "not_positive"),
        ([Part("a", D("33.33333")), Part("b", D("66.66667"))], "too_fine"),
        ([Part("a", amount=D("400.5")), Part("b", amount=D("599.5"))], "too_fine"),
        ([Part("a", D(50), date=date(2999, 1, 1)), Part("b", D(50))], "too_far"),
        ([Part("a", D(50)), Part("b", D("49.9999"))], "differs"),
        ([Part("a", amount=D(400)), Part("b", amount=D(601))], "differs"),
    ],
)
def test_milestones_that_do_not_make_the_order_are_told_why(parts: list[Part], code: str) -> None:
    with pytest.raises(BadMilestones) as told:
        check_milestones(parts, total=D(1000), currency="IDR")

    assert told.value.code == code


@settings(max_examples=COUNT // 10, deadline=None)
@given(st.integers(1, 10**12), st.lists(st.integers(1, 999_999), min_size=1, max_size=8, unique=True))
def test_what_milestones_are_expected_to_come_to_is_the_order(total: int, cuts: list[int]) -> None:
    points = [0, *sorted(cuts), 1_000_000]
    shares = [D(after - before) / 10_000 for before, after in pairwise(points)]

    parts = expected([(share, None) for share in shares], total=D(total), currency="IDR")

    assert sum(shares) == 100
    assert sum(parts) == total


@pytest.mark.django_db
def test_milestones_are_billed_one_by_one_and_together_are_the_order_to_the_last_rupiah() -> None:
    world = make_world()
    rule(world, "confirmation")
    lines = [LineInput(product_id=make_product(world, stock=100).id, quantity=D(q)) for q in (3, 7)]
    order = make_confirmed_order(world, [*lines, LineInput(
        product_id=lines[0].product_id, quantity=D(1), discount_percent=D("33.33"))])  # fmt: skip
    milestones = plan(world, order, issues=True)

    by_rule = note_confirmed(order_id=order.id, at=NOW)
    for one in [*milestones, *milestones]:
        bill_milestone(milestone_id=one.pk, by=world.owner, at=NOW)

    bills = list(Invoice.objects.order_by("created_at", "id"))
    order.refresh_from_db()
    assert by_rule is None
    assert [one.kind for one in bills] == ["down_payment", "down_payment", "invoice"]
    assert {one.status for one in bills} == {"issued"}
    assert sum(one.total for one in bills) == order.total
    assert sum(one.tax for one in bills) == order.tax
    assert (order.invoice_progress, order.exposure) == ("done", 0)
    assert [one.expected for one in milestones_of(order=order)] == [one.total for one in bills]


@pytest.mark.django_db
def test_amounts_come_to_exactly_what_was_planned() -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    parts = [Part("Tanda jadi", amount=D(100_001)), Part("Pelunasan", amount=order.total - 100_001)]

    for one in plan(world, order, parts, issues=True):
        bill_milestone(milestone_id=one.pk, by=world.owner, at=NOW)

    assert sorted(Invoice.objects.values_list("total", flat=True)) == [100_001, 343_999]


@pytest.mark.django_db
def test_a_milestone_is_billed_on_its_day_once_and_a_missed_day_is_taken_up() -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    day = NOW.date() + timedelta(days=3)
    plan(world, order, [Part("Mulai", D(40), date=day), Part("Selesai", D(60))])

    early = note_due_milestones(at=NOW)
    late = note_due_milestones(at=NOW + timedelta(days=9))
    for cause_id in [*late, *late]:
        bill_cause(cause_id=cause_id, by=SYSTEM, at=NOW)
    again = note_due_milestones(at=NOW + timedelta(days=9))

    assert (early, len(late), again) == ([], 1, [])
    assert list(Invoice.objects.values_list("kind", "status", "total")) == [("down_payment", "draft", 177_600)]


@pytest.mark.django_db
def test_the_last_milestone_waits_until_the_others_are_issued() -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    first, last = plan(world, order, [Part("Mulai", D(40)), Part("Selesai", D(60))])
    draft = bill_milestone(milestone_id=first.pk, by=world.owner, at=NOW)

    waits = bill_milestone(milestone_id=last.pk, by=world.owner, at=NOW)
    states = [one.state for one in milestones_of(order=order)]
    assert draft.invoice_id is not None
    issue_invoice(invoice_id=draft.invoice_id, by=world.owner, at=NOW)
    done = bill_milestone(milestone_id=last.pk, by=world.owner, at=NOW)

    assert (waits.code, waits.invoice_id, states) == ("earlier_milestones", None, ["draft", "waiting"])
    assert done.invoice is not None
    assert done.invoice.total == D(266_400)


@pytest.mark.django_db
def test_a_milestone_whose_draft_was_discarded_is_billed_again_and_the_plan_is_free_meanwhile() -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    first, _last = plan(world, order, [Part("Mulai", D(40)), Part("Selesai", D(60))])
    made = bill_milestone(milestone_id=first.pk, by=world.owner, at=NOW)
    with pytest.raises(BilledAlready):
        plan(world, order)
    with pytest.raises(BilledAlready):
        choose_billing(order_id=order.id, way="by_hand", by=world.owner, at=NOW)
    assert made.invoice_id is not None
    discard_invoice(invoice_id=made.invoice_id, by=world.owner, at=NOW)

    again = bill_milestone(milestone_id=first.pk, by=world.owner, at=NOW)
    assert again.invoice_id not in (None, made.invoice_id)
    discard_invoice(invoice_id=again.invoice_id, by=world.owner, at=NOW)
    three = plan(world, order)

    assert [one.name for one in three] == ["Mulai", "Tengah", "Selesai"]
    assert BillingCause.objects.count() == 1


@pytest.mark.django_db
def test_another_way_lets_milestones_go_and_a_draft_order_bills_none() -> None:
    world, stranger = make_world(), make_world()
    order = make_confirmed_order(world, line(world))
    first = plan(world, order)[0]
    choose_billing(order_id=order.id, way="by_hand", by=world.owner, at=NOW)
    seller = make_user(world.company, "salesperson")

    for who, error in ((world.owner, WrongState), (stranger.owner, NotFound), (seller, (NotFound, Forbidden))):
        with pytest.raises(error):
            bill_milestone(milestone_id=first.pk, by=who, at=NOW)
    with pytest.raises(Invalid):
        plan(world, order, THREE[:2])
    with pytest.raises(Forbidden):
        plan_milestones(order_id=order.id, parts=THREE, issues=True, by=make_user(world.company, "sales_admin"), at=NOW)

    assert milestones_of(order=order) == []
    assert Invoice.objects.count() == 0


@pytest.mark.django_db
def test_milestones_are_planned_on_a_page_billed_on_the_orders_page_and_told_by_the_api() -> None:
    world = make_world()
    order = make_confirmed_order(world, line(world))
    browser, page = log_in(world.owner), f"/orders/{order.id}"
    token = create_token(user_id=world.owner.id, name="api", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    rows = {"unit": "percent", "name": ["Mulai", "Selesai"], "date": ["2099-12-01", ""]}

    wrong = browser.post(f"{page}/milestones", {**rows, "share": ["40", "50"]})
    browser.post(f"{page}/milestones", {**rows, "share": ["40", "60"]})
    shown = browser.get(page).content.decode()
    first = Milestone.objects.get(position=1)
    billed = browser.post(f"/milestones/{first.pk}/invoice")
    told = api.get(f"/api/v1{page}/milestones").json()["items"]

    assert (wrong.status_code, 'value="50"' in wrong.content.decode()) == (422, True)
    assert f"/milestones/{first.pk}/invoice" in shown
    assert billed.headers["Location"] == f"/invoices/{Invoice.objects.get().pk}"
    assert [(one["name"], one["state"]) for one in told] == [("Mulai", "draft"), ("Selesai", "planned")]
