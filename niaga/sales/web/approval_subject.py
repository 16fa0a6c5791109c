"""What an approver sees of a quotation or an order: its lines with margin and why this price, its customer's habits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.approvals.registry import ApprovalLine, Fact, SubjectPage
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.queries.together import ask
from niaga.organization.access import access_of
from niaga.sales.models import AskedChange, Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.queries.approval_facts import LINE, facts_of
from niaga.sales.queries.asked_changes import asked_change
from niaga.sales.queries.drop_ships import agreed_costs
from niaga.sales.queries.habits import Habits, habits_of
from niaga.sales.queries.lines import shown_order_lines, shown_quotation_lines
from niaga.sales.rules.approval_figures import figures_of
from niaga.sales.services.order_change import kept_change, lines_before
from niaga.sales.web.asked_change_words import Outcome, outcome_of
from niaga.sales.web.shown_lines import shown_lines
from niaga.ui import formatting


def quotation_subject(
    request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
) -> SubjectPage | None:
    found = Quotation.objects.select_related("branch").filter(pk=subject_id).first()
    if found is None:
        return None
    lines = [line for line in shown_quotation_lines(quotation_id=found.pk) if line.is_chosen]
    return _page(f"/quotations/{found.pk}", found, lines, sees_margin)


def order_subject(
    request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
) -> SubjectPage | None:
    asked = asked_change(request_id=approval_id)
    if asked is not None:
        return _change_page(request, asked, sees_margin)
    found = SalesOrder.objects.select_related("branch").filter(pk=subject_id).first()
    if found is None:
        return None
    lines = shown_order_lines(order_id=found.pk)
    for line in lines:
        line.order = found
    return _page(f"/orders/{found.pk}", found, lines, sees_margin)


def _change_page(request: HttpRequest, asked: AskedChange, sees_margin: bool) -> SubjectPage:
    """A change of a promise as it was asked for, each line with what it was."""
    order = asked.order
    before = {row["id"]: SalesOrderLine(**row) for row in lines_before(asked)}
    lines = [SalesOrderLine(order_id=order.pk, **row) for row in kept_change(asked).rows]
    prefetch_related_objects([*lines, *before.values()], "product", "unit")
    stood = {line.id for line in lines} & set(
        SalesOrderLine.objects.filter(order_id=order.pk).values_list("id", flat=True)
    )
    told = []
    for line, row in zip(lines, shown_lines(lines, order.currency, sees_cost=sees_margin), strict=True):
        if line.product_id is not None:
            was = _was(before[line.id], order.currency) if line.id in before else ""
            is_new = asked.made_at is None and line.id not in stood
            told.append(replace(_line(line, row, order.currency, sees_margin), was=_("new") if is_new else was))
    after = {line.id for line in lines}
    told += [
        ApprovalLine(
            str(line.product), "", "", "", "", was=_("goes: %(was)s") % {"was": _figures(line, order.currency)}
        )
        for line in before.values()
        if line.id not in after and line.product_id is not None
    ]
    today = day_at(at=now(), zone=order.branch.zone)
    habits = habits_of(customer_id=order.customer_id, since=today - timedelta(days=365), today=today)
    outcome = outcome_of(asked, order) or Outcome("", "")
    may = access_of(request.user).sees("order", order, "amend")
    return SubjectPage(
        f"/orders/{order.pk}", told, _history(habits), is_change=True, said=outcome.text, tone=outcome.tone,
        deed=outcome.deed if may else "",
    )  # fmt: skip


def _was(line: SalesOrderLine, currency: str) -> str:
    return _("was %(was)s") % {"was": _figures(line, currency)}


def _figures(line: SalesOrderLine, currency: str) -> str:
    """`5 pcs × 100.000 − 12 %`."""
    row = shown_lines([line], currency)[0]
    said = f"{row.quantity} {row.unit} × {row.price}"
    return f"{said} − {row.discount}" if row.discount else said


def _page(
    url: str, found: Quotation | SalesOrder, lines: Sequence[QuotationLine | SalesOrderLine], sees_margin: bool
) -> SubjectPage:
    today = day_at(at=now(), zone=found.branch.zone)
    if sees_margin and isinstance(found, SalesOrder) and found.status == "draft":
        (agreed,) = ask(agreed_costs(found))
        for line in lines:
            line.unit_cost = agreed.get(line.id, line.unit_cost)
    rows = shown_lines(lines, found.currency, sees_cost=sees_margin)
    told = [
        _line(line, row, found.currency, sees_margin)
        for line, row in zip(lines, rows, strict=True)
        if line.product_id is not None
    ]
    habits = habits_of(customer_id=found.customer_id, since=today - timedelta(days=365), today=today)
    bound = isinstance(found, SalesOrder) and found.status != "draft"
    return SubjectPage(url, told, _history(habits), None if bound else facts_of(found, today=today))


def _line(line: QuotationLine | SalesOrderLine, row: Any, currency: str, sees_margin: bool) -> ApprovalLine:
    margin, tone = "", ""
    if sees_margin and line.kind == "item":
        if line.unit_cost is None:
            margin, tone = _("not known"), "warn"
        elif line.net:
            earned = line.net - line.unit_cost * line.quantity * line.factor
            margin, tone = formatting.percent(earned * 100 / line.net, 1), "bad" if earned < 0 else ""
    return ApprovalLine(
        row.name, f"{row.quantity} {row.unit}".strip(), row.price, row.discount, row.subtotal, margin, tone, row.why,
        _below_floor(line, currency) if sees_margin else "",
    )  # fmt: skip


def _below_floor(line: QuotationLine | SalesOrderLine, currency: str) -> str:
    """How far the line is below its price list's floor, in money and percent."""
    below = figures_of([{name: getattr(line, name) for name in LINE}], currency)
    if below.below_floor is None or below.below_floor_percent is None:
        return _("the floor is not known")
    if not below.below_floor:
        return ""
    facts = {
        "amount": formatting.money(below.below_floor, currency),
        "percent": formatting.percent(below.below_floor_percent, 1),
    }  # fmt: skip
    return _("%(amount)s (%(percent)s) below the floor") % facts


def _history(habits: Habits) -> list[Fact]:
    if not habits.orders:
        return [Fact(_("Orders in Niaga, 12 months"), _("none"), "warn"), *_late(habits)]
    facts = [
        Fact(_("Orders in Niaga, 12 months"), formatting.number(habits.orders)),
        Fact(_("Usual discount"), formatting.percent(habits.discount, 1)),
        Fact(_("Largest discount"), formatting.percent(habits.most, 1)),
    ]
    facts += [
        Fact(number, f"{formatting.day(day)} · {formatting.money(total, currency)}")
        for number, day, total, currency in habits.last
    ]
    return facts + _late(habits)


def _late(habits: Habits) -> list[Fact]:
    """How the customer pays."""
    if not habits.invoices:
        return []
    facts = []
    if habits.late:
        said = _("%(late)d of %(all)d late") % {"late": habits.late, "all": habits.invoices}
        facts.append(Fact(_("Invoices paid"), said, "warn"))
    else:
        facts.append(Fact(_("Invoices paid"), _("all in time"), "good"))
    if habits.overdue:
        words = ngettext("%(days)d day", "%(days)d days", habits.overdue) % {"days": habits.overdue}
        facts.append(Fact(_("Longest overdue today"), words, "bad"))
    return facts
