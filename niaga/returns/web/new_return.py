"""Asking for a return: choose the order, then what of it comes back and why."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.invoicing.queries.invoices import see_invoice
from niaga.organization.access import access_of
from niaga.returns.queries.returnable import Returnable, orders_to_choose, returnable_lines
from niaga.returns.queries.returns import reasons_of
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.request_return import request_return
from niaga.returns.web.words import CONDITIONS, WISHES
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.returnable import orders_behind
from niaga.stock.queries.deliveries import get_delivery
from niaga.ui import formatting
from niaga.ui.forms import once


@login_required
def new_return(request: HttpRequest) -> HttpResponse:
    """Without an order: find one. With one, or a document of one: what of it comes back."""
    access_of(request.user).require("return", "create")
    order_id = _order(request)
    if order_id is None:
        text = request.GET.get("q", "").strip()[:100]
        behind = _behind(request)
        context = {"text": text, "orders": orders_to_choose(by=request.user, text=text, ids=behind)}
        return render(request, "returns/choose_order.html", context)
    order = get_order(order_id=order_id, by=request.user)
    is_claim = (request.POST.get("kind") or request.GET.get("kind")) == "claim"
    lines = returnable_lines(order_id=order.id)
    error, faults = "", {}
    if request.method == "POST":
        try:
            items = _items(request, lines, is_claim)

            def deed() -> str:
                rma = request_return(
                    order_id=order.id, items=items, kind="claim" if is_claim else "goods",
                    wish=request.POST.get("wish", "credit"), asked_by=request.POST.get("asked_by", ""),
                    note=request.POST.get("note", ""), by=request.user, at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("The return is asked for."))
                return reverse("returns:return", args=[rma.id])

            return once(request, deed)
        except Refusal as refusal:
            error = str(refusal.message)
            faults = {fault.get("line_id"): _told(fault) for fault in refusal.lines}
    language = get_language() or "id"
    shown: dict[str, Any] = {
        "order": order, "lines": [_row(request, line, faults) for line in lines], "is_claim": is_claim,
        "reasons": [(one.id, one.name(language)) for one in reasons_of(by=request.user)],
        "conditions": CONDITIONS.items(), "wishes": WISHES.items(), "error": error,
        "any_left": any(line.room > 0 for line in lines),
        "sent": request.POST,
    }  # fmt: skip
    return render(request, "returns/new_return.html", shown, status=422 if error else 200)


def _told(fault: dict[str, Any]) -> str:
    if "available" in fault:
        return gettext("At most %(room)s.") % {"room": formatting.number(fault["available"])}
    return str(fault.get("message", ""))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _order(request: HttpRequest) -> UUID | None:
    if order_id := _uuid(request.GET.get("order")):
        return order_id
    behind = _behind(request)
    return behind[0] if behind is not None and len(behind) == 1 else None


def _behind(request: HttpRequest) -> list[UUID] | None:
    """The orders behind the invoice or delivery that the person comes from, who must see it."""
    if invoice_id := _uuid(request.GET.get("invoice")):
        see_invoice(invoice_id=invoice_id, by=request.user)
        return orders_behind("invoice", invoice_id)
    if delivery_id := _uuid(request.GET.get("delivery")):
        get_delivery(delivery_id=delivery_id, by=request.user)
        return orders_behind("delivery", delivery_id)
    return None


def _row(request: HttpRequest, line: Returnable, faults: dict[Any, str]) -> dict[str, Any]:
    key = line.key
    sent = request.POST
    return {
        "line": line, "quantity": sent.get(f"line-{key}", ""), "percent": sent.get(f"percent-{key}", ""),
        "reason": sent.get(f"reason-{key}", ""), "condition": sent.get(f"condition-{key}", "unopened"),
        "fault": faults.get(str(line.order_line_id), ""),
    }  # fmt: skip


def _items(request: HttpRequest, lines: list[Returnable], is_claim: bool) -> list[ReturnItem]:
    """:raises Invalid: a figure is no number, or a line has no reason"""
    items = []
    for line in lines:
        name = f"percent-{line.key}" if is_claim else f"line-{line.key}"
        text = request.POST.get(name, "").strip().removesuffix("%").strip()
        if not text:
            continue
        try:
            figure = formatting.parse_number(text)
        except ValueError as error:
            raise Invalid(gettext("“%(text)s” is no number.") % {"text": text[:40]}, field=name) from error
        if not figure:
            continue
        reason_id = _uuid(request.POST.get(f"reason-{line.key}"))
        if reason_id is None:
            field = f"reason-{line.key}"
            raise Invalid(gettext("Choose why “%(name)s” comes back.") % {"name": line.name[:60]}, field=field)
        items.append(
            ReturnItem(
                line.order_line_id, reason_id, Decimal(0) if is_claim else figure, line.part_id,
                request.POST.get(f"condition-{line.key}", "unopened"), figure if is_claim else None,
            )
        )  # fmt: skip
    return items
