"""The dialog before an order becomes a promise."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import Refusal
from niaga.sales.errors import CreditHeld, PricesChanged
from niaga.sales.models import SalesOrder
from niaga.sales.queries.confirmation import Prospect, short_lines
from niaga.sales.queries.credit import standing_of
from niaga.sales.queries.day_loads import FullDay, days_of, full_days, to_leave
from niaga.sales.queries.documents import get_order_page
from niaga.sales.queries.drop_ships import straight_days
from niaga.sales.queries.earliest_day import earliest_day_of
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.rules.earliest_day import Earliest, Wanted
from niaga.sales.services.check_prices import check_prices
from niaga.sales.services.confirm_with_choices import LineChoice, confirm_with_choices
from niaga.sales.web.credit_words import note_of, reasons
from niaga.sales.web.day_words import measured
from niaga.sales.web.earliest import line_days, shown_offer
from niaga.sales.web.order_actions import may, order_address
from niaga.stock.rules.day_load import CARRIED
from niaga.ui.forms import once


@login_required
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The dialog before a promise: prices that changed, lines that are short, credit; and the promise itself."""
    found = get_order_page(order_id=order_id, by=request.user)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _confirm(request, found))
        except Refusal as one:
            refusal = one
    lines = shown_order_lines(order_id=found.id)
    prices: list[dict[str, Any]] = []
    try:
        if found.quotation_id is None:
            check_prices(order=found, today=day_at(at=now(), zone=found.branch.zone))
    except PricesChanged as changed:
        prices = changed.lines
    except Refusal as one:
        refusal = refusal or one
    standing = standing_of(found, today=day_at(at=now(), zone=found.branch.zone))
    straight = straight_days(order=found, today=day_at(at=now(), zone=found.branch.zone))
    prospect = Prospect(
        prices,
        short_lines(order=found, lines=lines, straight=straight),
        standing,
        found.total,
        found.base_total or Decimal(0),
    )
    here = (line for line in lines if line.product_id and line.id not in straight)
    planned = days_of(found.planned_date, ((line.planned_date, to_leave(line)) for line in here))
    names = {str(line.id): line.description for line in lines}
    full = full_days(order=found, wanted=planned, today=day_at(at=now(), zone=found.branch.zone))
    early = earliest_day_of(order=found, lines=lines, straight=straight, at=now())
    named = [Wanted(key, names.get(key, ""), {}) for key in early.parts]
    facts = {
        **shown_offer(early, named), "offers": found.status == "draft" and _is_better(found, early, bool(full)),
        "line_days": line_days(early),
        "order": found, "prospect": prospect, "draft": found.status == "draft",
        "full_days": [shown_full_day(one) for one in full],
        "next_day": max((one.next_day for one in full if one.next_day), default=None),
        "may_overfill": may(request, "delivery", "create", found),
        "refusal": None if isinstance(refusal, CreditHeld) else refusal,  # its reasons are shown below
        "held_reasons": reasons(standing, prospect.waits, prospect.more, standing.figures.currency),
        "credit_note": note_of(found, found.__dict__["request_fact"], standing, may_decide=False),
    }  # fmt: skip
    return render(request, "sales/parts/confirmation.html", facts, status=422 if refusal else 200)


def shown_full_day(one: FullDay) -> dict[str, Any]:
    """A full day with its figures in words; what the order brings is told in kilograms or cubic metres."""
    carried = one.measure in CARRIED
    return {
        **one._asdict(), "used_words": measured(one.measure, one.used),
        "limit_words": measured(one.measure, one.limit or 0), "unweighed": one.unweighed if carried else 0,
        "more_words": measured(one.measure, one.more) if carried else "",
    }  # fmt: skip


def _is_better(found: SalesOrder, early: Earliest, is_full: bool) -> bool:
    """Whether the days found are worth a question: none is promised, or the promised one cannot be kept."""
    if not early.part_days:
        return False
    planned = found.planned_date
    return planned is None or is_full or early.together.day is None or early.together.day > planned


def _days(request: HttpRequest) -> dict[UUID, date]:
    """By line, the day that was shown and taken."""
    found = {}
    for name, value in request.POST.items():
        try:
            if name.startswith("day-of-"):
                found[UUID(name.removeprefix("day-of-"))] = date.fromisoformat(str(value))
        except ValueError:
            continue
    return found


def _confirm(request: HttpRequest, found: SalesOrder) -> str:
    choices: dict[UUID, LineChoice] = {}
    for name, value in request.POST.items():
        if not name.startswith("line-") or value not in ("backorder", "remove", "split"):
            continue
        try:
            line_id = UUID(name.removeprefix("line-"))
            free = Decimal(request.POST.get(f"free-{line_id}", "0") or "0")
            later = request.POST.get(f"later-{line_id}", "")
            day = date.fromisoformat(later) if later else None
        except (ValueError, ArithmeticError):
            continue
        choices[line_id] = LineChoice(value, free, day)  # type: ignore[arg-type]
    answer, reason = request.POST.get("full-day", ""), request.POST.get("day_reason", "")
    try:
        shown = {"move": "other-day", "together": "together-day"}.get(answer)
        other = date.fromisoformat(request.POST.get(shown, "")) if shown else None
    except ValueError:
        other = None
    wanted = request.POST.get("prices", "check")
    version = request.POST.get("version", "")
    confirm_with_choices(
        order_id=found.id, version=int(version) if version.isdigit() else None,
        prices=wanted if wanted in ("take", "keep") else "check",  # type: ignore[arg-type]
        choices=choices, day=other, line_days=_days(request) if answer == "parts" else None,
        full_day="over" if answer == "over" else "refuse", day_reason=reason,
        by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, _("%(number)s is confirmed; its stock is held.") % {"number": found.number})
    return order_address(found.id)
