"""Where finance decides about one order, and where it is asked."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.parties.services.raise_credit import raise_credit
from niaga.sales.queries.credit import decidable_request, state_of
from niaga.sales.queries.documents import get_order
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.refuse_release import refuse_release
from niaga.sales.services.release_order import release_order
from niaga.sales.web.credit_list import held, standing
from niaga.sales.web.credit_words import STAGE, STATE, reasons
from niaga.sales.web.order_list import today_of
from niaga.ui import formatting
from niaga.ui.forms import DayField, deed_view, once
from niaga.ui.registry.panels import customer_panels


def _found(request: HttpRequest, credit_request_id: UUID) -> Any:
    return decidable_request(request_id=credit_request_id, by=request.user, today=today_of(request))


@login_required
@require_GET
def show(request: HttpRequest, credit_request_id: UUID) -> HttpResponse:
    """One order that waits: what stands against it, what the customer is like, and the three answers."""
    access_of(request.user).require("customer", "credit")
    row = _found(request, credit_request_id)
    stands = standing(row)
    holds = stands.waits(more=row.more, total=row.amount)
    facts = {
        "row": row, "standing": stands, "figures": stands.figures, "state": STATE[state_of(row)],
        "open": state_of(row) == "open", "held": held(row), "stage": STAGE[row.stage],
        "reasons": reasons(stands, holds, row.more, stands.figures.currency), "over_by": stands.over_by(row.more),
        "late": stands.overdue if stands.late_days else None, "late_days": stands.late_days,
        "panel": customer_panels(request, [row.customer_id]).get(row.customer_id, ()),
        "wanted": stands.figures.raise_in_force + stands.over_by(row.more) if stands.over_by(row.more) else None,
        "decision": getattr(row, "decision", None), "today": row.today,
        "own": request.user.pk in (row.asked_by_id, row.order.salesperson_id, row.order.created_by),
    }  # fmt: skip
    return render(request, "sales/credit_release.html", facts)


def _check(request: HttpRequest, credit_request_id: UUID) -> None:
    access_of(request.user).require("customer", "credit")
    _found(request, credit_request_id)


def _release(request: HttpRequest, request_id: UUID) -> str:
    text = request.POST.get("amount", "").strip()
    decision = release_order(
        request_id=request_id, reason=request.POST.get("reason", ""), amount=_amount(text) if text else None,
        by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, _("Released. Who asked is told."))
    return reverse("sales:credit_release", args=[decision.request_id])


def _refuse(request: HttpRequest, request_id: UUID) -> str:
    refuse_release(request_id=request_id, reason=request.POST.get("reason", ""), by=request.user, at=now())
    messages.success(request, _("Not released. Who asked is told."))
    return reverse("sales:credit_releases")


def _raise(request: HttpRequest, request_id: UUID) -> str:
    row = _found(request, request_id)
    try:
        last_day = DayField().clean(request.POST.get("last_day", ""))
    except ValidationError as error:
        raise Invalid(_("Give a day."), field="last_day") from error
    raise_credit(
        customer_id=row.customer_id, amount=_amount(request.POST.get("amount", "")), last_day=last_day,
        reason=request.POST.get("reason", ""), by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, _("The limit is raised for a while."))
    return reverse("sales:credit_release", args=[request_id])


def _amount(text: str) -> Decimal:
    try:
        return formatting.parse_number(text)
    except ValueError as error:
        raise Invalid(_("“%(text)s” is no number.") % {"text": text[:40]}, field="amount") from error


release = deed_view("release", _release, check=_check)
refuse = deed_view("refuse", _refuse, check=_check)
raise_limit = deed_view("raise_limit", _raise, check=_check)


@login_required
@require_POST
def ask(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask finance to let an order by."""
    get_order(order_id=order_id, by=request.user)
    text = request.POST.get("amount", "").strip()

    def deed() -> str:
        ask_release(
            order_id=order_id, amount=_amount(text) if text else None, note=request.POST.get("note", ""),
            by=request.user, at=now(),
        )  # fmt: skip
        messages.success(request, _("Finance is asked. You are told when it is decided."))
        return reverse("sales:order", args=[order_id])

    return once(request, deed)
