"""The start page's figures: a handful of statements, whatever the company has sold."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from niaga.analytics.rules.periods import Figure, add_figures, by_day, figure, month_before, month_start
from niaga.invoicing.queries.figures import invoiced_by_day, overdue_invoices
from niaga.organization.access import Actor, access_of
from niaga.payments.queries.figures import collected_by_day
from niaga.sales.queries.figures import booked_by_day, orders_to_ship, quotations_awaiting
from niaga.sales.queries.historical_figures import historical_by_day
from niaga.stock.queries.deliveries import deliveries_to_leave
from niaga.stock.queries.expected import receipts_to_come

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first rows of a list of what waits, how many there are in all, and what they come to."""

    rows: list[Any]
    number: int
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class StartPage:
    """What a person's role lets them see; None: not their business."""

    booked: Figure | None
    invoiced: Figure | None
    fees: Decimal
    """Fees, for paying late or a returned giro, in what was invoiced this month."""
    collected: Figure | None
    days: list[tuple[date, Decimal]]
    awaiting: Waiting | None
    to_ship: Waiting | None
    overdue: Waiting | None
    to_leave: Waiting | None
    expected: Waiting | None


def start_page(*, by: Actor, today: date) -> StartPage:
    """Today and this month: booked, invoiced, collected (closed sales of the past count in each), and what waits.

    Who keeps the stockroom and has no business with money sees what must leave and what will come instead.
    """
    access = access_of(by)
    start = month_before(today)[0]
    orders, invoices = access.allows("order", "view"), access.allows("invoice", "view")
    payments = access.allows("payment", "view")
    about_money = payments or access.allows("report", "view")
    about_goods = access.allows("stock", "record") and not about_money
    past = historical_by_day(by=by, start=start, end=today) if about_money else {}
    booked = add_figures(booked_by_day(by=by, start=start, end=today), past) if orders and about_money else {}
    billed = invoiced_by_day(by=by, start=start, end=today) if invoices else {}
    invoiced = add_figures({day: (one.amount, one.number) for day, one in billed.items()}, past) if invoices else {}
    collected = add_figures(collected_by_day(by=by, start=start, end=today), past) if payments else {}
    shown = booked or invoiced or collected
    return StartPage(
        booked=figure(booked, today=today) if orders and about_money else None,
        invoiced=figure(invoiced, today=today) if invoices else None,
        fees=sum((one.fees for day, one in billed.items() if day >= month_start(today)), Decimal(0)),
        collected=figure(collected, today=today) if payments else None,
        days=by_day(shown, start=month_start(today), end=today) if shown else [],
        awaiting=_waiting(quotations_awaiting(by=by), "base_total") if access.allows("quotation", "view") else None,
        to_ship=_waiting(orders_to_ship(by=by), None) if access.allows("delivery", "view") and orders else None,
        overdue=_overdue(by, today) if invoices else None,
        to_leave=_waiting(deliveries_to_leave(by=by), None) if about_goods else None,
        expected=_waiting(receipts_to_come(by=by), None) if about_goods else None,
    )


def _overdue(by: Actor, today: date) -> Waiting:
    waiting = _waiting(overdue_invoices(by=by, today=today), "open")
    for invoice in waiting.rows:
        invoice.overdue_days = (today - invoice.overdue_since).days
    return waiting


def _waiting(rows: QuerySet[Any], amount: str | None) -> Waiting:
    first = list(rows[: SHOWN + 1])
    if len(first) <= SHOWN:
        total = sum((getattr(row, amount) or Decimal(0) for row in first), Decimal(0)) if amount else None
        return Waiting(first, len(first), total)
    whole = rows.order_by().aggregate(number=Count("id"), **({"total": Sum(amount)} if amount else {}))
    return Waiting(first[:SHOWN], whole["number"], whole.get("total"))
