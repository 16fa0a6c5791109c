"""What the visitor's customer ordered, was offered, was sent and gives back: nothing here reaches another customer."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.portal.queries.visitors import Visitor
from niaga.returns.queries.returns import visible_returns
from niaga.sales.queries.documents import get_order_page, visible_orders, visible_quotations
from niaga.stock.queries.deliveries import visible_deliveries

SHOWN_OFFERS = ("sent", "accepted", "declined", "expired")


def orders_of(visitor: Visitor) -> QuerySet[Any]:
    """Orders that bind, and those that did; drafts are the office's."""
    rows = visible_orders(by=visitor.actor).filter(customer_id=visitor.customer_id)
    return rows.exclude(status="draft").filter(confirmed_at__isnull=False)


def orders_on_the_way(visitor: Visitor) -> QuerySet[Any]:
    """Confirmed ones of which something is still to come, the earliest planned first."""
    rows = orders_of(visitor).filter(status="confirmed").exclude(delivery_progress="done")
    return rows.order_by("planned_date", "date", "pk")


def order_of(visitor: Visitor, order_id: UUID) -> Any:
    """:raises NotFound: none, a draft, or of another customer"""
    found = get_order_page(order_id=order_id, by=visitor.actor)
    if found.customer_id != visitor.customer_id or found.status == "draft" or found.confirmed_at is None:
        raise NotFound()
    return found


def deliveries_of(visitor: Visitor, *, order_id: UUID | None = None) -> QuerySet[Any]:
    """What was sent, or is being packed; of one order, or of all."""
    rows = visible_deliveries(by=visitor.actor).filter(customer_id=visitor.customer_id).exclude(status="cancelled")
    if order_id is not None:
        rows = rows.filter(lines__order_links__order_line__order_id=order_id)
    return rows.order_by("-created_at", "-pk").distinct()


def deliveries_on_the_way(visitor: Visitor) -> QuerySet[Any]:
    return deliveries_of(visitor).filter(status="shipped").order_by("-shipped_at", "-pk")


def invoices_of_order(visitor: Visitor, order_id: UUID) -> QuerySet[Any]:
    rows = visible_invoices(by=visitor.actor).filter(customer_id=visitor.customer_id, status="issued")
    return rows.filter(lines__order_links__order_line__order_id=order_id).order_by("date", "number").distinct()


def quotations_of(visitor: Visitor) -> QuerySet[Any]:
    """What was offered; drafts and what was taken back are the office's."""
    return visible_quotations(by=visitor.actor).filter(customer_id=visitor.customer_id, status__in=SHOWN_OFFERS)


def offers_to_answer(visitor: Visitor, *, today: date) -> QuerySet[Any]:
    return quotations_of(visitor).filter(status="sent", valid_until__gte=today).order_by("valid_until", "pk")


def quotation_of(visitor: Visitor, quotation_id: UUID) -> Any:
    """:raises NotFound: none, not sent, or of another customer"""
    found = quotations_of(visitor).filter(pk=quotation_id).first()
    if found is None:
        raise NotFound()
    return found


def returns_of(visitor: Visitor) -> QuerySet[Any]:
    return visible_returns(by=visitor.actor).filter(customer_id=visitor.customer_id)


def return_of(visitor: Visitor, return_id: UUID) -> Any:
    """:raises NotFound: none, or of another customer"""
    found = returns_of(visitor).filter(pk=return_id).first()
    if found is None:
        raise NotFound()
    return found
