"""A draft's claim in instalments: equal or typed, to the last rupiah, frozen at issue, due part by part."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.core.errors import Forbidden, StaleVersion, WrongState
from niaga.invoicing.errors import BadInstalments, InstalmentsDiffer
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue
from niaga.invoicing.queries.open_items import open_items
from niaga.invoicing.rules.instalments import BadPlan, Instalment, check_plan, equal_parts
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.plan_instalments import plan_instalments
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, log_in, make_payment, make_product, make_shipped_order, make_user, make_world


def draft(world: World, price: int = 100_000) -> UUID:
    """Of Rp 111.000 with its tax."""
    product = make_product(world, stock=1, price=Decimal(price))
    order = make_shipped_order(world, [LineInput(product_id=product.id, quantity=Decimal(1))])
    return invoice_order(order_id=order.id, by=world.owner, at=NOW)


def test_the_last_of_equal_parts_takes_the_rest_and_a_short_month_its_last_day() -> None:
    parts = equal_parts(total=Decimal(100_000), count=3, first=date(2026, 12, 31), currency="IDR")

    assert parts == [
        Instalment(date(2026, 12, 31), Decimal(33_333)),
        Instalment(date(2027, 1, 31), Decimal(33_333)),
        Instalment(date(2027, 2, 28), Decimal(33_334)),
    ]


@pytest.mark.parametrize(
    ("amounts", "days", "code"),
    [
        ((50, 49), (1, 2), "differs"),
        ((50, 50), (2, 2), "not_in_order"),
        ((110, -10), (1, 2), "not_positive"),
        (("50.5", "49.5"), (1, 2), "too_fine"),
    ],
)
def test_a_plan_that_cannot_be_says_why(amounts: tuple[str, ...], days: tuple[int, ...], code: str) -> None:
    parts = [Instalment(date(2027, 1, day), Decimal(one)) for one, day in zip(amounts, days, strict=True)]

    with pytest.raises(BadPlan) as bad:
        check_plan(parts, total=Decimal(100), currency="IDR")

    assert bad.value.code == code


@pytest.mark.django_db
def test_a_plan_is_frozen_at_issue_and_each_part_is_due_by_itself() -> None:
    world = make_world()
    invoice_id = draft(world)

    plan_instalments(invoice_id=invoice_id, count=3, first=date(2026, 12, 31), by=world.owner, at=NOW)
    invoice = issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    make_payment(world, invoice.customer_id, 50_000)

    dues = InvoiceDue.objects.filter(invoice_id=invoice_id).order_by("position").values_list("due_date", "amount")
    assert list(dues) == [
        (date(2026, 12, 31), Decimal(37_000)), (date(2027, 1, 31), Decimal(37_000)),
        (date(2027, 2, 28), Decimal(37_000)),
    ]  # fmt: skip
    assert invoice.due_date == date(2027, 2, 28)
    assert InvoiceBalance.objects.get().due_date == date(2027, 1, 31)
    parts = open_items(by=world.owner, day=date(2027, 2, 10)).order_by("due_date").values_list("open", "days_late")
    assert list(parts) == [(Decimal(24_000), 10), (Decimal(37_000), -18)]
    with pytest.raises(WrongState):
        plan_instalments(invoice_id=invoice_id, count=2, by=world.owner, at=NOW)


@pytest.mark.django_db
def test_what_does_not_make_the_claim_or_was_overtaken_changes_nothing() -> None:
    world = make_world()
    invoice_id = draft(world)
    half = Instalment(date(2026, 12, 1), Decimal(55_000))
    rest = Instalment(date(2027, 1, 1), Decimal(56_001))

    with pytest.raises(InstalmentsDiffer):
        plan_instalments(invoice_id=invoice_id, parts=[half, rest], by=world.owner, at=NOW)
    with pytest.raises(BadInstalments):
        plan_instalments(invoice_id=invoice_id, count=2, first=date(9999, 12, 31), by=world.owner, at=NOW)
    with pytest.raises(StaleVersion):
        plan_instalments(invoice_id=invoice_id, count=2, version=7, by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        plan_instalments(invoice_id=invoice_id, count=2, by=make_user(world.company, "warehouse"), at=NOW)

    assert (Invoice.objects.get().instalments, Invoice.objects.get().version) == ([], 1)


@pytest.mark.django_db
def test_the_page_plans_tells_faults_beside_what_was_typed_and_goes_back_to_the_term() -> None:
    world = make_world()
    invoice_id = draft(world)
    browser, page = log_in(world.owner), f"/invoices/{invoice_id}/instalments"

    assert "111.000" in browser.get(page).content.decode()
    wrong = browser.post(page, {"way": "typed", "due_date": ["2026-12-01", "x"], "amount": ["100.000", "<b>"]})
    typed = browser.post(
        page, {"way": "typed", "due_date": ["2026-12-01", "2027-01-05"], "amount": ["100.000", "11.000"]}
    )
    held = Invoice.objects.get().instalments
    shown = browser.get(f"/invoices/{invoice_id}").content.decode()
    browser.post(page, {"way": "none"})

    assert wrong.status_code == 422
    assert "<b>" not in wrong.content.decode().split("<main")[1].split("data-rows")[1].split("template")[0]
    assert typed.status_code == 303
    assert held == [
        {"due_date": "2026-12-01", "amount": "100000"}, {"due_date": "2027-01-05", "amount": "11000"},
    ]  # fmt: skip
    assert "5 Jan 2027" in shown
    assert Invoice.objects.get().instalments == []
