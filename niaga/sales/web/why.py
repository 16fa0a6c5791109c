"""A page to print that tells step by step why a line costs what it does, and proves it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.organization.access import access_of
from niaga.sales.queries.why import Why, why_invoice_line, why_order_line, why_quotation_line
from niaga.ui import formatting

CUSTOMER = "customer"
_KINDS = {
    "quotation": _("Quotation"), "order": _("Order"), "invoice": _("Invoice"), "down_payment": _("Down payment"),
    "late_fee": _("Late fee"), "debit_note": _("Debit note"), "giro_fee": _("Returned giro fee"),
    "credit_note": _("Credit note"),
}  # fmt: skip


@login_required
@require_GET
def quotation_line(request: HttpRequest, quotation_id: UUID, quotation_line_id: UUID) -> HttpResponse:
    why = why_quotation_line(
        quotation_id=quotation_id, line_id=quotation_line_id, by=request.user, losers=_inside(request)
    )
    return _page(request, why, reverse("sales:quotation", args=[quotation_id]))


@login_required
@require_GET
def order_line(request: HttpRequest, order_id: UUID, order_line_id: UUID) -> HttpResponse:
    why = why_order_line(order_id=order_id, line_id=order_line_id, by=request.user, losers=_inside(request))
    return _page(request, why, reverse("sales:order", args=[order_id]))


@login_required
@require_GET
def invoice_line(request: HttpRequest, invoice_id: UUID, invoice_line_id: UUID) -> HttpResponse:
    why = why_invoice_line(invoice_id=invoice_id, line_id=invoice_line_id, by=request.user, losers=_inside(request))
    return _page(request, why, reverse("invoicing:invoice", args=[invoice_id]))


def _inside(request: HttpRequest) -> bool:
    """Whether the page is for who works here; else it is as a customer may have it."""
    return request.GET.get("view") != CUSTOMER


def _page(request: HttpRequest, why: Why, document_url: str) -> HttpResponse:
    inside = _inside(request)
    steps = [{"step": one, "who": why.who(one) if inside else "", "when": why.when(one)} for one in why.sheet.steps]
    return render(
        request,
        "sales/why.html",
        {
            "why": why, "steps": steps, "kind": _KINDS[why.kind], "inside": inside, "document_url": document_url,
            "figures": _figures(why), "switch": request.path if not inside else f"{request.path}?view={CUSTOMER}",
            "shares": [{"share": one, "quantity": _count(one.quantity, why.unit), "whole": _count(one.whole, why.unit)}
                       for one in why.shares],
            "quantity": _count(why.quantity, why.unit),
            "hides_cost": inside and not access_of(request.user).sees_cost,
        },
    )  # fmt: skip


def _count(value: Decimal, unit: str) -> str:
    return formatting.quantity(value.normalize() + 0, unit)


def _figures(why: Why) -> list[tuple[str, str]]:
    """What the line comes to, as it stands on the document."""
    line, currency = why.line, why.currency
    points = line.points_discount
    rows: list[tuple[Any, Decimal | None]] = [
        (_("Subtotal"), line.amount),
        (_("Share of the document's discount"), points - line.document_discount or None),
        (_("Share of what points pay"), -points or None),
        (_("Tax base"), line.net),
        (_("Tax"), line.tax),
        (_("PPnBM"), line.luxury_tax or None),
        (_("Cost"), why.cost),
        (_("Margin"), why.margin),
    ]
    return [(str(label), formatting.money(value, currency)) for label, value in rows if value is not None]
