"""Orders, deliveries, quotations and returns as the customer sees them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from niaga.core import clock
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.documents.services.keep_links import keep_links
from niaga.invoicing.web.words import payment_status
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.bought import (
    deliveries_of,
    invoices_of_order,
    order_of,
    orders_of,
    quotation_of,
    quotations_of,
    returns_of,
)
from niaga.portal.queries.owed import invoices_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.portal.web.lists import page_of
from niaga.returns.web.words import status_of
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.web.words import DELIVERY as PROGRESS
from niaga.sales.web.words import ORDER, QUOTATION
from niaga.stock.queries.deliveries import delivery_line_rows
from niaga.stock.web.words import DELIVERY


def shown_orders(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"row": row, "status": ORDER[row.status], "progress": PROGRESS[row.delivery_progress]} for row in rows]


def shown_deliveries(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"row": row, "status": DELIVERY[row.status]} for row in rows]


@require_safe
@portal_page("orders")
def orders(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows, further = page_of(request, orders_of(visitor))
    facts = {"orders": shown_orders(rows), "further": further, "tab": "orders"}
    return show(request, visitor, "portal/orders.html", facts, place="orders")


@require_safe
@portal_page("order", "order_id")
def order(request: HttpRequest, visitor: Visitor, order_id: UUID) -> HttpResponse:
    today = clock.today(at=clock.now(), zone=visitor.zone)
    found = order_of(visitor, order_id)
    deliveries = list(deliveries_of(visitor, order_id=found.pk))
    billed = list(invoices_of(visitor, today=today).filter(pk__in=invoices_of_order(visitor, found.pk).values("pk")))
    may = portal_settings(visitor.company_id).takes_returns and found.delivery_progress != "none"
    facts = {
        "order": found, "lines": shown_order_lines(order_id=found.pk), "status": ORDER[found.status],
        "progress": PROGRESS[found.delivery_progress], "deliveries": shown_deliveries(deliveries),
        "invoices": [{"row": row, "status": payment_status(row, today)} for row in billed], "may_return": may,
        "returns": [{"row": row, "status": status_of(row)} for row in returns_of(visitor).filter(order_id=found.pk)],
    }  # fmt: skip
    return show(request, visitor, "portal/order.html", facts, place="orders")


@require_safe
@portal_page("quotations")
def quotations(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows, further = page_of(request, quotations_of(visitor))
    shown = [{"row": row, "status": QUOTATION[row.status]} for row in rows]
    return show(
        request, visitor, "portal/quotations.html", {"quotations": shown, "further": further, "tab": "quotations"},
        place="orders",
    )  # fmt: skip


@require_safe
@portal_page("")
def quotation(request: HttpRequest, visitor: Visitor, quotation_id: UUID) -> HttpResponse:
    """Goes on to the quotation's own page, where it is answered."""
    found = quotation_of(visitor, quotation_id)
    batch = Batch()
    links = keep_links(
        batch=batch, subject_kind="quotation", subject_ids=[found.pk], company_id=visitor.company_id, by=None,
        at=clock.now(),
    )  # fmt: skip
    batch.write()
    return HttpResponseRedirect(links[found.pk])


@require_safe
@portal_page("returns")
def returns(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows, further = page_of(request, returns_of(visitor))
    shown = [{"row": row, "status": status_of(row)} for row in rows]
    return show(
        request, visitor, "portal/returns.html", {"returns": shown, "further": further, "tab": "returns"},
        place="orders",
    )  # fmt: skip


@require_safe
@portal_page("delivery", "delivery_id")
def delivery(request: HttpRequest, visitor: Visitor, delivery_id: UUID) -> HttpResponse:
    """What a delivery brings, and how far it is."""
    found = deliveries_of(visitor).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound()
    facts = {
        "delivery": found, "status": DELIVERY[found.status], "lines": delivery_line_rows(delivery_id=found.pk),
    }  # fmt: skip
    return show(request, visitor, "portal/delivery.html", facts, place="orders")
