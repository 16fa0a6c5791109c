"""Writing, changing and amending an order in the order grid."""

from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from niaga.approvals.errors import ApprovalNeeded
from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bind_to
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import SalesOrder
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.lines import shown_order_lines, units_of
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.update_order import update_order
from niaga.sales.web.customers import may_add
from niaga.sales.web.forms import OrderForm
from niaga.sales.web.grid_lines import (
    grid_lines,
    line_errors,
    order_grid,
    promised_line,
    split_codes,
    to_input,
    unreadable,
)
from niaga.ui import formatting
from niaga.ui.forms import once
from niaga.ui.order_grid import read_lines
from niaga.ui.stale import one_at_a_time, overtaken, watched


@login_required
@require_http_methods(["GET", "POST"])
def new_order(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("order", "create")
    if request.method == "POST":
        return _save(request, None)
    return _page(request, OrderForm(request, initial={"customer": request.GET.get("customer", "")}), None, [])


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A draft is written anew, a confirmed order amended; the page says which."""
    order = get_order(order_id=order_id, by=request.user)
    if order.status not in ("draft", "confirmed"):
        messages.info(request, _("This order is closed or cancelled and stays as it is."))
        return redirect("sales:order", order_id)
    access_of(request.user).require("order", "change" if order.status == "draft" else "amend", order)
    if request.method == "POST":
        return _save(request, order)
    stored = shown_order_lines(order_id=order.id)
    units = units_of(company_id=order.company_id, lines=stored)
    lines = grid_lines(stored, units, currency=order.currency)
    if order.status == "confirmed":  # what was promised is shown as it stands
        for line, row in zip([line for line in stored if line.gift_of_id is None], lines, strict=True):
            if line.product_id:
                row["price"] = _typed(line.unit_price)
    return _page(request, watched(_form(request, order)), order, lines)


def _form(request: HttpRequest, order: SalesOrder | None, data: Any = None) -> OrderForm:
    """The form with what stands as its initial values."""
    if order is None:
        return OrderForm(request, data)
    return OrderForm(
        request,
        data,
        stands=_promise(order),
        initial={
            **_places(order), "customer": order.customer_id, "customer_reference": order.customer_reference,
            "salesperson": order.salesperson_id, "payment_term": order.payment_term_id,
            "channel": order.channel_id,
            "discount_percent": order.discount_percent.normalize() + 0 if order.discount_percent else None,
            "discount_amount": None if order.discount_percent else order.discount_amount or None, "note": order.note,
            "coupon_codes": " ".join(order.coupon_codes), "points": order.points_used or None,
            "currency": order.currency,
            "planned_date": order.planned_date, "requested_date": order.requested_date,
            "warehouse": order.warehouse_id, "version": order.version,
        },
    )  # fmt: skip


def _places(order: SalesOrder) -> dict[str, Any]:
    """What a draft has chosen; a promise keeps what it names until something else is chosen."""
    if _promise(order):
        return {}
    return {
        "contact": order.contact_id, "delivery_address": order.delivery_address.get("id"),
        "billing_address": order.billing_address.get("id"),
    }  # fmt: skip


def _promise(order: SalesOrder | None) -> SalesOrder | None:
    return order if order is not None and order.status == "confirmed" else None


def _typed(value: Any) -> str:
    return formatting.number(value.normalize() + 0)


def _save(request: HttpRequest, order: SalesOrder | None) -> HttpResponse:
    form = bind_to(request, partial(_form, request, order), subject=order.id if order else None)
    errors: dict[str, str] = {}
    askable = False
    try:
        lines = read_lines(request.POST.get("lines", ""))
    except Refusal as refusal:
        lines = []
        form.is_valid()
        form.add_error(None, str(refusal.message))
    if not overtaken(form) and form.is_valid():
        errors = unreadable(lines)
        if errors:
            form.add_error(None, _("Some lines need your attention."))
        else:
            try:
                return once(request, lambda: _deed(request, form, lines, order))
            except Refusal as refusal:
                errors = line_errors(lines, refusal)
                askable = isinstance(refusal, ApprovalNeeded) and not refusal.facts["waiting"]
                form.refuse(request, refusal)
    return _page(request, form, order, request.POST.get("lines", ""), errors=errors, status=422, askable=askable)


def _deed(request: HttpRequest, form: OrderForm, lines: Any, order: SalesOrder | None) -> str:
    data = form.cleaned_data
    stored = {line.id: line for line in shown_order_lines(order_id=order.id)} if order else {}
    given = [to_input(line, stored=stored) for line in lines]
    if order is not None and order.status == "confirmed":
        amend_order(
            order_id=order.id, version=data["version"], lines=[promised_line(line, stored) for line in given],
            planned_date=data["planned_date"], requested_date=data["requested_date"],
            choice=form.places(), note=data["note"],
            customer_reference=data["customer_reference"], reason=data["reason"], by=request.user, at=now(),
            instead="ask" if request.POST.get("instead") == "ask" else "amend",
        )  # fmt: skip
        if request.POST.get("instead") == "ask":
            messages.success(request, _("The change is asked for. It is made by itself once it is approved."))
            return reverse("sales:order", args=[order.id])
        messages.success(request, _("%(number)s is amended.") % {"number": order.number})
        return reverse("sales:order", args=[order.id])
    details = OrderDetails(
        **asdict(form.places()), salesperson_id=form.chosen("salesperson"), payment_term_id=form.chosen("payment_term"),
        channel_id=form.chosen("channel"),
        warehouse_id=form.chosen("warehouse"), planned_date=data["planned_date"],
        requested_date=data["requested_date"],
        customer_reference=data["customer_reference"], discount_percent=data["discount_percent"] or Decimal(0),
        discount_amount=data["discount_amount"] or Decimal(0), note=data["note"],
        coupon_codes=split_codes(data["coupon_codes"]), points=int(data.get("points") or 0),
        currency=data.get("currency", ""),
    )  # fmt: skip
    customer_for(request.user, data["customer"])  # may this person sell to them
    if order is None:
        saved = draft_order(
            customer_id=data["customer"], branch_id=access_of(request.user).default_branch.id, lines=given,
            details=details, by=request.user, at=now(),
        )  # fmt: skip
    else:
        saved = update_order(
            order_id=order.id, version=data["version"], customer_id=data["customer"], lines=given, details=details,
            by=request.user, at=now(),
        )  # fmt: skip
    return reverse("sales:order", args=[saved.id])


def _page(
    request: HttpRequest,
    form: OrderForm,
    order: SalesOrder | None,
    lines: Any,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
    askable: bool = False,
) -> HttpResponse:
    facts = {
        "form": form, "askable": askable, **may_add(request), "order": order, "customer": form.known,
        "amends": _promise(order) is not None,
        "grid": order_grid(
            lines=lines, errors=errors, planned=True, requested=True,
            amends=order.id if order is not None and order.status == "confirmed" else None,
        ),
    }  # fmt: skip
    return render(request, "sales/order_form.html", facts, status=status)
