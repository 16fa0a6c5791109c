"""Ordering again what was ordered before."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.again import Again, offer_again, orders_asked
from niaga.portal.queries.bought import order_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.order_again import AgainItem, order_again
from niaga.portal.web import sent
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.sales.queries.returnable import sold_lines
from niaga.ui import formatting
from niaga.ui.forms import once

_LATEST = 5


@require_http_methods(["GET", "POST"])
@portal_page("")
def again(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    settings = portal_settings(visitor.company_id)
    if settings.takes_orders == "off":
        raise NotFound()
    at = clock.now()
    offer = offer_again(visitor, shows_stock=settings.shows_stock, at=at)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _deed(request, visitor, offer.lines), principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    typed = request.POST
    before = {} if request.method == "POST" else _of_order(request, visitor)
    facts: dict[str, Any] = {
        "lines": [
            {"one": one, "quantity": typed.get(f"line-{one.key}", before.get(one.key, ""))} for one in offer.lines
        ],
        "currency": offer.currency, "with_tax": offer.with_tax, "settings": settings, "refusal": refusal,
        "typed": typed, "today": clock.today(at=at, zone=visitor.zone), "tab": "again",
        "home": visitor.currency, "asked": list(orders_asked(visitor)[:_LATEST]),
    }  # fmt: skip
    return show(request, visitor, "portal/again.html", facts, place="orders", status=422 if refusal else 200)


def _of_order(request: HttpRequest, visitor: Visitor) -> dict[str, str]:
    """What was in the order that they come from, which must be theirs."""
    order_id = sent.key(request.GET.get("order"))
    if order_id is None:
        return {}
    order_of(visitor, order_id)
    found: dict[str, Decimal] = {}
    for line in sold_lines(order_id):
        if line.gift_of_id is None and line.unit is not None:
            key = f"{line.product_id}.{line.unit.code}"
            found[key] = found.get(key, Decimal(0)) + line.quantity
    return {key: formatting.number(quantity) for key, quantity in found.items()}


def _deed(request: HttpRequest, visitor: Visitor, lines: Any) -> str:
    known: list[Again] = list(lines)
    items = []
    for one in known:
        quantity = sent.amount(request, f"line-{one.key}")
        if quantity:
            items.append(AgainItem(one.before.product_id, one.before.unit, quantity))
    wanted_on = sent.day(request, "wanted_on") if request.POST.get("wanted_on") else None
    made = order_again(
        visitor=visitor, items=items, wanted_on=wanted_on,
        reference=request.POST.get("reference", ""), note=request.POST.get("note", ""), at=clock.now(),
    )  # fmt: skip
    if made.confirmed:
        return f"{reverse('portal:order', args=[made.id])}?said=ordered"
    return f"{reverse('portal:again')}?said=ordering"
