"""Planning the milestones of an order, and billing one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid, Refusal
from niaga.organization.access import access_of
from niaga.sales.models import SalesOrder
from niaga.sales.queries.documents import get_order_page
from niaga.sales.queries.milestones import Reached, milestones_of, order_of_milestone
from niaga.sales.rules.milestones import LONGEST_NAME, Part
from niaga.sales.services.bill_milestone import bill_milestone
from niaga.sales.services.plan_milestones import plan_milestones
from niaga.ui import formatting
from niaga.ui.forms import once
from niaga.ui.lists import Status
from niaga.ui.stale import one_at_a_time

STATES = {
    "planned": Status(gettext_lazy("Planned"), "faint", "clock"),
    "waiting": Status(gettext_lazy("Waiting"), "warn", "hourglass"),
    "draft": Status(gettext_lazy("Draft"), "calm", "pencil"),
    "invoiced": Status(gettext_lazy("Invoiced"), "good", "receipt"),
}


@dataclass(frozen=True, slots=True)
class ShownMilestone:
    id: UUID
    name: str
    share: str
    date: date | None
    expected: Decimal
    status: Status
    reason: str
    invoice_id: UUID | None
    number: str
    billable: bool


def shown_milestones(order: SalesOrder, *, may_bill: bool) -> list[ShownMilestone]:
    """Those of an order by which it is billed."""
    choice = getattr(order, "billing_choice", None)
    if choice is None or choice.way != "milestone":
        return []
    return [_shown(one, may_bill and order.status == "confirmed") for one in milestones_of(order=order)]


def _shown(one: Reached, may_bill: bool) -> ShownMilestone:
    made = one.milestone
    share = formatting.percent(made.percent, 4) if made.percent is not None else ""
    return ShownMilestone(
        made.pk, made.name, share, made.date, one.expected, STATES[one.state], one.reason, one.invoice_id, one.number,
        may_bill and one.state in ("planned", "waiting"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def plan(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = get_order_page(order_id=order_id, by=request.user)
    access = access_of(request.user)
    access.require("invoice", "create", order)
    held = milestones_of(order=order)
    if request.method == "GET" and (order.status not in ("draft", "confirmed") or order.invoice_progress != "none"):
        return redirect("sales:order", order_id)
    unit = "amount" if held and held[0].milestone.amount is not None else "percent"
    issues = bool(held) and order.billing_choice.issues
    rows, status, fault = [_row(one, order.currency) for one in held] or [{}, {}], 200, ""
    if request.method == "POST":
        unit, issues = request.POST.get("unit", "percent"), request.POST.get("issues") == "on"
        try:
            return once(request, lambda: _deed(request, order, unit, issues))
        except Refusal as refusal:
            rows, status, fault = _typed(request) or [{}, {}], 422, str(refusal.message)
    context = {
        "order": order, "rows": rows, "fault": fault, "unit": unit, "issues": issues, "longest": LONGEST_NAME,
        "may_issue": access.reaches("invoice", "issue", order),
    }  # fmt: skip
    return render(request, "sales/milestones.html", context, status=status)


def _row(one: Reached, currency: str) -> dict[str, str]:
    made = one.milestone
    if made.percent is not None:
        share = formatting.number(made.percent.normalize() + 0)
    else:
        share = formatting.amount(made.amount or Decimal(0), currency)
    return {"name": made.name, "share": share, "day": made.date.isoformat() if made.date else ""}


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    columns = (request.POST.getlist(name) for name in ("name", "share", "date"))
    rows = [dict(zip(("name", "share", "day"), row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def _deed(request: HttpRequest, order: SalesOrder, unit: str, issues: bool) -> str:
    parts = []
    for place, row in enumerate(_typed(request), 1):
        try:
            share = formatting.parse_number(row["share"])
            day = date.fromisoformat(row["day"]) if row["day"].strip() else None
        except ValueError as error:
            text = _("Milestone %(place)d needs a name, its part, and a day or none.") % {"place": place}
            raise Invalid(text, field="parts") from error
        which: dict[str, Any] = {"amount" if unit == "amount" else "percent": share}
        parts.append(Part(row["name"].strip(), date=day, **which))
    plan_milestones(order_id=order.pk, parts=parts, issues=issues, by=request.user, at=now())
    messages.success(request, _("Saved."))
    return reverse("sales:order", args=[order.pk])


@login_required
@require_POST
def bill(request: HttpRequest, milestone_id: UUID) -> HttpResponse:
    """Bill one on this person's word."""
    order = order_of_milestone(milestone_id=milestone_id, by=request.user)

    def deed() -> str:
        cause = bill_milestone(milestone_id=milestone_id, by=request.user, at=now())
        if cause.invoice_id is not None:
            return f"/invoices/{cause.invoice_id}"
        messages.warning(request, cause.reason)
        return reverse("sales:order", args=[order.pk])

    return once(request, deed)
