from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.core.money import base_share
from niaga.core.outbox import announce
from niaga.core.queries.compiled import Compiled
from niaga.invoicing.errors import InstalmentsDiffer
from niaga.invoicing.events import InvoiceIssued
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue, InvoiceKind
from niaga.invoicing.queries.base_figures import base_figures
from niaga.invoicing.queries.stamps import taken_off
from niaga.invoicing.rules.invoice_flow import invoice_flow
from niaga.invoicing.services.allocate import settle_with_credit_note
from niaga.ledger.rules.postings import invoice_postings, note_settlement_postings, turned_round
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.exchange_rates import Exchange, exchange_on
from niaga.organization.queries.fiscal import FiscalFacts, fiscal_setting
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.rules.terms import Due, due_parts, frozen_parts
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline

PREFIX = "INV"
_SERIES = {"credit_note": ("credit_note", "CN"), "debit_note": ("debit_note", "DN")}
"""Number series and prefix of a kind; of the others they are an invoice's."""
_INCOME: dict[str, str] = {InvoiceKind.LATE_FEE: "late_fees", InvoiceKind.GIRO_FEE: "giro_fees"}


_DRAFT = Compiled(
    lambda invoice_id: (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("branch", "company")
        .defer("party", "note", "terms_text")
        .annotate(taken_off=taken_off())
        .filter(pk=invoice_id)
    )
)


@transaction.atomic
def issue_invoice(*, invoice_id: UUID, by: Actor, at: datetime) -> Invoice:
    """Make a draft the company's claim (or, a credit note, its correction), for good.

    Draws the gapless number, sets the branch's date and the due dates, posts the ledger and the customer's exposure,
    and opens its balance: what the buyer pays to us. What a collector pays to the state of its tax is claimed as a slip
    instead (`record_tax_slip`). A credit note at once settles what is open on the invoice it corrects.

    :raises NotFound: no such invoice, or not visible to `by`
    :raises Forbidden: the person may not issue
    :raises WrongState: it is issued or discarded
    :raises RateMissing: it is in another currency, of which no exchange rate of the day is written
    :raises InstalmentsDiffer: its planned instalments do not make what it claims
    :raises PeriodClosed: the books of today's month are closed
    """
    invoice: Invoice | None = _DRAFT.one(invoice_id)
    if invoice is None:
        raise NotFound()
    access_of(by).require("invoice", "issue", invoice)
    return issue_locked(invoice=invoice, by=by, at=at)


def issue_locked(*, invoice: Invoice, income: str | None = None, by: Actor, at: datetime) -> Invoice:
    """Issue a draft that the caller has locked and may issue, with its branch and company. `income` is the role its net
    is posted to, where that is not its kind's."""
    is_credit = invoice.kind == InvoiceKind.CREDIT_NOTE
    today = day_at(at=at, zone=invoice.branch.zone)
    account = lock_credit_account(invoice.customer_id)

    dues = dues_of(invoice, today)
    exchange = _exchange(invoice, today)
    base = None if exchange.is_home else base_figures(invoice, exchange)
    base_total, base_payable = exchange.in_base(invoice.total), exchange.in_base(invoice.payable)
    advance_base = invoice.advance_base if base is None else base.advances
    batch = Batch()
    series, prefix = _SERIES.get(invoice.kind, ("invoice", PREFIX))
    number = batch.draw(
        company_id=invoice.company_id, kind=series, period=str(today.year), prefix=f"{prefix}-{today.year}-"
    )
    move(
        batch=batch, flow=invoice_flow, document=invoice, move="issue", by=by.id, at=at,
        values={
            "number": number, "date": today, "due_date": dues[-1].due_date, "issued_by": by.id, "issued_at": at,
            "exchange_rate": exchange.rate, "base_total": base_total, "advance_base": advance_base,
            "stamp_duty": stamp_duty(
                invoice, exchange.in_base(invoice.__dict__["taken_off"]), fiscal_setting(invoice.company_id, today)
            ) if invoice.advance_net > 0 else Decimal(0),
        },
    )  # fmt: skip
    batch.insert(
        InvoiceDue,
        [{"id": new_id(), **due._asdict()} for due in dues],
        invoice_id=invoice.id,
    )
    settled = base_settled = receivable = Decimal(0)
    claimed: str = invoice.kind
    if is_credit and invoice.credits_id is not None:
        owed, settled = settle_with_credit_note(batch=batch, credit_note=invoice, today=today, by=by.id, at=at)
        receivable, claimed = owed.settles(settled), owed.kind
        base_settled = base_share(settled, whole=invoice.payable, base_whole=base_payable, home=exchange.home)
    batch.insert(
        InvoiceBalance,
        [
            {
                "invoice_id": invoice.id, "company_id": invoice.company_id, "customer_id": invoice.customer_id,
                "kind": invoice.kind, "currency": invoice.currency, "total": invoice.payable, "allocated": settled,
                "due_date": dues[0].due_date, "settled_at": at if settled == invoice.payable else None,
                "base_total": base_payable, "base_allocated": base_settled,
            }
        ],
        date=today, first_on=today, last_on=today,
    )  # fmt: skip
    postings = invoice_postings(
        net=invoice.net, tax=invoice.tax, rounding=invoice.rounding, total=invoice.total, advances=invoice.advance_net,
        luxury_tax=invoice.luxury_tax, tax_by_buyer=invoice.tax_by_buyer, base=base,
        income=income or income_of(claimed),
    )  # fmt: skip
    if is_credit:
        postings = turned_round(postings)
    if receivable != base_settled:
        postings += note_settlement_postings(used=base_settled, settled=receivable, same_rate=True)
    post_entry(
        batch=batch, company_id=invoice.company_id, branch_id=invoice.branch_id, date=today, source_kind="invoice",
        source_id=invoice.id, number=number, currency=exchange.home,
        document_currency="" if exchange.is_home else invoice.currency, postings=postings,
        customer_id=invoice.customer_id, by=by.id, at=at,
    )  # fmt: skip
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="invoice", source_id=invoice.id,
        orders=-invoice.open_order_amount, at=at,
        invoices=base_settled - receivable - base_payable if is_credit else base_payable,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=invoice.customer_id, company_id=invoice.company_id, kind=f"{series}.issued",
        subject_kind="invoice", subject_id=invoice.id, number=number, amount=invoice.total, currency=invoice.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=InvoiceIssued(invoice.id, invoice.customer_id, invoice.currency, invoice.total),
        company_id=invoice.company_id, by=by.id, at=at,
    )  # fmt: skip
    written = batch.write()
    invoice.number, invoice.date, invoice.due_date = written[number], today, dues[-1].due_date
    invoice.issued_at, invoice.issued_by = at, by.id
    invoice.exchange_rate, invoice.base_total, invoice.advance_base = exchange.rate, base_total, advance_base
    return invoice


def dues_of(invoice: Invoice, today: date) -> list[Due]:
    """The parts of what it claims when it is issued that day: as planned on it by hand, else by its payment term.

    :raises InstalmentsDiffer: what is planned does not make what it claims
    """
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return due_parts([], invoice_date=today, total=invoice.payable, currency=invoice.currency)
    if invoice.instalments:
        planned = [
            Due(place, date.fromisoformat(one["due_date"]), Decimal(one["amount"]))
            for place, one in enumerate(invoice.instalments, 1)
        ]
        if sum(due.amount for due in planned) != invoice.payable:
            raise InstalmentsDiffer()
        return planned
    return due_parts(frozen_parts(invoice.term), invoice_date=today, total=invoice.payable, currency=invoice.currency)


def income_of(kind: str) -> str:
    """The role that the net of a claim is posted to."""
    return _INCOME.get(kind, "revenue")


def stamp_duty(invoice: Invoice, stated: Decimal, setting: FiscalFacts) -> Decimal:
    """On what it says of the debt is settled already (`stated`, in the company's own currency): the down payments that
    it takes off."""
    if invoice.kind != InvoiceKind.INVOICE or invoice.advance_net <= 0:
        return Decimal(0)
    return setting.duty_on(stated)


def _exchange(invoice: Invoice, today: date) -> Exchange:
    """The day's rate; a credit note takes that of what it corrects."""
    home = invoice.company.currency
    if invoice.currency != home and invoice.credits is not None:
        assert invoice.credits.exchange_rate is not None
        return Exchange(invoice.currency, home, invoice.credits.exchange_rate, today)
    return exchange_on(company=invoice.company, currency=invoice.currency, on=today)
