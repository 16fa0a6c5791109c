"""A customer's statement of account: what was owed, everything that changed it, and what is owed, by currency.

Money counts when it comes, whether or not it settles an invoice; so the balance is the receivable less advances. A
payment that settles an invoice in another currency moves what it took from one account to the other.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.errors import NotFound
from niaga.core.queries.told import Sql, joined
from niaga.invoicing.errors import NoPeriod, PartOfAccount, PeriodTooFull
from niaga.invoicing.models import OpenItem
from niaga.invoicing.queries.account_sources import Narrowed, account_sources
from niaga.invoicing.queries.open_items import is_whole, open_items
from niaga.invoicing.rules.ages import age_of
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for

MOST_LINES = 5_000
_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What changed the account. `kind`: invoice, down_payment, late_fee, debit_note, credit_note, payment,
    reversal, allocation, write_off, early_discount."""

    date: dt.date
    kind: str
    document_id: UUID
    number: str
    amount: Decimal
    """Above zero: owed; below: paid or credited."""
    balance: Decimal
    due_date: dt.date | None
    note: str


@dataclass(slots=True)
class CurrencyAccount:
    """The account in one currency; `ages` by the names of `rules.ages`, with `credit` and `advance` (below zero)."""

    currency: str
    opening: Decimal = _NOUGHT
    closing: Decimal = _NOUGHT
    lines: list[StatementLine] = field(default_factory=list)
    items: list[OpenItem] = field(default_factory=list)
    ages: dict[str, Decimal] = field(default_factory=dict)

    @property
    def debits(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount > 0), _NOUGHT)

    @property
    def credits(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount < 0), _NOUGHT)


@dataclass(frozen=True, slots=True)
class Statement:
    customer: Any
    since: dt.date
    until: dt.date
    accounts: list[CurrencyAccount]
    """The company's own currency first; there is always one."""


def statement_of(*, customer_id: UUID, since: dt.date, until: dt.date, by: Actor) -> Statement:
    """Opening balance, movements and closing balance between two days, both included, with what is open at the end.

    The statements are as many however much happened.

    :raises NotFound: no such customer, or none that the person may see
    :raises Forbidden: the person may not see invoices
    :raises PartOfAccount: some of the customer's invoices or payments are not theirs to see
    :raises NoPeriod: it ends before it begins
    :raises PeriodTooFull: too much happened
    """
    access = access_of(by)
    customer = customer_for(by, customer_id)
    access.require("invoice", "view")
    company = access.current_company
    if customer.company_id != company.id:
        raise NotFound()
    if since > until:
        raise NoPeriod(field="until")
    if not is_whole(customer_id=customer_id, by=by):
        raise PartOfAccount()
    found = {company.currency: CurrencyAccount(company.currency)}
    moved = _movements(customer_id)
    with connection.cursor() as cursor:
        sums = joined("SELECT currency, sum(amount) FROM (", moved,
                      Sql(") m WHERE date < %s GROUP BY currency ORDER BY currency", (since,)))  # fmt: skip
        cursor.execute(sums.text, sums.values)
        for currency, amount in cursor.fetchall():
            account = found.setdefault(currency, CurrencyAccount(currency))
            account.opening = account.closing = amount
        rows = joined(
            "SELECT date, kind, document_id, number, amount, due_date, note, currency FROM (", moved,
            Sql(") m WHERE date BETWEEN %s AND %s ORDER BY date, at, document_id, amount LIMIT %s",
                (since, until, MOST_LINES + 1)),
        )  # fmt: skip
        cursor.execute(rows.text, rows.values)
        happened = cursor.fetchall()
    if len(happened) > MOST_LINES:
        raise PeriodTooFull(field="since")
    for day, kind, document_id, number, amount, due_date, note, currency in happened:
        account = found.setdefault(currency, CurrencyAccount(currency))
        account.closing += amount
        account.lines.append(StatementLine(day, kind, document_id, number, amount, account.closing, due_date, note))
    narrowed = Narrowed(customer_id=customer_id)
    for item in open_items(by=by, day=until, narrowed=narrowed).order_by("due_date", "number", "id"):
        account = found.setdefault(item.currency, CurrencyAccount(item.currency))
        account.items.append(item)
        age = "advance" if account_sources.get(item.kind) else age_of(item.days_late, is_claim=item.open > 0)
        account.ages[age] = account.ages.get(age, _NOUGHT) + item.open
    shown = [one for one in found.values() if one.opening or one.lines or one.items or one.currency == company.currency]
    if len(shown) > 1:
        shown = [one for one in shown if one.opening or one.lines or one.items] or shown[:1]
    return Statement(customer, since, until, shown)


def _movements(customer_id: UUID) -> Sql:
    parts: list[str | Sql] = [Sql(_MOVEMENTS, (customer_id,) * 4)]
    for _kind, source in account_sources:
        parts += [" UNION ALL ", source.movements(customer_id=customer_id)]
    return joined(*parts)


# The balance says what of the total the buyer pays to us.
_MOVEMENTS = """
SELECT i.date, i.issued_at AS at, i.kind, i.id AS document_id, i.number, i.currency,
       CASE WHEN i.kind = 'credit_note' THEN -b.total ELSE b.total END AS amount,
       CASE WHEN i.kind = 'credit_note' THEN NULL ELSE i.due_date END AS due_date, i.customer_reference AS note
  FROM invoicing_invoice i JOIN invoicing_invoicebalance b ON b.invoice_id = i.id
 WHERE i.customer_id = %s::uuid AND i.status = 'issued'
 UNION ALL
SELECT a.date, a.at, 'allocation', i.id, i.number, a.source_currency, a.source_amount, NULL, ''
  FROM invoicing_allocation a JOIN invoicing_invoice i ON i.id = a.invoice_id
 WHERE i.customer_id = %s::uuid AND a.source_currency <> ''
 UNION ALL
SELECT a.date, a.at, 'allocation', i.id, i.number, i.currency, -a.amount, NULL, ''
  FROM invoicing_allocation a JOIN invoicing_invoice i ON i.id = a.invoice_id
 WHERE i.customer_id = %s::uuid AND a.source_currency <> ''
 UNION ALL
SELECT a.date, a.at, a.source_kind, i.id, i.number, i.currency, -a.amount, NULL, ''
  FROM invoicing_allocation a JOIN invoicing_invoice i ON i.id = a.invoice_id
 WHERE i.customer_id = %s::uuid AND a.source_kind IN ('write_off', 'early_discount')
"""
