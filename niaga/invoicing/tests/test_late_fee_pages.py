"""Late fees where people meet them: lists, the invoice's cards, the customer's pages, the API, reminders."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
import time_machine
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.invoicing.jobs import charge_fees
from niaga.invoicing.models import Invoice, LateFeeDays, LateFeeRule
from niaga.invoicing.queries import charged_fees
from niaga.invoicing.queries.charged_fees import not_owed
from niaga.invoicing.queries.paper import invoice_paper
from niaga.invoicing.queries.tax_filings import taxed_invoices
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.issue_invoices import issue_invoices
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.tests.makers import days_later, level, make_claim, make_debtor, make_plan, remind
from niaga.invoicing.tests.test_late_fees import AFTER, LATE_DAYS, charge, late, make_rule, pay
from niaga.ledger.models import JournalLine
from niaga.messaging.models import Email
from niaga.organization.services.create_token import create_token
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.services.credit_invoice import credit_invoice
from tests.api import Api
from tests.makers import NOW, make_world, signed_in
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db

FORM = {"percent": "1,5", "grace_days": "3", "starts_on": "2026-01-01", "is_active": "on", "promise_stops": "on"}


def test_what_turned_out_not_to_be_owed_waits_to_be_credited_and_nothing_changes_by_itself() -> None:
    world = make_world()
    make_rule(world, issues=True)
    backdated, credited, right = late(world), late(world), late(world)
    fees = [fee for one in (backdated, credited, right) for fee in charge(one.customer_id)]
    record_payment(
        customer_id=backdated.customer_id, branch_id=world.branch.id, by=world.owner, at=AFTER,
        invoices=[(backdated.id, None)],
        details=PaymentDetails(method="transfer", currency="IDR", amount=backdated.total, paid_on=date(2026, 12, 11)),
    )  # fmt: skip
    line = credited.lines.get()
    note = credit_invoice(
        invoice_id=credited.id, quantities={line.id: Decimal(9)}, reason="Retur", by=world.owner, at=AFTER
    )
    issue_invoice(invoice_id=note, by=world.owner, at=AFTER)

    found = {one.days.invoice_id: one for one in not_owed(by=world.owner, today=AFTER.date()).rows}

    assert {key: one.excess for key, one in found.items()} == {
        backdated.id: 1_998 * 20, credited.id: 1_998 * LATE_DAYS // 3
    }  # fmt: skip
    assert not Invoice.objects.filter(credits__in=fees).exists()

    with time_machine.travel(AFTER, tick=False):
        client = signed_in(world)
        page = client.get("/late-fees/to-credit").content.decode()
        assert (backdated.number in page, right.number in page) == (True, False)
        one = found[backdated.id]
        told = {"amount": str(int(one.excess)), "reason": "Dibayar tepat", "back": "not_owed"}
        assert client.post(f"/late-fees/days/{one.days.pk}/waiver", told).status_code == 303

    assert list(Invoice.objects.filter(credits__in=fees).values_list("total", "status")) == [(1_998 * 20, "issued")]
    assert {one.days.invoice_id for one in not_owed(by=world.owner, today=AFTER.date()).rows} == {credited.id}
    assert broken_promises() == []


def test_fees_not_owed_are_told_in_pages_that_lead_on_to_all_of_them(monkeypatch: Any) -> None:
    world = make_world()
    make_rule(world, issues=True)
    invoices = [late(world) for _turn in range(3)]
    for one in invoices:
        charge(one.customer_id)
        record_payment(
            customer_id=one.customer_id, branch_id=world.branch.id, by=world.owner, at=AFTER,
            invoices=[(one.id, None)],
            details=PaymentDetails(method="transfer", currency="IDR", amount=one.total, paid_on=date(2026, 12, 11)),
        )  # fmt: skip
    monkeypatch.setattr(charged_fees, "_AT_ONCE", 1)

    found, next_id = [], None
    for _turn in range(3):
        page = not_owed(by=world.owner, today=AFTER.date(), after_id=next_id, most=1)
        found += [one.days.invoice_id for one in page.rows]
        next_id = page.next_id
    told = Api(world.owner).get("late-fee-charges/not-owed?limit=2").json()
    rest = Api(world.owner).get(f"late-fee-charges/not-owed?limit=2&cursor={told['next_cursor']}").json()

    assert (len(set(found)), next_id) == (3, None)
    assert (len(told["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


def test_a_promise_that_was_broken_is_charged_when_its_day_is_over() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    promise_payment(invoice_ids=[invoice.id], until=date(2027, 1, 10), by=world.owner, at=days_later(8))

    [fee] = charge(invoice.customer_id)
    [later] = charge(invoice.customer_id, AFTER + timedelta(days=31), date(2027, 1, 1))

    assert (fee.net, later.net) == (1_998 * 7, 1_998 * (LATE_DAYS - 7 + 31))


def test_the_job_charges_all_who_paid_late_and_no_second_time() -> None:
    world = make_world()
    make_rule(world)
    invoices = [late(world, 3), late(world, 5)]
    pay(world, make_claim(world, invoices[0].customer), 111_000, NOW)

    with time_machine.travel(AFTER, tick=False):
        charge_fees.func(company_id=str(world.company.id))
        charge_fees.func(company_id=str(world.company.id))

    assert Invoice.objects.filter(kind="late_fee", status="draft").count() == 2
    assert set(LateFeeDays.objects.values_list("invoice_id", flat=True)) == {one.id for one in invoices}

    drafts = list(Invoice.objects.filter(kind="late_fee").values_list("pk", flat=True))
    issued = issue_invoices(invoice_ids=drafts, by=world.owner, at=AFTER)
    income = JournalLine.objects.filter(role="late_fees").aggregate(sum=Sum("amount"))["sum"]

    assert (len(issued.numbers), income) == (2, -LATE_DAYS * 74 * (3 + 5))


def test_a_rule_is_written_on_its_page_and_a_customers_own_on_theirs() -> None:
    world = make_world()
    invoice = late(world)
    client = signed_in(world)

    assert client.post("/settings/late-fees/new", FORM).status_code == 303
    assert client.post(f"/customers/{invoice.customer_id}/late-fee-rule", {**FORM, "percent": "3"}).status_code == 303
    both = client.post("/settings/late-fees/new", {**FORM, "fixed": "5000"})

    rules = {one.customer_id: one for one in LateFeeRule.objects.all()}
    assert (rules[None].percent, rules[None].grace_days) == (Decimal("1.5"), 3)
    assert rules[invoice.customer_id].percent == 3
    assert both.status_code == 422
    page = client.get("/settings/late-fees").content.decode()
    assert invoice.customer.name in page
    assert client.get(f"/settings/late-fees/{rules[None].pk}").status_code == 200


def test_an_invoice_shows_its_fee_so_far_and_waives_its_days() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    token = share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW).rsplit("/", 1)[-1]

    with time_machine.travel(days_later(5), tick=False):
        client = signed_in(world)
        page = client.get(f"/invoices/{invoice.id}").content.decode()
        customer = client.get(f"/customers/{invoice.customer_id}").content.decode()
        statement = client.get(f"/customers/{invoice.customer_id}/statement").content.decode()
        public = Client().get(f"/l/{token}").content.decode()
        for told in (page, customer, statement, public):
            assert "9.990" in told
        address = f"/invoices/{invoice.id}/late-fee-waiver"
        ahead = client.post(address, {"reason": "Libur", "until": "2026-12-30"})
        done = client.post(address, {"reason": "Libur", "until": "2026-11-28"})
        after = client.get(f"/invoices/{invoice.id}").content.decode()

    assert (ahead.status_code, done.status_code) == (422, 303)
    assert "9.990" in after
    assert LateFeeDays.objects.get().amount == 9_990


def test_a_fee_has_its_own_paper_and_stands_in_no_tax_file() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    issue_invoice(invoice_id=fee.id, by=world.owner, at=AFTER)

    paper = invoice_paper(subject_id=fee.id, by=world.owner, language="id", variant="")

    assert str(paper.kind) == "late_fee_invoice"
    assert fee.id not in set(taxed_invoices(by=world.owner).values_list("pk", flat=True))
    page = signed_in(world).get(f"/invoices/{fee.id}").content.decode()
    assert invoice.number in page


def test_a_reminder_names_the_fee_so_far() -> None:
    world = make_world()
    make_rule(world)
    words = {"id": {"subject": "Tagihan", "text": "Denda sampai hari ini {{late_fee}}."}}
    make_plan(world, level(7, words=words))
    make_claim(world, make_debtor(world), quantity=27)

    remind(world, 7)

    assert "Denda sampai hari ini Rp 13.986." in Email.objects.get().text.replace("\xa0", " ")


def test_a_program_writes_a_rule_charges_and_waives() -> None:
    world = make_world()
    invoice = late(world)
    key = create_token(user_id=world.owner.pk, name="kas", by=world.owner, at=NOW).text

    def send(method: str, path: str, body: object = None) -> object:
        answer = Client().generic(
            method,
            f"/api/v1/{path}",
            orjson.dumps(body),
            "application/json",
            headers={"authorization": f"Bearer {key}"},
        )
        assert answer.status_code in (200, 201), answer.content
        return orjson.loads(answer.content)

    with time_machine.travel(AFTER, tick=False):
        rule = send("POST", "late-fee-rules", {"percent": 2, "starts_on": "2026-01-01"})
        running = send("GET", f"invoices/{invoice.id}/late-fee")
        made = send("POST", "late-fees", {"customer_id": str(invoice.customer_id), "month": "2026-12-15"})
        listed = send("GET", f"late-fee-charges?invoice_id={invoice.id}")
        days = listed["items"][0]  # type: ignore[index]
        waived = send("POST", f"late-fee-charges/{days['id']}/waiver", {"amount": 1_000, "reason": "Selisih"})
        fees = send("GET", "late-fees?month=2026-12-31")

    assert (rule["percent"], running[0]["amount"]) == ("2", "83916")  # type: ignore[index]
    assert days["fee_invoice_id"] == made["invoice_ids"][0]  # type: ignore[index]
    assert (days["segments"][0]["days"], waived["credit_note_id"]) == (LATE_DAYS, None)  # type: ignore[index]
    assert Decimal(fees["items"][0]["charged"]) == 1_998 * LATE_DAYS  # type: ignore[index]
    assert Decimal(fees["items"][0]["waived"]) == 1_000  # type: ignore[index]


def test_charging_a_customer_is_as_many_statements_for_many_invoices() -> None:
    world = make_world()
    make_rule(world)
    one, many = late(world), late(world)
    for _turn in range(4):
        make_claim(world, many.customer)
    counts = []
    for invoice in (one, many):
        with CaptureQueriesContext(connection) as seen:
            charge_it = charge(invoice.customer_id)
        counts.append(len(seen))
        assert len(charge_it) == 1

    assert counts[0] == counts[1] <= 14
