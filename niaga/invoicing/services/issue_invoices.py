from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from niaga.core.audit import record_each
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, Refusal, WrongState
from niaga.core.flow import check_move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.invoicing.errors import Broken
from niaga.invoicing.events import InvoiceIssued
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue
from niaga.invoicing.queries.stamps import taken_off
from niaga.invoicing.rules.invoice_flow import invoice_flow
from niaga.invoicing.services.issue_invoice import PREFIX, dues_of, issue_invoice, stamp_duty
from niaga.ledger.rules.postings import invoice_postings
from niaga.ledger.services.post_entries import NewEntry, post_entries
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.parties.queries.credit import lock_credit_accounts
from niaga.parties.services.post_exposures import Exposed, post_exposures
from niaga.parties.services.write_timelines import write_timelines


@dataclass(slots=True)
class Issued:
    """What became of many drafts: the numbers of those that were issued, the refusals of the others."""

    numbers: dict[UUID, str] = field(default_factory=dict)
    refused: dict[UUID, Refusal] = field(default_factory=dict)


@transaction.atomic
def issue_invoices(*, invoice_ids: Sequence[UUID], by: Actor, at: datetime) -> Issued:
    """Issue many drafts, each as `issue_invoice` does, in as many statements as one; what cannot be issued says why
    while the others go on.

    Invoices and down payments in the company's own currency are written together, numbered in the order given. Others
    (credit notes, other currencies), and all of a day whose writing is refused, go one by one. Its transaction is to
    end soon after: it holds the series of numbers.
    """
    wanted = list(dict.fromkeys(invoice_ids))
    places = {key: place for place, key in enumerate(wanted)}
    rows: list[Invoice] = list(
        Invoice.objects.select_for_update(of=("self",)).select_related("branch", "company")
        .defer("party", "note", "terms_text").annotate(taken_off=taken_off()).filter(pk__in=wanted).order_by("pk")
    )  # fmt: skip
    done = Issued()
    fit = [row for row in rows if _may_be_issued(row, by, done)]
    for key in set(wanted) - {row.pk for row in rows}:
        done.refused[key] = NotFound()
    accounts = lock_credit_accounts(row.customer_id for row in fit)
    days: dict[tuple[date, UUID], list[Invoice]] = {}
    single: list[Invoice] = []
    for row in sorted(fit, key=lambda row: places[row.pk]):
        is_plain = row.kind != "credit_note" and row.currency == row.company.currency
        group = days.setdefault((day_at(at=at, zone=row.branch.zone), row.company_id), []) if is_plain else single
        group.append(row)
    for (day, _company), group in sorted(days.items()):
        try:
            if len(group) > 1:
                with transaction.atomic():
                    done.numbers |= _issue(group, accounts=accounts, today=day, by=by, at=at)
                continue
        except (Refusal, IntegrityError):  # one by one it comes out which, and why
            pass
        single += group
    for row in single:
        try:
            with transaction.atomic():
                done.numbers[row.pk] = issue_invoice(invoice_id=row.pk, by=by, at=at).number or ""
        except Refusal as refusal:
            done.refused[row.pk] = refusal
        except IntegrityError:
            done.refused[row.pk] = Broken()
    return done


def _may_be_issued(row: Invoice, by: Actor, done: Issued) -> bool:
    try:
        access_of(by).require("invoice", "issue", row)
        check_move(invoice_flow, "issue", row.status)
        dues_of(row, day_at(at=row.created_at, zone=row.branch.zone))
    except Refusal as refusal:
        done.refused[row.pk] = refusal
        return False
    return True


def _issue(
    rows: Sequence[Invoice], *, accounts: dict[UUID, Any], today: date, by: Actor, at: datetime
) -> dict[UUID, str]:
    """Write what issuing does to all of them: invoices of one company and day, in its own currency."""
    company = rows[0].company
    setting = fiscal_setting(company.id, today)
    ids = [row.pk for row in rows]
    dues = {row.pk: dues_of(row, today) for row in rows}
    batch = Batch()
    numbers = batch.draw_each(
        ids, company_id=company.id, kind="invoice", period=str(today.year), prefix=f"{PREFIX}-{today.year}-"
    )
    batch.sql(
        "issued",
        "UPDATE invoicing_invoice t SET status = 'issued', version = t.version + 1, updated_at = %s::timestamptz,"
        " number = n.number, date = %s::date, due_date = v.due_date, issued_by = %s::uuid, issued_at = %s::timestamptz,"
        " exchange_rate = 1, base_total = t.total, stamp_duty = v.duty"
        " FROM unnest(%s::uuid[], %s::date[], %s::numeric[]) AS v(id, due_date, duty)"
        f" JOIN {numbers} n ON n.key = v.id WHERE t.id = v.id AND t.status = 'draft' RETURNING 1",
        [
            at, today, by.id, at, ids, [dues[key][-1].due_date for key in ids],
            [stamp_duty(row, row.__dict__["taken_off"], setting) for row in rows],
        ],
        expect=len(rows), refusal=WrongState,
    )  # fmt: skip
    record_each(
        batch=batch, subjects=[(row.pk, row.company_id) for row in rows], subject_kind="invoice", verb="issue",
        by=by.id, at=at, from_status="draft", to_status="issued",
    )  # fmt: skip
    batch.insert(
        InvoiceDue,
        [
            {"id": new_id(), "invoice_id": key, "position": due.position, "due_date": due.due_date,
             "after_exchange": due.after_exchange,
             "amount": due.amount}
            for key in ids for due in dues[key]
        ],
    )  # fmt: skip
    batch.insert(
        InvoiceBalance,
        [
            {
                "invoice_id": row.pk, "customer_id": row.customer_id, "kind": row.kind, "total": row.payable,
                "due_date": dues[row.pk][0].due_date, "settled_at": None if row.payable else at,
                "base_total": row.payable,
            }
            for row in rows
        ],
        company_id=company.id, currency=company.currency, allocated=Decimal(0), base_allocated=Decimal(0),
        date=today, first_on=today, last_on=today,
    )  # fmt: skip
    post_entries(
        batch=batch, company_id=company.id, date=today, source_kind="invoice", numbers=numbers,
        currency=company.currency, by=by.id, at=at,
        entries=[
            NewEntry(
                row.pk, row.branch_id, row.customer_id,
                invoice_postings(
                    net=row.net, tax=row.tax, rounding=row.rounding, total=row.total, advances=row.advance_net,
                    luxury_tax=row.luxury_tax, tax_by_buyer=row.tax_by_buyer,
                ),
            )
            for row in rows
        ],
    )  # fmt: skip
    post_exposures(
        batch=batch, source_kind="invoice", at=at,
        exposed=[
            Exposed(accounts[row.customer_id].account_id, row.pk, -row.open_order_amount, row.payable) for row in rows
        ],
    )  # fmt: skip
    write_timelines(
        batch=batch, company_id=company.id, kind="invoice.issued", subject_kind="invoice", numbers=numbers,
        rows=[
            {"customer_id": row.customer_id, "subject_id": row.pk, "amount": row.total, "currency": row.currency}
            for row in rows
        ],
        actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=[InvoiceIssued(row.pk, row.customer_id, row.currency, row.total) for row in rows],
        company_id=company.id, by=by.id, at=at,
    )  # fmt: skip
    return dict(zip(ids, batch.write()[numbers], strict=True))
