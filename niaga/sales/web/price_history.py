"""What a customer paid for a product before, as a panel beside the line that asks."""

from decimal import Decimal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.queries.price_history import PastPrice, price_history
from niaga.sales.web.forms import as_id
from niaga.ui import formatting

KINDS = {"order": _("Order"), "quotation": _("Quotation"), "historical_sale": _("Before Niaga")}
_PAGES = {"order": "sales:order", "quotation": "sales:quotation", "historical_sale": "sales:historical_sale"}


def document_url(kind: str, document_id: UUID) -> str:
    """The page of a document that a past price stands on."""
    return reverse(_PAGES[kind], args=[document_id])


@login_required
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The customer's latest prices for a product, and the range others of their group paid.

    `unit` is that of the line that asks: a price is offered for it, converted where it was sold in another.
    """
    access = access_of(request.user)
    customer_id, product_id = as_id(request.GET.get("customer", "")), as_id(request.GET.get("product", ""))
    company = access.current_company
    product = product_facts(company_id=company.id, ids={product_id}).get(product_id) if product_id else None
    if customer_id is None or product is None:
        raise NotFound()
    customer = customer_for(request.user, customer_id)
    unit = product.unit(request.GET.get("unit", "")[:20]) or product.units[0]
    currency = request.GET.get("currency", "")[:3] or company.currency
    history = price_history(
        customer_id=customer.pk, group_id=customer.group_id, product_id=product.id,
        today=day_at(at=now(), zone=company.zone), by=request.user,
    )  # fmt: skip
    shown = {
        "customer": customer, "product": product, "unit": unit.code,
        "rows": [_row(one, unit.code, unit.factor, currency) for one in history.prices],
        "group": history.group and {
            "lowest": formatting.money(_short(history.group.lowest * unit.factor), company.currency),
            "highest": formatting.money(_short(history.group.highest * unit.factor), company.currency),
            "customers": history.group.customers, "name": customer.group.name if customer.group else "",
        },
    }  # fmt: skip
    return render(request, "sales/parts/price_history.html", shown)


def _row(price: PastPrice, unit: str, factor: Decimal, currency: str) -> dict[str, object]:
    net = price.net_for(factor)
    return {
        "day": formatting.day(price.date), "kind": KINDS[price.kind], "number": price.number,
        "url": document_url(price.kind, price.document_id),
        "quantity": formatting.quantity(_short(price.quantity), price.unit),
        "price": formatting.money(_short(price.net_price), price.currency),
        "before": formatting.money(_short(price.price), price.currency) if price.price != price.net_price else "",
        "unit": price.unit, "discount": formatting.percent(_short(price.discount_percent))
        if price.discount_percent else "",
        "who": price.who, "use": formatting.number(_short(net)) if price.currency == currency else "",
        "converted": formatting.money(_short(net), price.currency) if price.unit != unit else "",
        "is_offer": price.kind == "quotation",
    }  # fmt: skip


def _short(value: Decimal) -> Decimal:
    return value.normalize() + 0
