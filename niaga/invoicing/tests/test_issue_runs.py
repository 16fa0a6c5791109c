"""Many drafts at once: each as if it were issued alone, refusals told while the others go on, a run that goes on."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Forbidden, WrongState
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.invoicing.errors import NothingToIssue
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue, IssueRun, IssueRunInvoice
from niaga.invoicing.services.cancel_issue_run import cancel_issue_run
from niaga.invoicing.services.carry_on_issue_run import carry_on_issue_run
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.issue_invoices import issue_invoices
from niaga.invoicing.services.start_issue_run import start_issue_run
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.parties.models import CreditAccount, TimelineEntry
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_customer, make_product, make_shipped_order, make_user, make_world

pytestmark = pytest.mark.django_db


def drafts(world: World, count: int, *, lines: int = 1) -> list[UUID]:
    """Drafts of Rp 111.000 a line, of two customers in turn."""
    customers = [make_customer(world), make_customer(world)]
    products = [make_product(world, stock=1000) for _n in range(lines)]
    wanted = [LineInput(product_id=one.id, quantity=Decimal(1)) for one in products]
    return [
        invoice_order(order_id=make_shipped_order(world, wanted, customer=customers[n % 2]).id, by=world.owner, at=NOW)
        for n in range(count)
    ]


def run_of(world: World, ids: list[UUID] | None, *, at_once: int = 100) -> IssueRun:
    run = start_issue_run(invoice_ids=ids, by=world.owner, at=NOW, language="id")
    while carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW, at_once=at_once):
        continue
    run.refresh_from_db()
    return run


def deed(invoice_id: UUID) -> dict[str, object]:
    """All that issuing leaves behind of an invoice, but keys, numbers and the customer."""
    invoice = Invoice.objects.get(pk=invoice_id)
    entry = JournalEntry.objects.get(source_id=invoice_id)
    balance = InvoiceBalance.objects.get(invoice_id=invoice_id)
    assert entry.number == invoice.number
    assert TimelineEntry.objects.get(subject_id=invoice_id).number == invoice.number
    return {
        "header": (invoice.status, invoice.date, invoice.due_date, invoice.version, invoice.exchange_rate,
                   invoice.base_total, invoice.stamp_duty, invoice.issued_by, invoice.issued_at),
        "dues": list(InvoiceDue.objects.filter(invoice_id=invoice_id).values_list("position", "due_date", "amount")),
        "balance": (balance.total, balance.allocated, balance.base_total, balance.due_date, balance.kind,
                    balance.currency, balance.settled_at),
        "entry": (entry.date, entry.source_kind, entry.currency, entry.document_currency, entry.posted_by),
        "lines": sorted(JournalLine.objects.filter(entry=entry).values_list("role", "amount", "document_amount")),
        "audit": list(AuditEntry.objects.filter(subject_id=invoice_id).order_by("at", "id")
                      .values_list("verb", "from_status", "to_status", "actor_id", "note", "data")),
        "events": list(OutboxEvent.objects.filter(subject_id=invoice_id)
                       .values_list("kind", "subject_kind", "payload__total", "actor_id")),
        "timeline": list(TimelineEntry.objects.filter(subject_id=invoice_id)
                         .values_list("kind", "subject_kind", "amount", "currency", "actor_id", "text")),
    }  # fmt: skip


def test_each_is_issued_as_it_would_be_alone() -> None:
    world = make_world()
    alone, *others = drafts(world, 3)

    issue_invoice(invoice_id=alone, by=world.owner, at=NOW)
    done = issue_invoices(invoice_ids=others, by=world.owner, at=NOW)

    assert [done.numbers[one] for one in others] == ["INV-2026-00002", "INV-2026-00003"]
    assert [deed(one) for one in others] == [deed(alone)] * 2
    owed = CreditAccount.objects.order_by("-invoices").values_list("orders", "invoices")[:2]
    assert list(owed) == [(Decimal(0), Decimal(222_000)), (Decimal(0), Decimal(111_000))]


def test_as_many_statements_for_six_of_five_lines_as_for_two_of_one() -> None:
    world = make_world()
    warm, few, many = drafts(world, 2), drafts(world, 2), drafts(world, 6, lines=5)
    counts = []

    for ids in (warm, few, many):
        with CaptureQueriesContext(connection) as asked:
            issue_invoices(invoice_ids=ids, by=world.owner, at=NOW)
        counts.append(len(asked))

    assert counts[1] == counts[2] == 7


def test_what_is_refused_says_why_while_the_others_go_on() -> None:
    world = make_world()
    ids = drafts(world, 4)
    run = start_issue_run(invoice_ids=ids, by=world.owner, at=NOW, language="id")
    discard_invoice(invoice_id=ids[1], by=world.owner, at=NOW)
    Invoice.objects.filter(pk=ids[2]).update(
        instalments=[{"due_date": "2026-12-01", "amount": "1"}, {"due_date": "2027-01-01", "amount": "2"}]
    )

    while carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW):
        continue

    rows = IssueRunInvoice.objects.filter(run=run).order_by("position")
    assert list(rows.values_list("outcome", "code")) == [
        ("issued", ""), ("refused", "wrong_state"), ("refused", "instalments_differ"), ("issued", ""),
    ]  # fmt: skip
    assert all(row.reason for row in rows if row.outcome == "refused")
    numbers = Invoice.objects.filter(status="issued").order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["INV-2026-00001", "INV-2026-00002"]
    assert IssueRun.objects.get().status == "done"


def test_a_run_goes_on_where_it_was_and_a_second_turn_of_its_job_issues_nothing_twice() -> None:
    world = make_world()
    run = start_issue_run(invoice_ids=drafts(world, 3), by=world.owner, at=NOW, language="id")

    assert carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW, at_once=2)
    halfway = Invoice.objects.filter(status="issued").count()
    for _turn in range(4):
        carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW, at_once=2)

    run.refresh_from_db()
    assert (halfway, run.status) == (2, "done")
    numbers = Invoice.objects.filter(status="issued").order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"INV-2026-0000{n}" for n in (1, 2, 3)]
    assert AuditEntry.objects.filter(subject_id=run.id).count() == 3


def test_a_cancelled_run_leaves_the_rest_as_drafts() -> None:
    world = make_world()
    run = start_issue_run(invoice_ids=None, by=world.owner, at=NOW, language="id") if drafts(world, 3) else None
    assert run is not None
    carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW, at_once=1)

    cancel_issue_run(run_id=run.id, by=world.owner, at=NOW)
    went_on = carry_on_issue_run(run_id=run.id, by=world.owner, at=NOW)

    assert not went_on
    assert sorted(IssueRunInvoice.objects.values_list("outcome", flat=True)) == ["issued", "left", "left"]
    assert Invoice.objects.filter(status="draft").count() == 2
    with pytest.raises(WrongState):
        cancel_issue_run(run_id=run.id, by=world.owner, at=NOW)


def test_who_may_not_issue_starts_no_run_and_another_companys_drafts_are_none() -> None:
    world, other = make_world(), make_world()
    ids = drafts(world, 1)

    with pytest.raises(Forbidden):
        start_issue_run(invoice_ids=ids, by=make_user(world.company, "salesperson"), at=NOW, language="id")
    with pytest.raises(NothingToIssue):
        start_issue_run(invoice_ids=ids, by=other.owner, at=NOW, language="id")

    assert not IssueRun.objects.exists()
    assert Invoice.objects.get().status == "draft"


def test_a_draft_that_the_database_refuses_is_told_and_leaves_no_gap() -> None:
    world = make_world()
    ids = drafts(world, 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE invoicing_invoiceline SET net = net - 1 WHERE invoice_id = %s", [ids[1]])

    run = run_of(world, ids)

    assert run.status == "done"
    rows = IssueRunInvoice.objects.order_by("position").values_list("outcome", "code")
    assert list(rows) == [("issued", ""), ("refused", "broken"), ("issued", "")]
    numbers = Invoice.objects.filter(status="issued").order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["INV-2026-00001", "INV-2026-00002"]
