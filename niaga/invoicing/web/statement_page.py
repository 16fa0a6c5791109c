"""A customer's statement of account: the page, its file, and the mail."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.invoicing.queries.account_sources import account_sources
from niaga.invoicing.queries.late_fees import late_fees_so_far
from niaga.invoicing.queries.settlements import sources
from niaga.invoicing.queries.statement import CurrencyAccount, Statement, StatementLine, statement_of
from niaga.invoicing.queries.statement_paper import variant_of
from niaga.invoicing.rules.ages import AGES as AGE_NAMES
from niaga.invoicing.rules.statement_period import statement_period
from niaga.invoicing.services.send_statement import send_statement
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.words import AGES, KINDS
from niaga.organization.access import access_of
from niaga.ui.forms import once
from niaga.ui.lists import Day, Money, Reference, Text
from niaga.ui.lists.export import csv_response, xlsx_response

MOVED = {
    **KINDS,
    "payment": _("Payment"),
    "reversal": _("Payment taken back"),
    "refund": _("Refund"),
    "allocation": _("Settled across currencies"),
    "write_off": _("Written off"),
    "early_discount": _("Early-payment discount"),
    "opening": _("Opening balance"),
    "closing": _("Closing balance"),
}
_COLUMNS = (
    Day("date", _("Date")),
    Text("kind", _("Kind"), source=lambda row: MOVED[row["kind"]]),
    Reference("number", _("Number")),
    Day("due_date", _("Due")),
    Text("note", _("Note")),
    Text("currency", _("Currency")),
    Money("debit", _("Debit"), source=lambda row: row["amount"] if row["amount"] > 0 else None),
    Money("credit", _("Credit"), source=lambda row: -row["amount"] if row["amount"] < 0 else None),
    Money("balance", _("Balance")),
)


class _Rows(list[dict[str, Any]]):
    """The lines, to be written like a list's rows."""

    def iterator(self, chunk_size: int) -> Iterator[dict[str, Any]]:
        return iter(self)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, "") or request.POST.get(name, ""))
    except ValueError:
        return None


def _period(request: HttpRequest) -> tuple[date, date]:
    """As asked for; else the month before today's and what went by of this one."""
    today = today_of(request)
    until = min(_day(request, "until") or today, today)
    since, until = statement_period(_day(request, "since"), until, today=today)
    return min(since, until), until


@login_required
@require_GET
def show_statement(request: HttpRequest, customer_id: UUID) -> HttpResponseBase:
    since, until = _period(request)
    statement = statement_of(customer_id=customer_id, since=since, until=until, by=request.user)
    wanted = request.GET.get("export", "")
    if wanted in ("csv", "xlsx"):
        return statement_file(statement, wanted)
    customer = statement.customer
    may_send = access_of(request.user).allows("invoice", "send", customer.company_id)
    context = {
        "customer": customer, "since": since, "until": until, "may_send": may_send,
        "accounts": [_shown(statement, account) for account in statement.accounts],
        "query": f"since={since.isoformat()}&until={until.isoformat()}",
        "periods": _periods(today_of(request)),
        "late_fees": _late_fees(customer, until, today_of(request)),
    }  # fmt: skip
    return render(request, "invoicing/statement.html", context)


def _late_fees(customer: Any, until: date, today: date) -> list[tuple[str, Any]]:
    """What late days cost that are not charged yet, where the statement goes up to today."""
    if until < today:
        return []
    return list(
        late_fees_so_far(company_id=customer.company_id, today=today, customer_ids=[customer.pk]).items()
    )  # fmt: skip


def _periods(today: date) -> list[tuple[Any, str]]:
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    spans = (
        (pgettext_lazy("period", "This month"), first, today),
        (_("Last month"), before.replace(day=1), before),
        (_("This year"), today.replace(month=1, day=1), today),
    )
    return [(label, f"since={start.isoformat()}&until={end.isoformat()}") for label, start, end in spans]


def _shown(statement: Statement, account: CurrencyAccount) -> dict[str, Any]:
    labels = {**AGES, "credit": _("Credit not used yet"), "advance": _("Advance not used yet")}
    names = (*AGE_NAMES, *(name for name in ("credit", "advance") if account.ages.get(name)))
    return {
        "account": account,
        "lines": [{"line": line, "label": MOVED[line.kind], "url": _url(line)} for line in account.lines],
        "ages": [(labels[name], account.ages.get(name, 0), name) for name in names],
        "paper": f"{reverse('documents:paper', args=['statement', statement.customer.pk])}"
        f"?variant={variant_of(statement.since, statement.until, account.currency)}",
    }


def _url(line: StatementLine) -> str:
    kind = "payment" if line.kind in ("reversal", "refund") else line.kind
    source = sources.get(kind) if account_sources.get(kind) else None
    return source.page.format(line.document_id) if source else f"/invoices/{line.document_id}"


def statement_file(statement: Statement, kind: str) -> HttpResponseBase:
    """Opening balance, movements and closing balance of each currency, one after another."""
    rows = _Rows()
    for account in statement.accounts:
        shared = {"currency": account.currency, "due_date": None, "note": "", "number": ""}
        rows.append({**shared, "date": statement.since, "kind": "opening", "amount": 0, "balance": account.opening})
        rows += [
            {**shared, "date": line.date, "kind": line.kind, "number": line.number, "due_date": line.due_date,
             "note": line.note, "amount": line.amount, "balance": line.balance}
            for line in account.lines
        ]  # fmt: skip
        rows.append({**shared, "date": statement.until, "kind": "closing", "amount": 0, "balance": account.closing})
    name = f"statement-{statement.customer.code}-{statement.since:%Y%m%d}-{statement.until:%Y%m%d}.{kind}"
    if kind == "csv":
        return csv_response(_COLUMNS, rows, name)
    return xlsx_response(_COLUMNS, rows, name, title=str(_("Statement of account")))


@login_required
@require_POST
def send(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    since, until = _period(request)
    statement_of(customer_id=customer_id, since=since, until=until, by=request.user)
    to = [one.strip() for one in request.POST.get("to", "").replace(";", ",").split(",") if one.strip()]

    def deed() -> str:
        send_statement(
            customer_id=customer_id, since=since, until=until, currency=request.POST.get("currency", ""), to=to,
            message=request.POST.get("message", ""), by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("On its way to %(to)s.") % {"to": ", ".join(to)})
        days = f"since={since.isoformat()}&until={until.isoformat()}"
        return f"{reverse('invoicing:statement', args=[customer_id])}?{days}"

    return once(request, deed)
