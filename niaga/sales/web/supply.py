"""Where the goods of an order come from: our own stock, or straight from a supplier."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.core import clock
from niaga.core.errors import Invalid, WrongState
from niaga.organization.access import access_of
from niaga.sales.models import SalesOrder
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.drop_ships import supplier_names
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.services.choose_supply import choose_supply
from niaga.sales.services.supply_directly import supply_directly
from niaga.sales.web.deliveries import figures
from niaga.stock.queries.suppliers import visible_suppliers
from niaga.ui.forms import once


@login_required
def supply(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Of a draft, from whom each line comes; of a promise, what a supplier shall be asked for."""
    order = get_order(order_id=order_id, by=request.user)
    access = access_of(request.user)
    if order.status == "draft":
        access.require("order", "change", order)
    else:
        access.require("delivery", "create", order)
    if order.status not in ("draft", "confirmed"):
        raise WrongState()
    if request.method == "POST":
        return once(request, lambda: _choose(request, order) if order.status == "draft" else _ask(request, order))
    names = supplier_names(order.id) if order.status == "draft" else {}
    lines = [
        {"row": line, "left": left, "supplier_id": names.get(line.id, (None, ""))[0]}
        for line in shown_order_lines(order_id=order.id)
        if line.product is not None and line.needs_stock and not line.parts
        if (left := line.quantity - line.cancelled - line.in_delivery - line.direct) > 0
    ]
    context = {
        "order": order, "is_draft": order.status == "draft",
        "lines": lines,
        "suppliers": list(visible_suppliers(by=request.user).order_by("name")),
    }  # fmt: skip
    return render(request, "sales/supply.html", context)


def _key(text: str, field: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(_("There is no such supplier."), field=field) from error


def _choose(request: HttpRequest, order: SalesOrder) -> str:
    before = supplier_names(order.id)
    choices: dict[UUID, UUID | None] = {}
    for name, text in request.POST.items():
        line_id = _line(name)
        if line_id is not None:
            chosen = _key(str(text), name)
            if chosen != before.get(line_id, (None, ""))[0]:
                choices[line_id] = chosen
    if choices:
        choose_supply(order_id=order.id, choices=choices, by=request.user, at=clock.now())
    messages.success(request, _("Saved."))
    return reverse("sales:order", args=[order.id])


def _line(name: str) -> UUID | None:
    try:
        return UUID(name.removeprefix("line-")) if name.startswith("line-") else None
    except ValueError:
        return None


def _ask(request: HttpRequest, order: SalesOrder) -> str:
    supplier_id = _key(request.POST.get("supplier", ""), "supplier")
    if supplier_id is None:
        raise Invalid(_("Choose the supplier."), field="supplier")
    quantities: Any = figures(request)
    made = supply_directly(
        order_id=order.id, supplier_id=supplier_id, quantities=quantities, by=request.user, at=clock.now()
    )
    messages.success(request, _("The request is drawn up. Send it to the supplier."))
    return reverse("sales:drop_ship", args=[made])
