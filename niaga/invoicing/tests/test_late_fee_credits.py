"""What is taken back of late fees: to the rupiah, and by the terms by which it was charged."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.invoicing.models import Invoice, InvoiceLine, LateFeeDays, LateFeeRule
from niaga.invoicing.queries.charged_fees import not_owed
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.waive_late_fee import waive_late_fee
from niaga.invoicing.tests.test_late_fees import AFTER, books, charge, late, make_rule
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import discard_invoice
from tests.makers import World, make_world

pytestmark = pytest.mark.django_db


def credit(world: World, invoice: Invoice, quantity: Any) -> Invoice:
    line = invoice.lines.get()
    key = credit_invoice(
        invoice_id=invoice.id, quantities={line.id: Decimal(quantity)}, reason="Retur", by=world.owner, at=AFTER
    )
    return Invoice.objects.get(pk=key)


def pay_back_then(world: World, invoice: Invoice, on: date) -> None:
    record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, by=world.owner, at=AFTER,
        invoices=[(invoice.id, None)],
        details=PaymentDetails(method="transfer", currency="IDR", amount=invoice.total, paid_on=on),
    )  # fmt: skip


def excess(world: World, days_later: int = 0) -> list[Decimal]:
    today = AFTER.date() + timedelta(days=days_later)
    return [one.excess for one in not_owed(by=world.owner, today=today).rows]


@pytest.mark.parametrize("taxed", [False, True])
def test_parts_of_a_large_fee_are_waived_to_the_rupiah_and_add_up(taxed: bool) -> None:
    world = make_world()
    invoice = late(world, quantity=27_000)
    make_rule(world, issues=True, tax_category_id=invoice.lines.get().tax_category_id if taxed else None)
    [fee] = charge(invoice.customer_id)
    key = LateFeeDays.objects.get().pk
    assert fee.net == 1_998_000 * 38

    notes = [
        waive_late_fee(days_id=key, amount=amount, reason="Janji sales", by=world.owner, at=AFTER).credit_note
        for amount in (Decimal(1_234_567), Decimal(7), Decimal(20_000_001), None)
    ]

    assert [note.net for note in notes if note] == [1_234_567, 7, 20_000_001, fee.net - 21_234_575]
    assert sum(note.tax for note in notes if note) == fee.tax
    assert {note.rounding for note in notes if note} == {0}
    assert books(world)["receivable"] == invoice.total


def test_parts_of_a_line_add_up_when_a_draft_between_them_is_discarded() -> None:
    world = make_world()
    invoice = late(world)
    first, second = credit(world, invoice, "0.000015"), credit(world, invoice, "0.000015")
    discard_invoice(invoice_id=first.id, by=world.owner, at=AFTER)

    last = credit(world, invoice, invoice.lines.get().quantity - Decimal("0.000015"))

    assert second.net + last.net == invoice.net
    sums = InvoiceLine.objects.filter(invoice__in=(second, last)).aggregate(Sum("net"), Sum("tax"))
    assert (sums["net__sum"], sums["tax__sum"]) == (invoice.net, invoice.tax)


def test_what_is_above_the_cap_once_goods_were_credited_is_not_owed() -> None:
    world = make_world()
    make_rule(world, issues=True, percent=Decimal(0), fixed=Decimal(50_000), cap_percent=Decimal(5))
    invoice = late(world, quantity=10)
    charge(invoice.customer_id)
    assert excess(world) == []

    issue_invoice(invoice_id=credit(world, invoice, 9).id, by=world.owner, at=AFTER)

    assert excess(world) == [50_000 - 111_000 * 5 // 100]


def test_what_was_charged_is_judged_by_the_terms_of_then() -> None:
    world = make_world()
    rule = make_rule(world, issues=True, cap_percent=Decimal(5))
    invoice = late(world)
    charge(invoice.customer_id)
    pay_back_then(world, invoice, date(2026, 12, 11))
    LateFeeRule.objects.filter(pk=rule).update(is_active=False, cap_percent=Decimal("0.01"))

    assert excess(world) == [1_998 * 20]
    assert excess(world, days_later=500) == [1_998 * 20]


def test_who_waives_locks_the_invoice_before_the_account_as_who_issues_it_does() -> None:
    world = make_world()
    make_rule(world, issues=True)
    charge(late(world).customer_id)

    with CaptureQueriesContext(connection) as seen:
        waive_late_fee(days_id=LateFeeDays.objects.get().pk, reason="Janji", by=world.owner, at=AFTER)

    locks = [one["sql"] for one in seen if " FOR " in one["sql"] and "SELECT" in one["sql"]]
    named = [
        name for sql in locks for name in ("invoicing_invoice", "parties_creditaccount") if f'FROM "{name}"' in sql
    ]
    assert named[0] == "invoicing_invoice"
    assert "FOR NO KEY UPDATE" in locks[0]  # who pays the fee holds the account and names the invoice
