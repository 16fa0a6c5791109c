"""The day a customer asks for, beside the one that is promised."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from niaga.core.errors import Invalid
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.print_payload import print_payload
from niaga.sales.models import Quotation, QuotationAnswer, SalesOrder
from niaga.sales.queries.lists import later_than_asked
from niaga.sales.queries.paper import order_paper
from niaga.sales.rules.asked_days import days_late, promised_day
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.split_line import split_line
from niaga.sales.tests.test_public_page import signature
from tests.api import Api
from tests.makers import NOW, make_customer, make_order, make_product, make_quotation, make_world, signed_in

TODAY = NOW.date()
FRIDAY, MONDAY = TODAY + timedelta(4), TODAY + timedelta(7)


def test_without_a_promised_day_the_asked_one_is_promised_while_it_is_not_over():
    assert promised_day(None, asked=FRIDAY, today=TODAY) == FRIDAY
    assert promised_day(MONDAY, asked=FRIDAY, today=TODAY) == MONDAY
    assert promised_day(None, asked=TODAY - timedelta(1), today=TODAY) is None
    assert promised_day(None, asked=None, today=TODAY) is None


def test_a_promise_is_late_by_the_days_after_the_asked_one():
    assert days_late(asked=FRIDAY, promised=MONDAY, today=TODAY) == 3
    assert days_late(asked=MONDAY, promised=FRIDAY, today=TODAY) == 0
    assert days_late(asked=TODAY - timedelta(2), promised=None, today=TODAY) == 2
    assert days_late(asked=None, promised=MONDAY, today=TODAY) == 0


def lines_of(world, *days):
    return [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2), requested_date=day)
            for day in days]  # fmt: skip


@pytest.mark.django_db
def test_an_accepted_quotation_hands_its_days_to_the_order_and_a_later_line_keeps_its_own():
    world = make_world()
    quotation = make_quotation(world, lines_of(world, None, MONDAY), requested_date=FRIDAY)

    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    assert (order.requested_date, order.planned_date) == (FRIDAY, FRIDAY)
    rows = order.lines.order_by("position").values_list("requested_date", "planned_date")
    assert list(rows) == [(None, None), (MONDAY, MONDAY)]


@pytest.mark.django_db
def test_who_accepts_may_ask_for_another_day_but_not_for_one_that_is_over():
    world = make_world()
    quotation = make_quotation(world, lines_of(world, None), requested_date=FRIDAY)

    with pytest.raises(Invalid):
        accept_quotation(quotation_id=quotation.id, requested_date=TODAY - timedelta(1), by=world.owner, at=NOW)
    assert QuotationAnswer.objects.count() == 0
    order = accept_quotation(quotation_id=quotation.id, requested_date=MONDAY, by=world.owner, at=NOW)

    assert (order.requested_date, order.planned_date) == (MONDAY, MONDAY)
    assert Quotation.objects.get(pk=quotation.id).requested_date == FRIDAY


@pytest.mark.django_db
def test_an_amendment_a_split_and_a_list_know_the_asked_days():
    world = make_world()
    draft = make_order(world, lines_of(world, FRIDAY, None), planned_date=MONDAY, requested_date=MONDAY)
    first = draft.lines.order_by("position").first()

    split_line(order_id=draft.id, line_id=first.id, quantity=Decimal(1), by=world.owner, at=NOW)
    late = list(later_than_asked(SalesOrder.objects.all()).values_list("pk", flat=True))
    Api(world.owner).send("post", f"orders/{draft.id}/confirmation")
    lines = [kept_line(line) for line in draft.lines.order_by("position").select_related("unit")]
    amend_order(
        order_id=draft.id, version=None, lines=lines, requested_date=FRIDAY, reason="Toko buka lebih awal",
        by=world.owner, at=NOW,
    )  # fmt: skip

    assert late == [draft.id]
    rows = draft.lines.order_by("position").values_list("quantity", "requested_date")
    assert list(rows) == [(Decimal(1), FRIDAY), (Decimal(1), FRIDAY), (Decimal(2), None)]
    order = SalesOrder.objects.get(pk=draft.id)
    assert (order.requested_date, order.planned_date) == (FRIDAY, MONDAY)


@pytest.mark.django_db
def test_the_asked_day_goes_through_the_api_the_page_and_the_paper(time_machine):
    time_machine.move_to(NOW, tick=False)
    world = make_world()
    api = Api(world.owner)
    body = {
        "customer_id": str(make_customer(world).id), "requested_date": str(FRIDAY), "planned_date": str(MONDAY),
        "lines": [{"product_id": str(make_product(world).id), "requested_date": str(TODAY)},
                  {"product_id": str(make_product(world).id)}],
    }  # fmt: skip
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"

    told = api.send("post", "orders", body).json()
    page = browser.get(f"/orders/{told['id']}").content.decode()
    form = browser.get(f"/orders/{told['id']}/edit").content.decode()
    paper = order_paper(subject_id=told["id"], by=world.owner, language="en", variant="")

    assert (told["requested_date"], told["planned_date"]) == (str(FRIDAY), str(MONDAY))
    assert [line["requested_date"] for line in told["lines"]] == [str(TODAY), None]
    assert "3 days later than asked for" in page
    assert "7 days later than asked for" in page
    assert f'"requested": "{TODAY}"' in form.replace("&quot;", '"').replace('":"', '": "')
    printed = str(print_payload(kind=PrintKind.ORDER_CONFIRMATION, document=paper.data, language="en"))
    assert "Requested for: 23 Nov 2026" in printed
    assert (paper.data.requested_date, paper.data.delivery_date) == (FRIDAY, MONDAY)


@pytest.mark.django_db
def test_a_customer_asks_for_a_day_as_they_accept_by_the_link(time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()
    world = make_world()
    quotation = make_quotation(world, lines_of(world, None), requested_date=FRIDAY)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    link = "/l/" + share_quotation(quotation_id=quotation.id, by=world.owner, at=NOW).rsplit("/", 1)[1]
    browser = signed_in(world)
    answer = {"name": "Sari", "signature": signature()}
    shown = browser.get(link).content.decode()
    odd = browser.post(f"{link}/acceptance", {**answer, "requested_date": "31/02/2027"})
    over = browser.post(f"{link}/acceptance", {**answer, "requested_date": str(date(2026, 11, 1))})
    assert SalesOrder.objects.count() == 0
    browser.post(f"{link}/acceptance", {**answer, "requested_date": str(MONDAY)})

    assert f'value="{FRIDAY}"' in shown
    assert (odd.status_code, over.status_code) == (422, 422)
    assert SalesOrder.objects.get().requested_date == MONDAY
    assert "30 Nov 2026" in browser.get(link).content.decode()
