"""Recurring invoices: once for each period of a plan, in their order, as its terms held when the day came."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.invoicing.models import Invoice
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.parties.models import Customer
from niaga.sales.errors import GoodsInPlan, RhythmFixed
from niaga.sales.models import BillingCause, RecurringPeriod, RecurringPlan, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.recurring import Rhythm, filled, raised, shared, span_of, spans, unknown_places
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.end_plan import end_plan
from niaga.sales.services.forecast_plan import forecast_plan
from niaga.sales.services.mail_recurring import mail_recurring
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_recurring import note_recurring
from niaga.sales.services.pause_plan import pause_plan
from niaga.sales.services.plan_terms import PlanTerms
from niaga.sales.services.resume_plan import resume_plan
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.save_plan import save_plan
from tests.makers import NOW, World, log_in, make_customer, make_product, make_user, make_world
from tests.promises import broken_promises

TODAY = date(2026, 11, 23)
PROMISES = ("billed_by_itself", "recurring_periods", "order_invoices")


def of(rhythm: Rhythm, most: int = 4) -> list[tuple[date, date, date]]:
    return [(one.first, one.last, one.bill_date) for one in spans(rhythm, number=1, most=most)]


def test_a_month_without_the_day_begins_on_its_last_one() -> None:
    rhythm = Rhythm(date(2027, 1, 31), "month", 1, 31)

    assert [one.first for one in spans(rhythm, number=1, most=4)] == [
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)
    ]  # fmt: skip
    assert [one.is_partial for one in spans(rhythm, number=1, most=4)] == [False] * 4


def test_a_leap_day_comes_back_each_year_on_the_last_of_february() -> None:
    rhythm = Rhythm(date(2028, 2, 29), "year", 1, 29)

    assert [one.first for one in spans(rhythm, number=1, most=5)] == [
        date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)
    ]  # fmt: skip


def test_what_lies_before_the_first_day_and_after_the_last_is_a_shorter_period() -> None:
    rhythm = Rhythm(date(2026, 11, 21), "month", 1, 1, end=date(2027, 1, 10))

    found = list(spans(rhythm, number=1, most=9))

    assert [(one.first, one.last, one.days, one.whole) for one in found] == [
        (date(2026, 11, 21), date(2026, 11, 30), 10, 30),
        (date(2026, 12, 1), date(2026, 12, 31), 31, 31),
        (date(2027, 1, 1), date(2027, 1, 10), 10, 31),
    ]
    whole = list(spans(replace(rhythm, pro_rata=False), number=1, most=9))
    assert [one.is_partial for one in whole] == [False] * 3


def test_two_weeks_from_a_monday_and_a_count() -> None:
    rhythm = Rhythm(date(2026, 11, 23), "week", 2, 1, count=2)

    assert of(rhythm) == [
        (date(2026, 11, 23), date(2026, 12, 6), date(2026, 11, 23)),
        (date(2026, 12, 7), date(2026, 12, 20), date(2026, 12, 7)),
    ]
    assert span_of(rhythm, 3) is None


def test_in_arrears_is_billed_after_the_period_and_shifted_past_christmas_and_the_week_end() -> None:
    rhythm = Rhythm(date(2026, 11, 25), "month", 1, 25, in_arrears=True, shifts=True)

    assert of(rhythm, 1) == [(date(2026, 11, 25), date(2026, 12, 24), date(2026, 12, 28))]


def test_prices_go_up_with_each_full_year_and_are_rounded_once() -> None:
    def price(on: date) -> Decimal:
        return raised(Decimal(333_333), percent=Decimal("7.5"), since=date(2026, 11, 1), on=on, currency="IDR")

    assert price(date(2027, 10, 31)) == Decimal(333_333)
    assert price(date(2027, 11, 1)) == Decimal(358_333)
    assert price(date(2028, 11, 1)) == Decimal(385_208)


def test_a_part_is_shared_out_by_days_half_up() -> None:
    assert shared(Decimal(1_000_001), days=15, whole=30, currency="IDR") == Decimal(500_001)


def test_texts_name_their_period_and_nothing_else_in_braces_is_read() -> None:
    span = span_of(Rhythm(date(2026, 12, 1), "month", 1, 1), 1)
    assert span is not None

    assert filled("Sewa {periode}", span=span, language="id") == "Sewa Desember 2026"
    assert filled("{produk} {awal}–{akhir} #{nomor}", span=span, language="en", product="Rent") == (
        "Rent 1 December 2026–31 December 2026 #1"
    )
    assert filled("{0.__class__} {periode", span=span, language="id") == "{0.__class__} {periode"
    assert unknown_places("{bulan} {periode}") == ["bulan"]


def make_plan(world: World, *, customer: Customer | None = None, price: int | None = 1_000_000, **terms: Any) -> Any:
    """Rent at Rp 1.000.000 before tax, from the first of December on."""
    line = LineInput(
        product_id=make_product(world, kind="service", price=Decimal(500_000)).id, quantity=Decimal(1),
        unit_price=None if price is None else Decimal(price),
    )  # fmt: skip
    given = {"name": "Sewa ruko", "start": date(2026, 12, 1), "text": "Sewa {periode}", "issues": True, **terms}
    return save_plan(
        customer_id=(customer or make_customer(world)).id, branch_id=world.branch.id, lines=[line],
        terms=PlanTerms(**given), by=world.owner, at=NOW,
    )  # fmt: skip


def on(day: date) -> datetime:
    return NOW + timedelta(days=(day - TODAY).days)


def run(day: date) -> list[BillingCause]:
    """What the job does on a day."""
    at = on(day)
    return [bill_cause(cause_id=cause_id, by=SYSTEM, at=at) for cause_id in note_recurring(at=at)]


def bills() -> list[tuple[Any, ...]]:
    rows = Invoice.objects.order_by("created_at", "id")
    return [(one.status, one.lines.get().description, one.net) for one in rows]


@pytest.mark.django_db
def test_a_period_is_billed_on_its_day_once_though_the_job_runs_twice() -> None:
    world = make_world()
    save_billing_rule(company_id=world.company.id, customer_id=None, way="confirmation", by=world.owner, at=NOW)
    make_plan(world)

    assert run(date(2026, 11, 30)) == []
    [cause] = run(date(2026, 12, 1))
    assert run(date(2026, 12, 1)) == []

    assert bills() == [("issued", "Sewa Desember 2026", Decimal(1_000_000))]
    order = SalesOrder.objects.get()
    assert (order.status, cause.order_ids) == ("confirmed", [str(order.pk)])
    assert note_confirmed(order_id=order.pk, at=NOW) is None  # the company's rule does not bill it again
    assert broken_promises() == []


@pytest.mark.django_db
def test_an_outage_is_caught_up_one_for_each_period_in_order() -> None:
    world = make_world()
    plan = make_plan(world, end=date(2027, 2, 14), issues=False)

    run(date(2027, 3, 5))

    assert bills() == [
        ("draft", "Sewa Desember 2026", Decimal(1_000_000)),
        ("draft", "Sewa Januari 2027", Decimal(1_000_000)),
        ("draft", "Sewa 1 Februari 2027 – 14 Februari 2027", Decimal(500_000)),
    ]
    plan.refresh_from_db()
    assert (plan.status, plan.next_date) == ("ended", None)


@pytest.mark.django_db
def test_a_job_that_died_after_it_noted_a_period_is_taken_up_by_the_next() -> None:
    world = make_world()
    make_plan(world)
    [noted] = note_recurring(at=on(date(2026, 12, 1)))

    [cause] = run(date(2026, 12, 1))

    assert (cause.pk, Invoice.objects.count()) == (noted, 1)


@pytest.mark.django_db
def test_the_price_of_the_day_is_shared_out_too() -> None:
    world = make_world()
    make_plan(world, price=None, start=date(2026, 11, 24), day=1)

    run(date(2026, 11, 24))

    assert bills()[0][2] == Decimal(116_667)  # 7 of 30 days of Rp 500.000


@pytest.mark.django_db
def test_what_waits_says_why_leaves_no_order_and_is_billed_as_it_stood_then() -> None:
    world = make_world()
    customer = make_customer(world)
    plan = make_plan(world, customer=customer)
    Customer.objects.filter(pk=customer.pk).update(archived_at=NOW)

    [cause] = run(date(2026, 12, 1))

    assert (cause.code, cause.order_ids, SalesOrder.objects.count()) == ("customer_archived", [], 0)
    Customer.objects.filter(pk=customer.pk).update(archived_at=None)
    change(world, plan, lines_price=9_000_000)
    bill_cause(cause_id=cause.pk, by=world.owner, at=on(date(2026, 12, 2)))
    run(date(2027, 1, 1))
    assert [net for _status, _text, net in bills()] == [Decimal(1_000_000), Decimal(9_000_000)]


def change(world: World, plan: RecurringPlan, *, lines_price: int = 1_000_000, **terms: Any) -> RecurringPlan:
    plan.refresh_from_db()
    stands = {name: getattr(plan, name) for name in PlanTerms.__slots__}
    [facts] = plan.lines
    line = LineInput(product_id=UUID(facts["product_id"]), unit_price=Decimal(lines_price))
    return save_plan(
        plan_id=plan.pk, customer_id=plan.customer_id, branch_id=plan.branch_id, lines=[line],
        terms=PlanTerms(**{**stands, **terms}), by=world.owner, at=NOW,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_rhythm_stays_once_a_period_was_made() -> None:
    world = make_world()
    plan = make_plan(world)
    change(world, plan, day=5, start=date(2026, 12, 5))
    run(date(2026, 12, 5))

    with pytest.raises(RhythmFixed):
        change(world, plan, every=2)
    with pytest.raises(Invalid):
        change(world, plan, end=date(2026, 12, 10))

    plan.refresh_from_db()
    assert (plan.every, plan.end, plan.next_date) == (1, None, date(2027, 1, 5))


@pytest.mark.django_db
def test_what_went_by_while_it_was_paused_is_left_out_and_an_ended_plan_bills_nothing() -> None:
    world = make_world()
    plan = make_plan(world)
    pause_plan(plan_id=plan.pk, by=world.owner, at=NOW)
    assert run(date(2027, 1, 5)) == []

    resume_plan(plan_id=plan.pk, by=world.owner, at=on(date(2027, 1, 20)))
    run(date(2027, 2, 1))

    assert [text for _status, text, _net in bills()] == ["Sewa Februari 2027"]
    assert list(RecurringPeriod.objects.order_by("number").values_list("number", "cause__kind")) == [
        (1, None), (2, None), (3, "recurring")
    ]  # fmt: skip
    end_plan(plan_id=plan.pk, reason="Pindah", by=world.owner, at=on(date(2027, 2, 2)))
    assert run(date(2027, 6, 1)) == []
    with pytest.raises(WrongState):
        resume_plan(plan_id=plan.pk, by=world.owner, at=NOW)
    assert broken_promises() == []


@pytest.mark.django_db
def test_the_forecast_tells_the_next_twelve_and_writes_nothing() -> None:
    world = make_world()
    plan = make_plan(world, start=date(2026, 11, 24), raise_percent=Decimal(10))

    coming = forecast_plan(plan=plan, at=NOW)

    assert [(one.told, one.total) for one in coming[:2]] == [
        ("24 November 2026 – 30 November 2026", Decimal(259_000)), ("Desember 2026", Decimal(1_110_000))
    ]  # fmt: skip
    assert (coming[11].told, len(coming), RecurringPeriod.objects.count()) == ("Oktober 2027", 12, 0)
    later = forecast_plan(plan=plan, at=NOW, most=14)
    assert later[13].total == Decimal(1_221_000)  # December 2027: a full year after the start


@pytest.mark.django_db
def test_goods_from_stock_unknown_placeholders_and_strangers_are_refused() -> None:
    world = make_world()
    goods = LineInput(product_id=make_product(world, stock=5).id, quantity=Decimal(1))
    service = LineInput(product_id=make_product(world, kind="service").id)
    terms = PlanTerms(name="Kopi", start=date(2026, 12, 1))
    shared_facts: dict[str, Any] = {"customer_id": make_customer(world).id, "branch_id": world.branch.id, "at": NOW}

    with pytest.raises(GoodsInPlan) as refused:
        save_plan(lines=[service, goods], terms=terms, by=world.owner, **shared_facts)
    with pytest.raises(Invalid):
        save_plan(lines=[service], terms=replace(terms, text="{bulan}"), by=world.owner, **shared_facts)
    with pytest.raises((Forbidden, NotFound)):
        save_plan(lines=[service], terms=terms, by=make_user(world.company, "warehouse"), **shared_facts)

    assert [fault["line"] for fault in refused.value.lines] == [2]
    assert not RecurringPlan.objects.exists()


@pytest.mark.django_db
def test_an_issued_period_is_mailed_once_where_the_plan_says_so() -> None:
    world = make_world()
    make_plan(world, customer=make_customer(world, email="budi@contoh.id"), mails=True)
    [cause] = run(date(2026, 12, 1))

    first = mail_recurring(cause_id=cause.pk, at=on(date(2026, 12, 1)))
    again = mail_recurring(cause_id=cause.pk, at=on(date(2026, 12, 1)))

    assert (first is not None, again, Email.objects.count()) == (True, None, 1)


@pytest.mark.django_db
def test_a_plan_is_written_looked_at_paused_and_ended_by_pages_and_by_the_api() -> None:
    world = make_world()
    browser, customer = log_in(world.owner), make_customer(world)
    token = create_token(user_id=world.owner.id, name="api", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    product = make_product(world, kind="service")
    grid = [{"key": "1", "kind": "item", "product": str(product.id), "quantity": "2", "price": "150.000"}]
    typed = {
        "customer": str(customer.id), "name": "Perawatan AC", "start": "2099-01-15", "every": "1", "unit": "month",
        "day": "1", "pro_rata": "on", "text": "{produk} {periode}", "lines": json.dumps(grid),
    }  # fmt: skip

    seen = browser.post("/recurring/preview", typed, headers={"Accept-Language": "id"})
    refused = browser.post("/recurring/new", {**typed, "text": "{bulan}"})
    assert not RecurringPlan.objects.exists()
    saved = browser.post("/recurring/new", typed)
    plan = RecurringPlan.objects.get()
    address = f"/api/v1/recurring-plans/{plan.pk}"
    told, coming = api.get(address), api.get(f"{address}/forecast").json()["items"]
    paused = browser.post(f"/recurring/{plan.pk}/pause")
    resumed, ended = (api.post(f"{address}/{verb}", {}, content_type="application/json") for verb in
                      ("resumption", "end"))  # fmt: skip

    assert (seen.status_code, "Februari 2099" in seen.content.decode()) == (200, True)
    assert (refused.status_code, saved.status_code, saved["Location"]) == (422, 303, f"/recurring/{plan.pk}")
    assert (told.json()["total"], told.json()["lines"][0]["unit_price"]) == ("333000", "150000")
    assert [one["total"] for one in coming[:2]] == ["182613", "333000"]
    assert (paused.status_code, resumed.json()["status"], ended.json()["status"]) == (303, "active", "ended")
    assert "Perawatan AC" in browser.get("/recurring").content.decode()
    assert browser.get(f"/recurring/{plan.pk}").status_code == 200
