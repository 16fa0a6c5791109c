"""Deeds on invoices that also count on their orders, and the page that bills several orders at once."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.invoicing.queries.invoices import see_invoice
from niaga.organization.access import access_of
from niaga.sales.queries.billable import billable_orders
from niaga.sales.queries.documents import get_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_orders import invoice_orders
from niaga.sales.web.deliveries import figures
from niaga.ui import formatting
from niaga.ui.forms import once


@login_required
@require_POST
def discard(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        discard_invoice(invoice_id=invoice_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The draft is discarded; what it billed can be billed anew."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def credit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Write a draft credit note, and go to it: it takes effect when it is issued."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    quantities = figures(request)

    def deed() -> str:
        note_id = credit_invoice(
            invoice_id=invoice_id, quantities=quantities or None, reason=request.POST.get("reason", ""),
            bill_again=request.POST.get("bill_again") == "1", by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("The credit note is written; issue it when it is right."))
        return reverse("invoicing:invoice", args=[note_id])

    return once(request, deed)


@login_required
@require_POST
def down_payment(request: HttpRequest, order_id: UUID) -> HttpResponse:
    get_order(order_id=order_id, by=request.user)
    percent, amount = (_number(request, name) for name in ("percent", "amount"))

    def deed() -> str:
        invoice_id = invoice_down_payment(
            order_id=order_id, percent=percent, amount=amount, by=request.user, at=clock.now()
        )
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


def _number(request: HttpRequest, name: str) -> Decimal | None:
    text = request.POST.get(name, "").strip()
    try:
        return formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("“%(text)s” is no number.") % {"text": text[:40]}, field=name) from error


def _ids(texts: list[str]) -> list[UUID]:
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


@login_required
def new_invoice(request: HttpRequest) -> HttpResponse:
    """Choose orders of a customer and bill what they have delivered, or promised, on one invoice."""
    access_of(request.user).require("invoice", "create")
    error = ""
    basis = request.POST.get("basis") or request.GET.get("basis") or "delivered"
    chosen = _ids(request.POST.getlist("order") or request.GET.getlist("order"))
    if request.method == "POST":

        def deed() -> str:
            invoice_id = invoice_orders(
                order_ids=chosen, basis="ordered" if basis == "ordered" else "delivered", by=request.user,
                at=clock.now(),
            )  # fmt: skip
            return reverse("invoicing:invoice", args=[invoice_id])

        try:
            if not chosen:
                raise Invalid(gettext("Choose at least one order."))
            return once(request, deed)
        except Refusal as refusal:
            error = str(refusal.message)
    text = request.GET.get("q", "").strip()[:100]
    orders = list(billable_orders(by=request.user, text=text, customer_id=_one(request.GET.get("customer", "")))[:200])
    customers: dict[Any, dict[str, Any]] = {}
    for order in orders:
        group = customers.setdefault(order.customer_id, {"name": order.customer.name, "orders": []})
        group["orders"].append(order)
    context = {
        "customers": list(customers.values()), "chosen": set(chosen), "error": error, "basis": basis, "text": text,
        "count": len(orders),
    }  # fmt: skip
    return render(request, "sales/new_invoice.html", context, status=422 if error else 200)


def _one(text: str) -> UUID | None:
    found = _ids([text])
    return found[0] if found else None
