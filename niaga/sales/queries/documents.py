"""Quotations and orders a person may see."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from niaga.approvals.queries.gate import gate_of
from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of, seen
from niaga.pricing.queries.points_earned import has_programme, points_earned
from niaga.sales.models import (
    DayNotice,
    OrderLineInvoice,
    Quotation,
    QuotationAnswer,
    QuotationLine,
    QuotationVersion,
    SalesOrder,
    SalesOrderLine,
)
from niaga.sales.models.day_notice import NoticeState
from niaga.sales.queries.credit import last_request, with_standing

_QUOTATION_PAGE = Compiled(
    lambda quotation_id: (
        Quotation.objects.select_related("customer", "contact", "salesperson", "branch", "payment_term", "order")
        .filter(pk=quotation_id)
        .annotate(**gate_of())
    )
)
_ORDER_PAGE = Compiled(
    lambda order_id: with_standing(
        SalesOrder.objects.select_related(
            "customer", "contact", "salesperson", "branch", "warehouse", "payment_term", "quotation", "billing_choice"
        ).filter(pk=order_id)
    ).annotate(
        request_fact=last_request(),
        has_programme=has_programme(),
        points_earned=points_earned(
            OrderLineInvoice.objects.filter(order_line__order_id=OuterRef(OuterRef("pk"))).values(
                "invoice_line__invoice_id"
            )
        ),
        has_day_notice=Exists(
            DayNotice.objects.filter(order_id=OuterRef("pk"), state__in=(NoticeState.ASKED, NoticeState.WAITING))
        ),
        **gate_of("quotation_id"),
    )
)


def visible_quotations(*, by: Actor) -> QuerySet[Quotation]:
    return Quotation.objects.filter(access_of(by).filter("quotation"))


def visible_orders(*, by: Actor) -> QuerySet[SalesOrder]:
    return SalesOrder.objects.filter(access_of(by).filter("order"))


def get_quotation(*, quotation_id: UUID, by: Actor) -> Quotation:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_quotations(by=by).filter(pk=quotation_id).first()
    if found is None:
        raise NotFound()
    return found


def get_order(*, order_id: UUID, by: Actor) -> SalesOrder:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_orders(by=by).filter(pk=order_id).first()
    if found is None:
        raise NotFound()
    return found


def quotation_lines(*, quotation_id: UUID) -> list[QuotationLine]:
    """The lines of a quotation that the caller may see, in order."""
    return list(QuotationLine.objects.filter(quotation_id=quotation_id).order_by("position"))


def order_lines(*, order_id: UUID) -> list[SalesOrderLine]:
    """The lines of an order that the caller may see, in order."""
    return list(SalesOrderLine.objects.filter(order_id=order_id).order_by("position"))


def get_quotation_page(*, quotation_id: UUID, by: Actor) -> Quotation:
    """A quotation with customer, contact, seller, branch and its order, in one statement.

    :raises NotFound: none, or none that `by` may see
    """
    found: Quotation | None = _QUOTATION_PAGE.one(quotation_id)
    return seen(found, "quotation", by=by)


def get_order_page(*, order_id: UUID, by: Actor) -> SalesOrder:
    """An order with customer, contact, seller, branch, warehouse and quotation, its customer's standing and what
    finance was last asked (`request_fact`), in one statement.

    :raises NotFound: none, or none that `by` may see
    """
    found: SalesOrder | None = _ORDER_PAGE.one(order_id)
    return seen(found, "order", by=by)


def get_answer(*, quotation_id: UUID) -> QuotationAnswer | None:
    """The customer's answer to a quotation the caller may see, or none yet."""
    return QuotationAnswer.objects.filter(quotation_id=quotation_id).first()


def may_read_quotation(by: Actor, quotation_id: UUID) -> bool:
    """Whether the person may watch this quotation."""
    return visible_quotations(by=by).filter(pk=quotation_id).exists()


def may_read_order(by: Actor, order_id: UUID) -> bool:
    """Whether the person may watch this order."""
    return visible_orders(by=by).filter(pk=order_id).exists()


def versions_of(*, quotation_id: UUID) -> QuerySet[QuotationVersion]:
    """What the customer was sent, the latest first. The caller has checked access."""
    return QuotationVersion.objects.filter(quotation_id=quotation_id).order_by("-offer_version")
